#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/instant.h"
#include "core/model/delivery.h"

namespace avisloop::sqlite {

/// The instants of paces.recent: microseconds, oldest first, parted by spaces.
std::vector<Instant> read_recent(std::string_view text);

/// Drops what is older than the longest window (25 h before `now`).
std::string write_recent(const std::vector<Instant>& recent, Instant now);

}  // namespace avisloop::sqlite
