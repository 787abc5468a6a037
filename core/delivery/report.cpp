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
