#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/instant.h"
#include "core/model/delivery.h"

namespace avisloop {

/// What was counted into one bucket.
struct RateBucket {
  Micros length{0};
  Instant start;
  std::int64_t used = 0;
};

/// The bucket that a limit of this period is counted in: a tenth of a second, a second, a minute or half an hour.
Micros bucket_for(Micros period);

/// Every bucket length there is.
std::span<const Micros> bucket_lengths();

/// The start of the bucket of this length that holds `at`.
Instant bucket_start(Instant at, Micros length);

/// See Claim::room_for.
Instant room_for(std::span<const RateBucket> usage, std::span<const RateLimit> limits, std::int64_t count, Instant now);

}  // namespace avisloop
