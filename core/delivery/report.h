#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/base/id.h"
#include "core/base/instant.h"

namespace avisloop {

/// The balanced account of one run: every row that the run took is counted once, by what became of it.
struct RunReport {
  Id run;
  Instant started;
  Instant ended;
  Micros took{0};  ///< by the monotonic clock
  bool dry_run = false;
  std::int64_t sent = 0;
  std::int64_t in_doubt = 0;
  std::map<std::string, std::int64_t> deferred;  ///< by reason
  std::map<std::string, std::int64_t> skipped;
  std::map<std::string, std::int64_t> failed;
  std::map<std::string, std::int64_t> cancelled;
  std::map<std::string, std::int64_t> held{{"blast_guard", 0}, {"lateness", 0}};
  struct {
    std::int64_t sent = 0;
    std::int64_t not_sent = 0;
    std::int64_t still_in_doubt = 0;
  } reconciled;
  std::int64_t left = 0;  ///< due rows that the run did not reach before its end
  std::int64_t segments = 0;
  std::int64_t cost_micros = 0;
  std::vector<std::string> alarms;  ///< what the owner has to look at: paused channels, breakers

  /// The sum of all classes.
  std::int64_t due() const;
};

/// The JSON object of the contract (CLI.md, run-due).
std::string to_json(const RunReport& report);

/// The counters in the text format of Prometheus, for the node exporter's textfile collector.
std::string to_metrics(const RunReport& report);

/// `run-due: 41 sent, 2 deferred, 0 in doubt in 12.4s`.
std::string to_line(const RunReport& report);

}  // namespace avisloop
