#pragma once

#include <string_view>

#include "core/base/result.h"

namespace avisloop {

/// Whether a foreign number (`+` and digits) has a possible length, by libphonenumber. Opens avisloop_phone.so beside
/// the program, or in ../lib/avisloop, at the first call. Fault `config` when it is missing.
Result<bool> is_possible_foreign_number(std::string_view e164);

}  // namespace avisloop
