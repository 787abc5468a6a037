#include <ostream>

#include "core/base/instant.h"
#include "tests/support/property.h"

#include <doctest/doctest.h>

using namespace avisloop;

TEST_CASE("an instant is written in UTC, with a fraction only if there is one") {
  const std::pair<std::int64_t, const char*> cases[] = {
      {0, "1970-01-01T00:00:00Z"},         {1764000000LL * 1000000, "2025-11-24T16:00:00Z"},
      {1500000, "1970-01-01T00:00:01.5Z"}, {1, "1970-01-01T00:00:00.000001Z"},
      {-1, "1969-12-31T23:59:59.999999Z"},
  };
  for (const auto& [micros, text] : cases) {
    CHECK(format_instant(from_micros(micros)) == text);
    CHECK(to_micros(parse_instant(text).value()) == micros);
  }
}

TEST_CASE("RFC 3339 is read with Z or an offset, up to microseconds") {
  const std::pair<const char*, const char*> cases[] = {
      {"2026-11-24T09:00:00-06:00", "2026-11-24T15:00:00Z"},
      {"2026-11-24T15:00:00+00:00", "2026-11-24T15:00:00Z"},
      {"2026-11-24T20:45:00+05:45", "2026-11-24T15:00:00Z"},
      {"2026-11-24t15:00:00z", "2026-11-24T15:00:00Z"},
      {"2026-11-24 15:00:00Z", "2026-11-24T15:00:00Z"},
      {"2026-11-24T15:00:00.25Z", "2026-11-24T15:00:00.25Z"},
      {"2026-11-24T15:00:00.1234567Z", "2026-11-24T15:00:00.123456Z"},
      {"2028-02-29T00:00:00Z", "2028-02-29T00:00:00Z"},
  };
  for (const auto& [text, utc] : cases) {
    CAPTURE(text);
    REQUIRE(parse_instant(text));
    CHECK(format_instant(*parse_instant(text)) == utc);
  }
}

TEST_CASE("what is no instant is not read") {
  for (const char* text :
       {"", "2026-11-24", "2026-11-24T15:00", "2026-11-24T15:00:00", "2026-11-24T15:00Z", "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-11-24T24:00:00Z", "2026-11-24T15:60:00Z", "2026-11-24T15:00:60Z",
        "2026-11-24T15:00:00.Z", "2026-11-24T15:00:00+5:45", "2026-11-24T15:00:00+24:00", "2026-11-24T15:00:00Zx",
        "26-11-24T15:00:00Z", "2026/11/24T15:00:00Z", "now"}) {
    CAPTURE(text);
    CHECK(!parse_instant(text));
  }
}

TEST_CASE("every instant survives being written and read") {
  CHECK(property_holds("format and parse are inverse", 500, [] {
    const Instant instant = from_micros(*rc::gen::inRange<std::int64_t>(-4102444800000000, 4102444800000000));
    RC_ASSERT(to_micros(parse_instant(format_instant(instant)).value()) == to_micros(instant));
  }));
}

TEST_CASE("a date is read whole or not at all") {
  REQUIRE(parse_date("2026-11-24"));
  CHECK(*parse_date("2026-11-24") == std::chrono::year{2026} / 11 / 24);
  for (const char* text : {"", "2026-11-31", "2026-11-24T", "2026-1-1", "11/24/2026"})
    CHECK(!parse_date(text));
}

TEST_CASE("a duration is read in days, hours, minutes and seconds") {
  using namespace std::chrono_literals;
  CHECK(parse_duration("0h") == Micros{0s});
  CHECK(parse_duration("90s") == Micros{90s});
  CHECK(parse_duration("15m") == Micros{15min});
  CHECK(parse_duration("24h") == kDay);
  CHECK(parse_duration("1d12h") == Micros{36h});
  CHECK(parse_duration("36500d") == 36500 * kDay);
  for (const char* text :
       {"", "h", "5", "-1h", "+1h", "1.5h", "1w", "1h ", " 1h", "36501d", "99999999999999999999h", "20000d20000d"}) {
    CAPTURE(text);
    CHECK(!parse_duration(text));
  }
}

TEST_CASE("a duration is written shortly and read back") {
  using namespace std::chrono_literals;
  CHECK(format_duration(24h) == "1d");
  CHECK(format_duration(90s) == "1m30s");
  CHECK(format_duration(0s) == "0s");
  CHECK(format_duration(25h + 1s) == "1d1h1s");
  CHECK(property_holds("durations survive", 200, [] {
    const Micros duration = std::chrono::seconds{*rc::gen::inRange(0, 1000000000)};
    RC_ASSERT(parse_duration(format_duration(duration)).value() == duration);
  }));
}
