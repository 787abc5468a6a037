#pragma once

#include "cli/app.h"
#include "cli/exit_codes.h"
#include "cli/signals.h"
#include "core/delivery/run_due.h"

namespace avisloop {

/// The parts of a run, lent by the App for the life of the command.
Result<DeliveryParts> delivery_parts(App& app, Store& store, const Termination& termination);

/// Refuses (fault `distrust`) when this machine's mark has seen more than the store (a restored backup: what was sent
/// since would be sent again) or a later time than the clock shows. `confirmed` = a person says to go on.
Result<> require_trust(App& app, Store& store, bool confirmed);

/// Brings the mark up to date; also the sign of life of a run with nothing due. A mark that cannot be written is a
/// warning: the messages of this run are sent already.
Result<> leave_mark(App& app, Store& store);

/// The exit code that a report deserves: 69 when a provider refuses an account, 1 when something failed or is in
/// doubt, else 0.
ExitCode exit_code_of(const RunReport& report);

}  // namespace avisloop
