#pragma once

#include <optional>
#include <string_view>

#include "core/base/instant.h"
#include "core/base/random.h"

namespace avisloop {

/// Attempts that may be used up before a message is `failed` with reason `attempts_exhausted`.
inline constexpr int kMostAttempts = 12;

/// When to try again after `attempts_used` (from 1) attempts: exponential from one minute, doubled each time, at most
/// six hours, with full jitter in the upper half; never before `retry_after` if the provider named one.
Instant next_attempt(Instant now, int attempts_used, std::optional<Micros> retry_after, Random& random);

/// Reads a Retry-After header: seconds or an HTTP date (RFC 9110, 10.2.3), at most a day.
std::optional<Micros> read_retry_after(std::string_view value, Instant now);

}  // namespace avisloop
