#pragma once

#include "cli/app.h"

namespace avisloop {

/// The concrete stores, carriers and libraries of the program; cli/wire.cpp is the only file that names them.
/// `random` must outlive what is made.
Parts make_parts(Random& random);

}  // namespace avisloop
