#pragma once

#include <utility>
#include <vector>

#include "core/net/transport.h"

namespace avisloop {

/// Carries out file drops together, so that they share the syncs (see FileDrop for what is promised of each).
std::vector<std::pair<Ticket, WireResult>> carry_out(std::vector<std::pair<Ticket, FileDrop>> drops);

}  // namespace avisloop
