#pragma once

#include <chrono>
#include <compare>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/instant.h"

namespace avisloop {

/// A wall clock reading: the date, its weekday and the second of the day (0 to 86399).
struct LocalTime {
  std::chrono::year_month_day date;
  std::chrono::weekday weekday;
  int second_of_day = 0;
};

/// A stretch of time over which a zone keeps one offset: [begin, end).
struct OffsetSpan {
  Instant begin;
  Instant end;
  std::chrono::seconds offset{0};
  std::string abbreviation = {};  ///< for people: `CST`, or `+0545` where the zone has no letters
};

/// One IANA zone of the system's database. Handles are cheap to copy and valid for the life of the process.
class Zone {
 public:
  /// Nothing when the name is not in the database.
  static const Zone* find(std::string_view name);

  virtual ~Zone() = default;
  virtual std::string_view name() const = 0;

  /// The offset in force at `at`, and how long it is in force. Not exact after 2037 (the library reads no footer rule).
  virtual OffsetSpan span_at(Instant at) const = 0;
};

LocalTime to_local(const Zone& zone, Instant at);

/// The first instant whose wall clock reading is at or after `second_of_day` on `date`: in a gap the end of the gap,
/// in an overlap the first of the two passes. `second_of_day` may be 86400 (the next midnight).
Instant from_local(const Zone& zone, std::chrono::year_month_day date, int second_of_day);

/// The release of the zone data such as `2026e`, empty when it cannot be read.
std::string zone_data_release();

}  // namespace avisloop
