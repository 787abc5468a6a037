#include <fmt/format.h>

#include <algorithm>

#include "cli/batch.h"
#include "cli/command.h"
#include "cli/output.h"
#include "core/base/text.h"
#include "core/base/zones.h"
#include "core/rules/place.h"
#include "core/rules/quiet_hours.h"

namespace avisloop {
namespace {

struct Options {
  std::optional<Instant> utc;
  std::vector<std::string> zones;
  std::string state;
  std::string phone;
  std::string profile = "safe";
  std::string batch;
};

struct Question {
  Instant utc;
  std::vector<std::string> zones;
  std::string state;  ///< one or several, between bars
  std::string phone;
  std::string profile;
};

void add(std::vector<std::string>& list, std::string_view item) {
  if (std::find(list.begin(), list.end(), item) == list.end()) list.emplace_back(item);
}

/// Zones that are given stand as they are; without any, the states bring theirs. A phone always adds its own.
Result<Place> place_of_question(App& app, const Question& question) {
  Place place;
  for (const std::string& zone : question.zones) {
    if (Zone::find(zone) == nullptr) {
      return fail(Fault::data, fmt::format("`{}` is not a time zone", printable(zone)),
                  "Use an IANA name such as America/Chicago.");
    }
    add(place.zones, zone);
  }
  for (const std::string_view part : split(question.state, '|')) {
    const std::string_view given = trim(part);
    if (given.empty()) continue;
    const std::string known = read_state(given);
    if (known.empty() && given.find('-') != 2) {
      return fail(Fault::data, fmt::format("`{}` is not a state", printable(given)), "Write it as US-TX.");
    }
    add(place.states, known.empty() ? given : std::string_view(known));
    if (question.zones.empty()) {
      for (const std::string_view zone : zones_of_state(place.states.back()))
        add(place.zones, zone);
    }
  }
  if (!question.phone.empty()) {
    AVIS_TRY_ASSIGN(const PhoneReading reading, read_phone(question.phone, app.parts().check_foreign_number));
    for (const std::string_view state : reading.states)
      add(place.states, state);
    for (const std::string_view zone : reading.zones)
      add(place.zones, zone);
  }
  return place;
}

std::string local_with_offset(const Zone& zone, Instant at) {
  const auto offset = zone.span_at(at).offset;
  const auto minutes =
      std::chrono::duration_cast<std::chrono::minutes>(offset < offset.zero() ? -offset : offset).count();
  const std::string wall = format_instant(std::chrono::floor<std::chrono::seconds>(at) + offset);
  return fmt::format("{}{}{:02}:{:02}", wall.substr(0, wall.size() - 1), offset < offset.zero() ? '-' : '+',
                     minutes / 60, minutes % 60);
}

Result<Record> answer(App& app, const Question& question, const HouseDays& house) {
  if (question.profile != "legal" && question.profile != "safe") {
    return fail(Fault::data, fmt::format("profile is `{}`; it is legal or safe", printable(question.profile)));
  }
  const WindowProfile profile = question.profile == "legal" ? WindowProfile::legal : WindowProfile::safe;
  AVIS_TRY_ASSIGN(const Place place, place_of_question(app, question));
  const WindowVerdict verdict = QuietHours::standard().judge(place, question.utc, profile, house);
  std::vector<Record> local;
  for (const std::string& zone : place.zones) {
    local.push_back(Record().set("zone", zone).set("time", local_with_offset(*Zone::find(zone), question.utc)));
  }
  std::vector<Record> rules;
  for (const WindowAnswer& rule : QuietHours::standard().explain(place, question.utc, profile, house)) {
    rules.push_back(
        Record().set("rule", rule.rule).set("zone", rule.zone).set("open", rule.open).set("source", rule.source));
  }
  Record record;
  record.set("allowed", verdict.allowed).set("next_allowed_utc", verdict.next_allowed);
  record.set("local", std::move(local)).set("rules", std::move(rules));
  return record;
}

Result<HouseDays> house_days(App& app) {
  AVIS_TRY_ASSIGN(const Settings* const settings, app.settings());
  const OrgSettings& org = settings->of(app.options.org);
  return HouseDays{org.quiet_hours.closed_dates, org.quiet_hours.stopped_states};
}

Result<Question> question_of(const BatchCase& one) {
  Question question;
  AVIS_TRY_ASSIGN(const std::optional<std::string> utc, one.text("utc"));
  const auto at = parse_instant(utc.value_or(""));
  if (!at) return fail(Fault::data, "`utc` is not an instant such as 2026-11-24T15:00:00Z");
  question.utc = *at;
  AVIS_TRY_ASSIGN(question.zones, one.texts("zones"));
  AVIS_TRY_ASSIGN(const std::optional<std::string> state, one.text("state"));
  AVIS_TRY_ASSIGN(const std::optional<std::string> phone, one.text("phone"));
  AVIS_TRY_ASSIGN(const std::optional<std::string> profile, one.text("profile"));
  question.state = state.value_or("");
  question.phone = phone.value_or("");
  question.profile = profile.value_or("safe");
  return question;
}

Result<ExitCode> run(App& app, const Options& options) {
  AVIS_TRY_ASSIGN(const HouseDays house, house_days(app));
  if (!options.batch.empty()) {
    return run_batch(app, options.batch, [&](const BatchCase& one) -> Result<Record> {
      AVIS_TRY_ASSIGN(const Question question, question_of(one));
      return answer(app, question, house);
    });
  }
  AVIS_TRY_ASSIGN(Clock* const clock, app.clock());
  AVIS_TRY_ASSIGN(const Record record,
                  answer(app,
                         {options.utc.value_or(std::chrono::floor<std::chrono::seconds>(clock->now())), options.zones,
                          options.state, options.phone, options.profile},
                         house));
  print_record(app, record);
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.instant("--utc", options->utc, "The instant to judge (default: now)")
      .list("--zone", "ZONE", options->zones, "A time zone in which the person may be")
      .option("--state", "STATE", options->state, "State of the address, such as US-TX; several between bars")
      .option("--phone", "PHONE", options->phone, "A phone number, whose area code adds states and zones")
      .choice("--profile", {"legal", "safe"}, options->profile, "The law alone, or the narrower window of the house")
      .option("--batch", "FILE", options->batch,
              "JSON lines {\"id\",\"utc\",\"zones\",\"state\",\"phone\",\"profile\"}; - is standard input");
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command explain_window_command() {
  Command command;
  command.verb = "explain";
  command.noun = "window";
  command.summary = "tells whether a person may be texted at an instant, and from when on";
  command.description =
      "Asks every window of the law and of the house, in every zone where the person may be. With no place known the "
      "answer is no. Opens no store.";
  command.examples = {{"avisloop explain window --utc 2026-11-25T01:00:00Z --state US-FL --zone America/New_York",
                       "20:00 in Florida: closed since that second"},
                      {"avisloop explain window --phone 512-555-0142", "now, by the area code alone"},
                      {"avisloop explain window --batch cases.jsonl", "one JSON line for each line of the file"}};
  command.exit_codes = {{1, "some lines of the batch could not be answered"},
                        {65, "the file or a value cannot be read"}};
  command.bind = bind;
  return command;
}

}  // namespace avisloop
