#include "cli/delivery.h"

namespace avisloop {

Result<DeliveryParts> delivery_parts(App& app, Store& store, const Termination& termination) {
  AVIS_TRY_ASSIGN(Clock* const clock, app.clock());
  AVIS_TRY_ASSIGN(const Settings* const settings, app.settings());
  return DeliveryParts{.store = store,
                       .clock = *clock,
                       .random = app.random(),
                       .ids = app.ids(),
                       .log = app.log(),
                       .settings = *settings,
                       .make_transport = app.parts().make_transport,
                       .make_provider = app.parts().make_provider,
                       .host = app.environment().host_name(),
                       .process_id = app.environment().process_id(),
                       .stop = &termination.requested};
}

ExitCode exit_code_of(const RunReport& report) {
  if (!report.alarms.empty()) return ExitCode::unavailable;
  if (!report.failed.empty() || report.in_doubt > 0 || report.reconciled.still_in_doubt > 0) {
    return ExitCode::some_failed;
  }
  return ExitCode::done;
}

}  // namespace avisloop
