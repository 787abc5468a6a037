#pragma once

#include "cli/app.h"
#include "cli/exit_codes.h"
#include "cli/signals.h"
#include "core/delivery/run_due.h"

namespace avisloop {

/// The parts of a run, lent by the App for the life of the command.
Result<DeliveryParts> delivery_parts(App& app, Store& store, const Termination& termination);

/// The exit code that a report deserves: 69 when a provider refuses an account, 1 when something failed or is in
/// doubt, else 0.
ExitCode exit_code_of(const RunReport& report);

}  // namespace avisloop
