#include <csignal>
#include <fstream>

#include "cli/command.h"
#include "cli/delivery.h"
#include "cli/output.h"

namespace avisloop {
namespace {

struct Options {
  std::optional<Micros> max_runtime;
  std::optional<long long> limit;
  std::optional<long long> max_in_flight;
  std::string metrics_file;
  bool confirm = false;
};

constexpr long long kMostInFlight = 4096;

Result<RunOptions> validate(const Options& options, const Settings& settings, bool dry_run) {
  RunOptions run;
  run.max_runtime = options.max_runtime.value_or(settings.run.max_runtime);
  run.max_in_flight = settings.run.max_in_flight;
  run.dry_run = dry_run;
  if (run.max_runtime <= Micros{0}) return fail(Fault::usage, "--max-runtime must be longer than nothing");
  if (options.limit && *options.limit < 1) return fail(Fault::usage, "--limit must be 1 or more");
  if (options.max_in_flight) {
    if (*options.max_in_flight < 1 || *options.max_in_flight > kMostInFlight) {
      return fail(Fault::usage, "--max-in-flight must be from 1 to " + std::to_string(kMostInFlight));
    }
    run.max_in_flight = static_cast<int>(*options.max_in_flight);
  }
  run.limit = options.limit;
  return run;
}

/// Readers of the file never see half of it: it is written beside its name and renamed.
Result<> write_metrics(const std::string& path, const RunReport& report) {
  const std::string beside = path + ".new";
  std::ofstream file(beside, std::ios::trunc);
  file << to_metrics(report);
  file.close();
  if (!file || std::rename(beside.c_str(), path.c_str()) != 0) {
    return fail(Fault::denied, "the metrics file " + path + " cannot be written", "Correct --metrics-file.");
  }
  return {};
}

void print(App& app, const RunReport& report) {
  if (app.options.format == OutputFormat::json || app.options.format == OutputFormat::jsonl) {
    app.terminal().out(to_json(report) + "\n");
  } else if (!app.options.quiet && (app.terminal().out_is_terminal() || report.dry_run)) {
    app.terminal().out(to_line(report) + "\n");
  }
}

Result<ExitCode> run(App& app, const Options& options) {
  AVIS_TRY_ASSIGN(const Settings* const settings, app.settings());
  AVIS_TRY_ASSIGN(const RunOptions run, validate(options, *settings, app.options.dry_run));
  AVIS_TRY_ASSIGN(Clock* const clock, app.clock());
  AVIS_TRY_ASSIGN(Store* const store, app.store());
  AVIS_TRY(require_trust(app, *store, options.confirm));
  const Instant now = clock->now();
  AVIS_TRY_ASSIGN(const bool has_work, anything_due(*store, now));
  RunReport report;
  const Termination* termination = nullptr;
  if (has_work) {
    termination = &watch_termination();
    AVIS_TRY_ASSIGN(const DeliveryParts parts, delivery_parts(app, *store, *termination));
    AVIS_TRY_ASSIGN(report, run_due(parts, run));
  } else {
    report.run = app.ids().make(now);
    report.started = report.ended = now;
    report.dry_run = app.options.dry_run;
  }
  AVIS_TRY(leave_mark(app, *store));
  print(app, report);
  if (!options.metrics_file.empty()) AVIS_TRY(write_metrics(options.metrics_file, report));
  if (termination != nullptr && termination->signal.load() == SIGINT) return ExitCode::interrupted;
  return exit_code_of(report);
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags
      .duration("--max-runtime", options->max_runtime, "end before this time is over (default: [run] max_runtime, 50s)")
      .number("--limit", "N", options->limit, "take at most N messages")
      .number("--max-in-flight", "N", options->max_in_flight,
              "requests under way at once (default: [run] max_in_flight)")
      .option("--metrics-file", "FILE", options->metrics_file, "write counters for the Prometheus node exporter")
      .toggle("--confirm", options->confirm,
              "go on although the store was restored or the clock was set back (exit 74)");
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command run_due_command() {
  return {
      .verb = "run-due",
      .noun = "",
      .summary = "sends what is due: the command for cron",
      .description =
          "Takes every message whose time has come through the rules and sends it. First it settles messages whose "
          "outcome an earlier run could not learn. Quiet on success unless on a terminal or with --json. Any number "
          "of runs may overlap; a run that is killed is simply started again. SIGTERM: nothing new is taken, what is "
          "under way is finished and recorded.",
      .examples = {{"avisloop run-due", "one run; from cron every minute"},
                   {"avisloop run-due --json", "the balanced account of the run"},
                   {"avisloop run-due --dry-run --json", "what it would do; sends and changes nothing"}},
      .exit_codes = {{1, "some messages failed or are in doubt; the report says which"},
                     {69, "a provider refuses the account, or a channel is not configured; its messages wait"},
                     {74, "the store was restored from a backup or the clock was set back: nothing was sent"}},
      .changes = true,
      .destructive = false,
      .bind = bind};
}

}  // namespace avisloop
