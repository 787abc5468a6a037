#pragma once

#include "core/delivery/context.h"
#include "core/delivery/report.h"

namespace avisloop {

/// Settles attempts whose runner died or whose outcome is not known, by evidence alone: asks the provider where it can
/// be asked. Stops at `deadline` (monotonic) or when SIGTERM comes; what is left is settled by a later run.
Result<> reconcile(const DeliveryParts& parts, DeliveryContext& context, const Id& run, int max_in_flight,
                   Micros deadline, RunReport& report);

}  // namespace avisloop
