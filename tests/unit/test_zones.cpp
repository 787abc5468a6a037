#include <ostream>

#include "core/base/zones.h"

#include <doctest/doctest.h>

using namespace avisloop;

namespace {

const Zone& zone(std::string_view name) {
  const Zone* found = Zone::find(name);
  REQUIRE(found != nullptr);
  return *found;
}

std::string local_clock(std::string_view name, std::string_view utc) {
  const LocalTime local = to_local(zone(name), parse_instant(utc).value());
  const auto text =
      format_instant(Instant{std::chrono::sys_days{local.date}} + std::chrono::seconds{local.second_of_day});
  CHECK(std::chrono::weekday{std::chrono::sys_days{local.date}} == local.weekday);
  return text.substr(0, 19);
}

std::string utc_of(std::string_view name, std::string_view date, int hour, int minute = 0) {
  return format_instant(from_local(zone(name), parse_date(date).value(), hour * 3600 + minute * 60));
}

}  // namespace

TEST_CASE("a zone is found by its name and nothing else") {
  CHECK(Zone::find("America/Chicago") == Zone::find("America/Chicago"));
  CHECK(zone("America/Chicago").name() == "America/Chicago");
  for (const char* name : {"", "Mars/Olympus", "../../etc/passwd", "/etc/passwd", "America", "america/chicago x"}) {
    CAPTURE(name);
    CHECK(Zone::find(name) == nullptr);
  }
}

TEST_CASE("an instant has a wall clock in each zone") {
  CHECK(local_clock("America/New_York", "2026-11-24T15:00:00Z") == "2026-11-24T10:00:00");
  CHECK(local_clock("America/New_York", "2026-07-24T15:00:00Z") == "2026-07-24T11:00:00");
  CHECK(local_clock("America/Phoenix", "2026-07-24T15:00:00Z") == "2026-07-24T08:00:00");
  CHECK(local_clock("Asia/Kathmandu", "2026-11-24T20:15:00Z") == "2026-11-25T02:00:00");
  CHECK(local_clock("Pacific/Honolulu", "2027-01-01T09:59:59Z") == "2026-12-31T23:59:59");
}

TEST_CASE("clocks change at the right second") {
  CHECK(local_clock("America/New_York", "2027-03-14T06:59:59Z") == "2027-03-14T01:59:59");
  CHECK(local_clock("America/New_York", "2027-03-14T07:00:00Z") == "2027-03-14T03:00:00");
  CHECK(local_clock("America/New_York", "2026-11-01T05:59:59Z") == "2026-11-01T01:59:59");
  CHECK(local_clock("America/New_York", "2026-11-01T06:00:00Z") == "2026-11-01T01:00:00");
  CHECK(local_clock("Australia/Lord_Howe", "2027-04-03T15:00:00Z") == "2027-04-04T01:30:00");
}

TEST_CASE("a wall clock reading becomes the first instant that shows it or a later one") {
  CHECK(utc_of("America/New_York", "2026-11-24", 9) == "2026-11-24T14:00:00Z");
  CHECK(utc_of("America/New_York", "2027-03-14", 2, 30) == "2027-03-14T07:00:00Z");
  CHECK(utc_of("America/New_York", "2026-11-01", 1, 30) == "2026-11-01T05:30:00Z");
  CHECK(utc_of("America/New_York", "2026-11-01", 2) == "2026-11-01T07:00:00Z");
  CHECK(utc_of("America/New_York", "2026-11-24", 24) == "2026-11-25T05:00:00Z");
  CHECK(utc_of("Pacific/Apia", "2026-11-24", 0) == "2026-11-23T11:00:00Z");
}

TEST_CASE("wall clock and instant lead back to each other outside of gaps and overlaps") {
  for (const char* name : {"America/New_York", "America/Phoenix", "Asia/Kathmandu", "Pacific/Apia"}) {
    for (int hours = 0; hours < 24 * 400; hours += 7) {
      const Instant instant = parse_instant("2026-01-01T00:30:00Z").value() + hours * kHour;
      const LocalTime local = to_local(zone(name), instant);
      const Instant back = from_local(zone(name), local.date, local.second_of_day);
      CHECK((back == instant || back == instant - kHour));
    }
  }
}

TEST_CASE("a span of one offset holds the instant that it was asked for") {
  const Instant instant = parse_instant("2026-07-04T12:00:00Z").value();
  const OffsetSpan summer = zone("America/New_York").span_at(instant);
  CHECK(summer.offset == std::chrono::hours{-4});
  CHECK(format_instant(summer.begin) == "2026-03-08T07:00:00Z");
  CHECK(format_instant(summer.end) == "2026-11-01T06:00:00Z");
  const OffsetSpan ever = zone("Etc/UTC").span_at(instant);
  CHECK(ever.begin <= instant);
  CHECK(ever.end > instant);
}

TEST_CASE("the release of the zone data can be read") {
  const std::string release = zone_data_release();
  CHECK(release.size() >= 5);
  CHECK(release.starts_with("20"));
}
