#include <fmt/format.h>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/records.h"
#include "cli/session.h"
#include "cli/table.h"
#include "core/base/mark_file.h"

namespace avisloop {
namespace {

struct Options {
  std::optional<Micros> max_age;
};

struct LastRun {
  std::optional<RunSummary> run;  ///< the last one that had something to do
  std::optional<Instant> at;      ///< the last sign of life of any run
  Micros age{0};
  bool too_old = false;
};

Record lane_record(const LaneState& lane) {
  Record record;
  record.set("channel", to_string(lane.channel)).set("due", lane.due).set("scheduled", lane.scheduled);
  record.set("pending", lane.pending).set("sending", lane.sending).set("in_doubt", lane.in_doubt);
  record.set("paused", lane.paused_reason.empty() ? Value{} : Value{lane.paused_reason});
  return record.set("paused_detail", lane.paused_detail).set("paused_at", lane.paused_at);
}

Record lane_row(const Org& org, const LaneState& lane) {
  Record row;
  row.set("org", org.key).set("channel", to_string(lane.channel)).set("due_now", lane.due);
  row.set("scheduled", lane.scheduled).set("pending", lane.pending).set("sending", lane.sending);
  row.set("in_doubt", lane.in_doubt);
  const std::string detail = lane.paused_detail.empty() ? "" : ": " + lane.paused_detail;
  return row.set("paused", lane.paused_reason.empty() ? "" : lane.paused_reason + detail);
}

/// A run counts from its end, or from its start while it is under way. One that found nothing due leaves only the mark.
Result<LastRun> last_run(Store& store, const Options& options, Instant now) {
  LastRun last;
  AVIS_TRY_ASSIGN(last.run, store.catalog().last_run());
  if (last.run) last.at = last.run->ended_at.value_or(last.run->started_at);
  AVIS_TRY_ASSIGN(const std::string identity, store.identity());
  const std::optional<Mark> mark = read_mark(store.mark_path());
  if (mark && mark->store == identity && (!last.at || mark->at > *last.at)) last.at = mark->at;
  if (last.at) last.age = now - *last.at;
  last.too_old = options.max_age && (!last.at || last.age > *options.max_age);
  return last;
}

/// `3m`, `2h`, `5d`: how long ago, in one unit.
std::string rough_age(Micros age) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(age).count();
  if (minutes < 1) return "less than a minute";
  if (minutes < 120) return counted(minutes, "minute", "minutes");
  if (minutes < 48 * 60) return fmt::format("{} hours", minutes / 60);
  return fmt::format("{} days", minutes / (24 * 60));
}

std::string run_sentence(const LastRun& last, std::string_view zone) {
  if (!last.at) return "no run yet\n";
  return fmt::format("last run {} ({} ago){}\n", local_text(zone, *last.at), rough_age(last.age),
                     last.too_old ? ": too long ago" : "");
}

Record run_record(const LastRun& last) {
  Record record;
  record.set("run", last.run->id).set("host", last.run->host).set("started", last.run->started_at);
  return record.set("ended", last.run->ended_at);
}

Result<ExitCode> run(App& app, const Options& options) {
  AVIS_TRY_ASSIGN(Store* const store, app.store());
  AVIS_TRY_ASSIGN(Clock* const clock, app.clock());
  const Instant now = clock->now();
  std::vector<Org> orgs;
  if (app.options.org.empty()) {
    AVIS_TRY_ASSIGN(orgs, store->catalog().list_orgs());
  } else {
    AVIS_TRY_ASSIGN(Org org, app.org());
    orgs.push_back(std::move(org));
  }
  std::vector<Record> rows;
  std::vector<Record> records;
  for (const Org& org : orgs) {
    AVIS_TRY_ASSIGN(const std::vector<LaneState> lanes, store->catalog().lane_states(org.id, now));
    std::vector<Record> channels;
    for (const LaneState& lane : lanes) {
      rows.push_back(lane_row(org, lane));
      channels.push_back(lane_record(lane));
    }
    records.push_back(Record().set("org", org.key).set("channels", std::move(channels)));
  }
  AVIS_TRY_ASSIGN(const LastRun last, last_run(*store, options, now));
  if (app.options.format == OutputFormat::csv) {
    print_records(app, rows);
  } else if (prints_for_people(app)) {
    if (orgs.empty()) print_note(app, "no organization yet; make one: avisloop init");
    print_records(app, rows);
    app.terminal().out(run_sentence(last, orgs.empty() ? "" : orgs.front().time_zone));
  } else {
    Record record;
    record.set("store", store->location()).set("orgs", std::move(records));
    if (last.run) record.nest("last_run", run_record(last));
    if (!last.run) record.set("last_run", Value{});
    record.set("last_sign_of_life", last.at);
    record.set("age_seconds", std::chrono::duration_cast<std::chrono::seconds>(last.age).count());
    print_record(app, record.set("run_too_old", last.too_old));
  }
  return last.too_old ? ExitCode::some_failed : ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.duration("--max-age", options->max_age, "Exit with 1 when the last run is older");
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command status_command() {
  Command command;
  command.verb = "status";
  command.summary = "tells what waits, what is in doubt, and when the last run was";
  command.description = "One line per organization and channel. A paused channel tells why.";
  command.examples = {{"avisloop status", "every organization"},
                      {"avisloop status --max-age 10m --quiet", "for a monitor: fails when cron has stopped"}};
  command.exit_codes = {{1, "the last run is older than --max-age, or there was none"}};
  command.bind = bind;
  return command;
}

}  // namespace avisloop
