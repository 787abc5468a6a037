#include "cli/delivery.h"

#include <fmt/format.h>

#include "core/base/mark_file.h"
#include "core/store/delivery_store.h"

namespace avisloop {
namespace {

/// Clocks are corrected by small steps all the time.
constexpr Micros kClockStep = std::chrono::minutes{5};

bool has_test_clock(App& app) {
  const auto value = app.environment().get("AVISLOOP_CLOCK");
  return value && !value->empty();
}

}  // namespace

Result<> require_trust(App& app, Store& store, bool confirmed) {
  const std::optional<Mark> mark = read_mark(store.mark_path());
  if (!mark || confirmed) return {};
  AVIS_TRY_ASSIGN(const std::string identity, store.identity());
  if (mark->store != identity) return {};
  AVIS_TRY_ASSIGN(const std::int64_t attempts, store.delivery().last_attempt());
  if (attempts < mark->attempts) {
    return fail(Fault::distrust,
                fmt::format("the store has seen {} attempts, but this machine made {}: it was restored from a backup, "
                            "and what was sent since would be sent again",
                            attempts, mark->attempts),
                fmt::format("Cancel what was due before {} and is sent already, then run-due --confirm.",
                            format_instant(mark->at)));
  }
  AVIS_TRY_ASSIGN(Clock* const clock, app.clock());
  if (!has_test_clock(app) && !mark->test_clock && clock->now() < mark->at - kClockStep) {
    return fail(Fault::distrust,
                fmt::format("the clock shows {}, but the last run ended at {}: it was set back",
                            format_instant(clock->now()), format_instant(mark->at)),
                "Set the clock right; if it is right now, run-due --confirm.");
  }
  return {};
}

Result<> leave_mark(App& app, Store& store) {
  if (app.options.dry_run) return {};
  Mark mark;
  AVIS_TRY_ASSIGN(mark.store, store.identity());
  AVIS_TRY_ASSIGN(mark.attempts, store.delivery().last_attempt());
  AVIS_TRY_ASSIGN(Clock* const clock, app.clock());
  mark.at = clock->now();
  mark.test_clock = has_test_clock(app);
  const std::optional<Mark> before = read_mark(store.mark_path());
  const bool is_durable = !before || before->store != mark.store || before->attempts != mark.attempts;
  if (const Result<> written = write_mark(store.mark_path(), mark, is_durable); !written) {
    app.log().warn(written.error().message);
  }
  return {};
}

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
