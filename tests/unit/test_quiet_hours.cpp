#include <algorithm>
#include <ostream>

#include "core/base/text.h"
#include "core/base/zones.h"
#include "core/rules/data_table.h"
#include "core/rules/holidays.h"
#include "core/rules/quiet_hours.h"
#include "tests/support/property.h"

#include <doctest/doctest.h>

using namespace avisloop;

namespace {

Instant at(std::string_view text) {
  return parse_instant(text).value();
}

std::string shown(const std::optional<Instant>& instant) {
  return instant ? format_instant(*instant) : "";
}

Place place_from(std::string_view zones, std::string_view states) {
  Place place;
  for (const auto zone : list_cell(zones))
    place.zones.emplace_back(zone);
  for (const auto state : list_cell(states))
    place.states.emplace_back(state);
  return place;
}

WindowVerdict judge(const Place& place, Instant instant, WindowProfile profile = WindowProfile::legal,
                    const HouseDays& house = {}) {
  return QuietHours::standard().judge(place, instant, profile, house);
}

struct Case {
  const char* id;
  const char* utc;
  const char* zones;
  const char* states;
  bool allowed;
  const char* next;  ///< empty = never
};

constexpr Case kLegal[] = {
    {"fed-0800-exact", "2026-11-24T13:00:00Z", "America/New_York", "US-GA", true, "2026-11-24T13:00:00Z"},
    {"fed-2059-59", "2026-11-25T01:59:59Z", "America/New_York", "US-GA", true, "2026-11-25T01:59:59Z"},
    {"fed-2100-exact", "2026-11-25T02:00:00Z", "America/New_York", "US-GA", false, "2026-11-25T13:00:00Z"},
    {"fl-2000-exact", "2026-11-25T01:00:00Z", "America/New_York", "US-FL", false, "2026-11-25T13:00:00Z"},
    {"ct-0800-exact", "2026-11-24T13:00:00Z", "America/New_York", "US-CT", false, "2026-11-24T14:00:00Z"},
    {"tx-sun-1200-exact", "2026-11-22T18:00:00Z", "America/Chicago", "US-TX", true, "2026-11-22T18:00:00Z"},
    {"tx-sat-2100-to-sun", "2026-11-22T03:00:00Z", "America/Chicago", "US-TX", false, "2026-11-22T18:00:00Z"},
    {"tx-elpaso-sun", "2026-11-22T18:30:00Z", "America/Denver", "US-TX", false, "2026-11-22T19:00:00Z"},
    {"ms-sat-2000-to-mon", "2026-11-22T02:00:00Z", "America/Chicago", "US-MS", false, "2026-11-23T14:00:00Z"},
    {"la-christmas-eve-2000", "2026-12-25T02:00:00Z", "America/Chicago", "US-LA", false, "2026-12-26T14:00:00Z"},
    {"ut-sun", "2026-11-22T19:00:00Z", "America/Denver", "US-UT", false, "2026-11-23T15:00:00Z"},
    {"ri-fri-1800-to-sat", "2026-11-20T23:00:00Z", "America/New_York", "US-RI", false, "2026-11-21T15:00:00Z"},
    {"ny-dst-start-0800", "2027-03-14T12:00:00Z", "America/New_York", "US-NY", true, "2027-03-14T12:00:00Z"},
    {"ny-dst-end-0700", "2027-11-07T12:00:00Z", "America/New_York", "US-NY", false, "2027-11-07T13:00:00Z"},
    {"phx-summer-0759-59", "2027-07-01T14:59:59Z", "America/Phoenix", "US-AZ", false, "2027-07-01T15:00:00Z"},
    {"az-928-summer-end", "2027-07-02T03:00:00Z", "America/Phoenix|America/Denver", "US-AZ", false,
     "2027-07-02T15:00:00Z"},
    {"in-812-start", "2026-11-24T13:30:00Z", "America/Indiana/Indianapolis|America/Chicago", "US-IN", false,
     "2026-11-24T14:00:00Z"},
    {"fl-850-start", "2026-11-24T13:30:00Z", "America/Chicago|America/New_York", "US-FL", false,
     "2026-11-24T14:00:00Z"},
    {"ky-270-start", "2026-11-24T15:30:00Z", "America/Chicago|America/New_York", "US-KY", false,
     "2026-11-24T16:00:00Z"},
    {"or-541-end", "2026-11-25T03:00:00Z", "America/Los_Angeles|America/Boise", "US-OR", false, "2026-11-25T16:00:00Z"},
    {"mix-ca-address-212", "2026-11-24T15:30:00Z", "America/Los_Angeles|America/New_York", "US-CA|US-NY", false,
     "2026-11-24T16:00:00Z"},
    {"mix-guam-ri-empty", "2026-11-24T15:00:00Z", "Pacific/Guam|America/New_York", "US-GU|US-RI", false, ""},
    {"ktm-0800", "2026-11-24T02:15:00Z", "Asia/Kathmandu", "", true, "2026-11-24T02:15:00Z"},
    {"lhi-after-end-early", "2027-04-03T21:00:00Z", "Australia/Lord_Howe", "", false, "2027-04-03T21:30:00Z"},
    {"canary-vancouver", "2026-12-01T16:00:00Z", "America/Vancouver", "CA-BC", true, "2026-12-01T16:00:00Z"},
    {"no zone at all", "2026-11-24T15:00:00Z", "", "US-TX", false, ""},
    {"a zone that nobody knows", "2026-11-24T15:00:00Z", "America/New_York|Mars/Olympus", "", false, ""},
    {"a state without a rule", "2026-11-24T13:00:00Z", "America/New_York", "XX-YY", true, "2026-11-24T13:00:00Z"},
    {"a country", "2026-11-24T13:00:00Z", "America/Jamaica", "JM", true, "2026-11-24T13:00:00Z"},
    {"Ontario on Sunday", "2026-11-22T13:00:00Z", "America/Toronto", "CA-ON", true, "2026-11-22T13:00:00Z"},
    {"three states at once", "2026-11-24T14:30:00Z", "America/New_York", "US-KY|US-RI|US-CT", false,
     "2026-11-24T15:00:00Z"},
    {"Pennsylvania on Election Day", "2026-11-03T15:00:00Z", "America/New_York", "US-PA", false,
     "2026-11-04T14:00:00Z"},
    {"Utah over Pioneer Day and Sunday", "2027-07-23T16:00:00Z", "America/Denver", "US-UT", false,
     "2027-07-26T14:00:00Z"},
    {"New Year observed the year before", "2027-12-31T16:00:00Z", "America/Chicago", "US-LA", false,
     "2028-01-03T14:00:00Z"},
    {"half a second before the end", "2026-11-25T01:59:59.5Z", "America/New_York", "", true, "2026-11-25T01:59:59.5Z"},
    {"half a second before the start", "2026-11-24T12:59:59.5Z", "America/New_York", "", false, "2026-11-24T13:00:00Z"},
};

constexpr Case kSafe[] = {
    {"the house opens at nine", "2026-11-24T13:00:00Z", "America/New_York", "US-GA", false, "2026-11-24T14:00:00Z"},
    {"the house closes at eight", "2026-11-25T01:00:00Z", "America/New_York", "US-GA", false, "2026-11-25T14:00:00Z"},
    {"one second before eight", "2026-11-25T00:59:59Z", "America/New_York", "US-GA", true, "2026-11-25T00:59:59Z"},
    {"a state stricter than the house", "2026-11-24T14:30:00Z", "America/New_York", "US-KY", false,
     "2026-11-24T15:00:00Z"},
    {"no state at all", "2026-11-24T02:15:00Z", "Asia/Kathmandu", "", false, "2026-11-24T03:15:00Z"},
    {"coast to coast", "2026-11-24T16:59:59Z", "America/New_York|America/Los_Angeles", "", false,
     "2026-11-24T17:00:00Z"},
};

void check_cases(std::span<const Case> cases, WindowProfile profile) {
  for (const Case& one : cases) {
    CAPTURE(one.id);
    const WindowVerdict verdict = judge(place_from(one.zones, one.states), at(one.utc), profile);
    CHECK(verdict.allowed == one.allowed);
    CHECK(shown(verdict.next_allowed) == one.next);
    CHECK(verdict.closes_at.has_value() == one.allowed);
  }
}

/// The windows once more, in minutes of the day: Monday to Friday, Saturday, Sunday.
struct SlowRule {
  std::string_view state;
  int week[2], saturday[2], sunday[2];
  bool holidays;
};
constexpr SlowRule kSlowRules[] = {
    {"US-AL", {480, 1200}, {480, 1200}, {0, 0}, true},       {"US-CT", {540, 1200}, {540, 1200}, {540, 1200}, false},
    {"US-FL", {480, 1200}, {480, 1200}, {480, 1200}, false}, {"US-KY", {600, 1260}, {600, 1260}, {600, 1260}, false},
    {"US-LA", {480, 1200}, {480, 1200}, {0, 0}, true},       {"US-MA", {480, 1200}, {480, 1200}, {480, 1200}, false},
    {"US-MD", {480, 1200}, {480, 1200}, {480, 1200}, false}, {"US-MS", {480, 1200}, {480, 1200}, {0, 0}, false},
    {"US-NM", {540, 1260}, {540, 1260}, {540, 1260}, false}, {"US-OK", {480, 1200}, {480, 1200}, {480, 1200}, false},
    {"US-OR", {480, 1200}, {480, 1200}, {480, 1200}, false}, {"US-PA", {540, 1140}, {540, 1140}, {0, 0}, true},
    {"US-RI", {540, 1080}, {600, 1020}, {0, 0}, true},       {"US-TX", {540, 1260}, {540, 1260}, {720, 1260}, false},
    {"US-UT", {480, 1260}, {480, 1260}, {0, 0}, true},       {"US-WA", {480, 1200}, {480, 1200}, {480, 1200}, false},
    {"US-WY", {480, 1200}, {480, 1200}, {480, 1200}, false},
};

bool inside(const int (&window)[2], int second) {
  return second >= window[0] * 60 && second < window[1] * 60;
}

bool slow_open(const Place& place, Instant instant, WindowProfile profile) {
  for (const std::string& zone : place.zones) {
    const LocalTime local = to_local(*Zone::find(zone), instant);
    if (!inside({480, 1260}, local.second_of_day)) return false;
    if (profile == WindowProfile::safe && !inside({540, 1200}, local.second_of_day)) return false;
    for (const SlowRule& rule : kSlowRules) {
      if (std::find(place.states.begin(), place.states.end(), rule.state) == place.states.end()) continue;
      const bool saturday = local.weekday == std::chrono::Saturday;
      const auto& window = saturday ? rule.saturday : local.weekday == std::chrono::Sunday ? rule.sunday : rule.week;
      if (!inside(window, local.second_of_day)) return false;
      if (!rule.holidays) continue;
      const auto dates = holidays_of(rule.state, local.date.year());
      if (std::find(dates.begin(), dates.end(), local.date) != dates.end()) return false;
    }
  }
  return true;
}

/// The first instant from `instant` on that is open (or closed): itself, else minute by minute.
std::optional<Instant> slow_first(const Place& place, Instant instant, WindowProfile profile, bool open) {
  if (slow_open(place, instant, profile) == open) return instant;
  Instant minute = std::chrono::floor<std::chrono::minutes>(instant);
  while (minute <= instant + 14 * kDay) {
    minute += std::chrono::minutes{1};
    if (minute <= instant + 14 * kDay && slow_open(place, minute, profile) == open) return minute;
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE("the windows of the law are open and closed as in the worked cases") {
  check_cases(kLegal, WindowProfile::legal);
}

TEST_CASE("the house window narrows the law and never widens it") {
  check_cases(kSafe, WindowProfile::safe);
}

TEST_CASE("P3 never at night: windows agree with a search minute by minute") {
  const std::vector<std::string> zones = {"America/New_York",    "America/Chicago",     "America/Denver",
                                          "America/Los_Angeles", "America/Phoenix",     "America/Anchorage",
                                          "Pacific/Honolulu",    "America/St_Johns",    "Pacific/Guam",
                                          "Australia/Lord_Howe", "America/Puerto_Rico", "America/Indiana/Indianapolis"};
  // Changes of the clock, year's end, Mardi Gras, Easter, Thanksgiving, 29 February.
  const std::vector<std::string> moments = {"2026-03-08T12:00:00Z", "2026-11-01T12:00:00Z", "2027-04-03T15:00:00Z",
                                            "2027-12-31T12:00:00Z", "2028-02-29T12:00:00Z", "2028-04-14T12:00:00Z",
                                            "2026-11-26T12:00:00Z", "2029-07-04T12:00:00Z"};
  CHECK(property_holds("next_allowed and closes_at are exact", 600, [&] {
    Place place;
    for (int i = *rc::gen::inRange(1, 4); i > 0; --i)
      place.zones.emplace_back(*rc::gen::elementOf(zones));
    for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
      place.states.emplace_back(kSlowRules[*rc::gen::inRange<std::size_t>(0, std::size(kSlowRules))].state);
    }
    const Instant instant = at(*rc::gen::elementOf(moments)) + std::chrono::seconds{*rc::gen::inRange(-300000, 300000)};
    const auto profile = *rc::gen::element(WindowProfile::legal, WindowProfile::safe);
    const WindowVerdict verdict = judge(place, instant, profile);
    RC_ASSERT(verdict.allowed == slow_open(place, instant, profile));
    RC_ASSERT(shown(verdict.next_allowed) == shown(slow_first(place, instant, profile, true)));
    if (verdict.allowed) RC_ASSERT(shown(verdict.closes_at) == shown(slow_first(place, instant, profile, false)));
    const auto answers = QuietHours::standard().explain(place, instant, profile, {});
    RC_ASSERT(verdict.allowed == std::all_of(answers.begin(), answers.end(), [](const auto& a) { return a.open; }));
  }));
}

TEST_CASE("what was judged before does not change an answer") {
  const Place place = place_from("America/New_York", "US-RI");
  const Instant start = at("2026-11-24T00:00:00Z");
  std::vector<std::string> forwards;
  for (int hour = 0; hour < 72; ++hour)
    forwards.push_back(shown(judge(place, start + hour * kHour).next_allowed));
  for (int hour = 71; hour >= 0; --hour) {
    CHECK(shown(judge(place, start + hour * kHour).next_allowed) == forwards[static_cast<std::size_t>(hour)]);
  }
}

TEST_CASE("a window closes at the first end of any zone and rule") {
  const auto closes = [](std::string_view zones, std::string_view states, std::string_view utc) {
    return shown(judge(place_from(zones, states), at(utc)).closes_at);
  };
  CHECK(closes("America/New_York", "", "2026-11-24T15:00:00Z") == "2026-11-25T02:00:00Z");
  CHECK(closes("America/New_York", "US-RI", "2026-11-24T15:00:00Z") == "2026-11-24T23:00:00Z");
  CHECK(closes("America/New_York|America/Los_Angeles", "", "2026-11-24T17:00:00Z") == "2026-11-25T02:00:00Z");
}

TEST_CASE("a day whose midnight the clocks skip opens at its usual hour") {
  // Cairo's clocks go from 00:00 to 01:00 on 24 April.
  const Place place = place_from("Africa/Cairo", "");
  CHECK(shown(judge(place, at("2026-04-23T22:30:00Z")).next_allowed) == "2026-04-24T05:00:00Z");
}

TEST_CASE("the owner's closed dates close each zone by its own date") {
  HouseDays house;
  house.closed_dates = {parse_date("2026-11-24").value()};
  const Place place = place_from("America/New_York", "");
  const auto verdict = judge(place, at("2026-11-24T15:00:00Z"), WindowProfile::legal, house);
  CHECK(!verdict.allowed);
  CHECK(shown(verdict.next_allowed) == "2026-11-25T13:00:00Z");
  CHECK(judge(place, at("2026-11-24T15:00:00Z")).allowed);
  const auto honolulu = place_from("Pacific/Honolulu", "");
  CHECK(judge(honolulu, at("2026-11-24T06:59:00Z"), WindowProfile::legal, house).allowed);
  const auto answers = QuietHours::standard().explain(place, at("2026-11-24T15:00:00Z"), WindowProfile::legal, house);
  CHECK(answers.back().rule == "closed_date");
}

TEST_CASE("a stopped state is never open") {
  HouseDays house;
  house.stopped_states = {"US-LA"};
  const auto noon = at("2026-11-24T18:00:00Z");
  const Place place = place_from("America/Chicago", "US-TX|US-LA");
  CHECK(judge(place, noon).allowed);
  const auto verdict = judge(place, noon, WindowProfile::legal, house);
  CHECK(!verdict.allowed);
  CHECK(!verdict.next_allowed);
  CHECK(judge(place_from("America/Chicago", "US-TX"), noon, WindowProfile::legal, house).allowed);
}

TEST_CASE("every rule is explained in each zone, with its source") {
  const Place place = place_from("America/New_York|America/Chicago", "US-FL|US-GA");
  const auto answers =
      QuietHours::standard().explain(place, at("2026-11-24T13:30:00Z"), WindowProfile::safe, HouseDays{});
  REQUIRE(answers.size() == 6);
  CHECK(answers[0].rule == "federal");
  CHECK(answers[0].source == "47 CFR 64.1200(c)(1)");
  CHECK(answers[0].open);
  CHECK(answers[1].rule == "house");
  CHECK(!answers[1].open);
  CHECK(answers[2].rule == "US-FL");
  CHECK(answers[2].open);
  CHECK(answers[5].zone == "America/Chicago");
  CHECK(!answers[5].open);
  for (const auto& answer : answers)
    CHECK(!answer.source.empty());
  CHECK(!QuietHours::standard().explain({}, at("2026-11-24T13:30:00Z"), WindowProfile::safe, {}).front().open);
}

TEST_CASE("a holiday is explained as one") {
  const auto answers = QuietHours::standard().explain(place_from("America/Chicago", "US-LA"),
                                                      at("2026-12-25T18:00:00Z"), WindowProfile::legal, {});
  REQUIRE(answers.size() == 2);
  CHECK(!answers[1].open);
  CHECK(answers[1].source.find("(holiday)") != std::string::npos);
}

TEST_CASE("the law's cap is the smallest of the place's states") {
  CHECK(legal_daily_cap(place_from("America/New_York", "US-GA|US-FL")) == 3);
  CHECK(legal_daily_cap(place_from("America/New_York", "US-GA")) == 0);
  CHECK(legal_daily_cap({}) == 0);
}

TEST_CASE("every row of the windows names its source and how sure it is") {
  for (const auto& row : read_data_table("windows.csv", 13)) {
    CAPTURE(row[0]);
    CHECK(!row[10].empty());
    CHECK(!row[12].empty());
    if (!row[11].empty()) CHECK(parse_date(row[11]).has_value());
  }
}
