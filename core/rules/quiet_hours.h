#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/instant.h"
#include "core/base/result.h"
#include "core/rules/place.h"

namespace avisloop {

/// `legal` = federal and state windows; `safe` = those and the house window. Nothing is wider than `legal`.
enum class WindowProfile { safe, legal };

/// One rule's answer in one zone.
struct WindowAnswer {
  std::string rule;  ///< `federal`, `house`, `US-TX`, `closed_date`, …
  std::string zone;
  bool open = false;
  std::string source;  ///< the law or the setting
};

struct WindowVerdict {
  bool allowed = false;
  std::optional<Instant> next_allowed;  ///< the same instant if allowed; nothing = not within 14 days, or place unknown
  std::optional<Instant> closes_at;     ///< if allowed: the first instant at which some rule closes
};

/// Dates on which nothing goes out, as the owner set them (`[quiet_hours] closed_dates`).
struct HouseDays {
  std::vector<std::chrono::year_month_day> closed_dates;
  std::vector<std::string> stopped_states;  ///< emergency stop: nothing to these states
};

/// The windows of the law and of the house, read from core/rules/data/windows.csv at build time. `[start, end)` in
/// the recipient's wall clock; all states in all zones; weekday and holiday by the local date of each zone.
class QuietHours {
 public:
  /// The windows that are compiled in.
  static const QuietHours& standard();

  virtual ~QuietHours() = default;
  virtual WindowVerdict judge(const Place& place, Instant at, WindowProfile profile, const HouseDays& house) const = 0;

  /// Every rule asked, in each zone, with its source.
  virtual std::vector<WindowAnswer> explain(const Place& place, Instant at, WindowProfile profile,
                                            const HouseDays& house) const = 0;
};

/// The most messages that the law of any of the place's states allows in 24 hours; 0 = it names no number.
int legal_daily_cap(const Place& place);

}  // namespace avisloop
