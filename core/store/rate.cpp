#include "core/store/rate.h"

#include <algorithm>
#include <array>

namespace avisloop {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::array<Micros, 4> kLengths{milliseconds{100}, seconds{1}, minutes{1}, minutes{30}};

/// When the whole of a bucket has left every window of this period that could hold a part of it.
Instant gone_at(const RateBucket& bucket, Micros period) {
  return bucket.start + bucket.length + period;
}

/// The instant for one limit.
Instant room_in(std::span<const RateBucket> usage, const RateLimit& limit, std::int64_t count, Instant now) {
  const Micros length = bucket_for(limit.period);
  // A further `most` messages need a further period: each full window has to leave before the next fits.
  const std::int64_t full_windows = (count - 1) / limit.most;
  const std::int64_t rest = count - full_windows * limit.most;
  std::int64_t used = 0;
  for (const RateBucket& bucket : usage) {
    if (bucket.length == length && gone_at(bucket, limit.period) > now) used += bucket.used;
  }
  Instant at = now;
  for (const RateBucket& bucket : usage) {  // oldest first within one length
    if (used + rest <= limit.most) break;
    if (bucket.length != length || gone_at(bucket, limit.period) <= now) continue;
    used -= bucket.used;
    at = gone_at(bucket, limit.period);
  }
  return at + full_windows * (limit.period + length);
}

}  // namespace

Micros bucket_for(Micros period) {
  if (period <= seconds{1}) return kLengths[0];
  if (period <= minutes{1}) return kLengths[1];
  if (period <= kHour) return kLengths[2];
  return kLengths[3];
}

std::span<const Micros> bucket_lengths() {
  return kLengths;
}

Instant bucket_start(Instant at, Micros length) {
  return at - at.time_since_epoch() % length;
}

Instant room_for(std::span<const RateBucket> usage, std::span<const RateLimit> limits, std::int64_t count,
                 Instant now) {
  Instant at = now;
  for (const RateLimit& limit : limits)
    at = std::max(at, room_in(usage, limit, count, now));
  return at;
}

}  // namespace avisloop
