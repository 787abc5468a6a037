#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace avisloop {

using Micros = std::chrono::microseconds;

/// A point in time: microseconds since 1970-01-01T00:00:00Z. Local time exists only beside a zone (base/zones.h).
using Instant = std::chrono::sys_time<Micros>;

inline constexpr Micros kHour = std::chrono::hours{1};
inline constexpr Micros kDay = std::chrono::hours{24};

constexpr std::int64_t to_micros(Instant instant) {
  return instant.time_since_epoch().count();
}
constexpr Instant from_micros(std::int64_t micros) {
  return Instant{Micros{micros}};
}

/// RFC 3339 in UTC, whole seconds unless there is a fraction: `2026-11-24T15:00:00Z`.
std::string format_instant(Instant instant);

/// Reads RFC 3339 with `Z` or a numeric offset, up to microseconds. A bare date `2026-11-24` is not an instant.
std::optional<Instant> parse_instant(std::string_view text);

/// Reads `YYYY-MM-DD`.
std::optional<std::chrono::year_month_day> parse_date(std::string_view text);

/// Reads `90s`, `15m`, `24h`, `30d` (also several in a row: `1d12h`). No sign, no fraction; `0h` is zero.
std::optional<Micros> parse_duration(std::string_view text);

/// The shortest exact form of a duration in the notation of `parse_duration`: `90s`, `24h` is `1d`.
std::string format_duration(Micros duration);

}  // namespace avisloop
