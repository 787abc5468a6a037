#pragma once

#include <string>
#include <vector>

#include "core/model/delivery.h"
#include "core/rules/quiet_hours.h"

namespace avisloop {

/// What the owner allows, for one org: from configuration.
struct GatePolicy {
  WindowProfile profile = WindowProfile::safe;
  HouseDays house;
  int sms_per_contact_per_day = 1;                ///< rolling 24 h, 0 = no limit
  int email_per_contact_per_day = 3;              ///< rolling 24 h, 0 = no limit
  Micros wire_margin = std::chrono::minutes{10};  ///< nothing is handed over this close to a window's end
  bool channel_enabled = true;                    ///< `[sms] enabled`
  std::string org_time_zone;  ///< for emails to a person whose place is unknown; empty = those know no window
};

/// One rule that was asked: its name, what it was given, what it answered.
struct Check {
  std::string rule;
  std::string given;
  std::string answer;  ///< `ok`, or what the rule wants instead
};

/// The answer of all rules. `go` carries the instants that bind the request.
struct GateVerdict {
  std::vector<Check> checks;
  std::variant<std::monostate, Deferral, Wait, Ending> refusal;  ///< monostate = go
  Instant not_after;   ///< if go: handed over before this instant or not at all; Instant::max() = no window
  Instant window_end;  ///< if go: when the recipient's window closes; Instant::max() = no window

  bool go() const { return std::holds_alternative<std::monostate>(refusal); }
};

/// Asks the rules in the order of DESIGN.md section 4 and stops at the first that refuses. Pure: reads only its
/// arguments. The rate limit and the text come after it (delivery).
GateVerdict ask_rules(const Candidate& candidate, const GatePolicy& policy, const QuietHours& windows, Instant now);

/// One line per check, `rule: given → answer`, for storing with an attempt.
std::string format_checks(const std::vector<Check>& checks);

}  // namespace avisloop
