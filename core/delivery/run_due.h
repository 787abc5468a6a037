#pragma once

#include <optional>

#include "core/base/result.h"
#include "core/delivery/context.h"
#include "core/delivery/report.h"

namespace avisloop {

struct RunOptions {
  Micros max_runtime = std::chrono::seconds{50};
  std::optional<std::int64_t> limit;  ///< rows to take at most
  int max_in_flight = 32;
  bool dry_run = false;  ///< the store must be rehearsing: decides about every due row, sends nothing
};

/// One execution of `run-due`: reconcile, then claim → gate → intent → send → record until nothing is due or the time
/// is over. Any number may overlap. Faults: those of the store (`busy`, `distrust`, …); `config` when an org's carrier
/// is not configured and nothing else could be done. Whatever happened until then is recorded.
Result<RunReport> run_due(const DeliveryParts& parts, const RunOptions& options);

/// Takes one message through the same protocol, now; the report counts only that message. A message that is not due
/// or not in the queue is not touched.
Result<RunReport> run_message(const DeliveryParts& parts, OrgId org, const Id& message, const RunOptions& options);

/// Whether a run with nothing due and nothing to reconcile would have something to do: two index reads.
Result<bool> anything_due(Store& store, Instant now);

}  // namespace avisloop
