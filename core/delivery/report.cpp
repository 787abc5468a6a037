#include "core/delivery/report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <numeric>

namespace avisloop {
namespace {

std::int64_t sum(const std::map<std::string, std::int64_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::int64_t{0},
                         [](std::int64_t total, const auto& entry) { return total + entry.second; });
}

double seconds_of(Micros took) {
  return static_cast<double>(std::chrono::round<std::chrono::milliseconds>(took).count()) / 1000.0;
}

}  // namespace

std::int64_t RunReport::due() const {
  return sent + in_doubt + sum(deferred) + sum(skipped) + sum(failed) + sum(cancelled) + sum(held);
}

std::string to_json(const RunReport& report) {
  nlohmann::ordered_json json;
  json["run"] = to_string(report.run);
  json["started"] = format_instant(report.started);
  json["ended"] = format_instant(report.ended);
  json["due"] = report.due();
  json["sent"] = report.sent;
  const auto counts = [](const std::map<std::string, std::int64_t>& from) {
    nlohmann::ordered_json object = nlohmann::ordered_json::object();
    for (const auto& [reason, count] : from)
      object[reason] = count;
    return object;
  };
  json["deferred"] = counts(report.deferred);
  json["skipped"] = counts(report.skipped);
  json["failed"] = counts(report.failed);
  json["in_doubt"] = report.in_doubt;
  json["cancelled"] = counts(report.cancelled);
  json["reconciled"] = {{"sent", report.reconciled.sent},
                        {"not_sent", report.reconciled.not_sent},
                        {"still_in_doubt", report.reconciled.still_in_doubt}};
  json["held"] = counts(report.held);
  json["left"] = report.left;
  json["segments"] = report.segments;
  json["cost_usd"] = fmt::format("{}.{:04}", report.cost_micros / 1'000'000, report.cost_micros % 1'000'000 / 100);
  json["seconds"] = seconds_of(report.took);
  json["alarms"] = report.alarms;
  if (report.dry_run) json["dry_run"] = true;
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string to_metrics(const RunReport& report) {
  std::string text =
      "# HELP avisloop_run_messages Messages of the last run, by what became of them.\n"
      "# TYPE avisloop_run_messages gauge\n";
  const auto add = [&text](std::string_view outcome, std::string_view reason, std::int64_t count) {
    text += fmt::format("avisloop_run_messages{{outcome=\"{}\",reason=\"{}\"}} {}\n", outcome, reason, count);
  };
  const auto add_all = [&add](std::string_view outcome, const std::map<std::string, std::int64_t>& counts) {
    for (const auto& [reason, count] : counts)
      add(outcome, reason, count);
  };
  add("sent", "", report.sent);
  add("in_doubt", "", report.in_doubt);
  add_all("deferred", report.deferred);
  add_all("skipped", report.skipped);
  add_all("failed", report.failed);
  add_all("cancelled", report.cancelled);
  add_all("held", report.held);
  const auto gauge = [&text](std::string_view name, std::string_view help, const std::string& value) {
    text += fmt::format("# HELP {0} {1}\n# TYPE {0} gauge\n{0} {2}\n", name, help, value);
  };
  gauge("avisloop_run_left", "Due messages that the last run did not reach.", std::to_string(report.left));
  gauge("avisloop_run_segments", "Text message segments that the last run sent.", std::to_string(report.segments));
  gauge("avisloop_run_seconds", "Duration of the last run.", fmt::format("{:.3f}", seconds_of(report.took)));
  gauge("avisloop_run_alarms", "What the owner has to look at.", std::to_string(report.alarms.size()));
  gauge("avisloop_run_ended_timestamp_seconds", "When the last run ended.",
        std::to_string(to_micros(report.ended) / 1'000'000));
  return text;
}

std::string to_line(const RunReport& report) {
  std::string line = fmt::format("run-due{}: {} sent, {} deferred", report.dry_run ? " (dry run)" : "", report.sent,
                                 sum(report.deferred));
  const auto add = [&line](std::int64_t count, std::string_view word) {
    if (count > 0) line += fmt::format(", {} {}", count, word);
  };
  add(sum(report.skipped), "skipped");
  add(sum(report.cancelled), "cancelled");
  add(sum(report.failed), "failed");
  add(sum(report.held), "held");
  add(report.left, "left for the next run");
  line += fmt::format(", {} in doubt in {:.1f}s", report.in_doubt, seconds_of(report.took));
  return line;
}

}  // namespace avisloop
