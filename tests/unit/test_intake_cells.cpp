#include <ostream>

#include <doctest/doctest.h>

#include "core/intake/cells.h"

namespace avisloop {
namespace {

TEST_CASE("yes and no are read in the usual words and nothing else is guessed") {
  for (const char* word : {"yes", "Y", " TRUE ", "1", "x", "on"}) {
    CAPTURE(word);
    CHECK(read_yes_no(word) == true);
  }
  for (const char* word : {"no", "N", "False", "0", "off"}) {
    CAPTURE(word);
    CHECK(read_yes_no(word) == false);
  }
  for (const char* word : {"", "maybe", "2", "yes!"}) {
    CAPTURE(word);
    CHECK_FALSE(read_yes_no(word).has_value());
  }
}

TEST_CASE("an email keeps its local part and gets a lower-case domain") {
  CHECK(*read_email(" Ann.Smith@Example.COM ") == "Ann.Smith@example.com");
  CHECK(*read_email("root@localhost") == "root@localhost");
}

TEST_CASE("an email that cannot be one says why") {
  struct Case {
    std::string text;
    const char* why;
  };
  const std::vector<Case> cases{{"ann.example.com", "has no @"},
                                {"ann@b@example.com", "has more than one @"},
                                {"@example.com", "has nothing before the @"},
                                {"ann@example", "has no domain"},
                                {"ann@.com", "has no domain"},
                                {"ann@example..com", "has no domain"},
                                {"ann smith@example.com", "has a space"},
                                {"ann@example.com\r\nBcc: x@example.com", "has a space"},
                                {"Ann<ann@example.com>", "is not one plain address"},
                                {std::string(250, 'a') + "@example.com", "is longer than 254"}};
  for (const Case& one : cases) {
    CAPTURE(one.text);
    const auto email = read_email(one.text);
    REQUIRE_FALSE(email.has_value());
    CHECK(email.error().fault == Fault::data);
    CHECK(email.error().message.find(one.why) != std::string::npos);
    CHECK(email.error().message.find('\n') == std::string::npos);
  }
}

TEST_CASE("the first of several values in one cell is taken") {
  CHECK(first_value("a@x.com, b@x.com") == "a@x.com");
  CHECK(first_value("a@x.com ::: b@x.com") == "a@x.com");
  CHECK(first_value("(512) 555-0142; 512-555-0143") == "(512) 555-0142");
  CHECK(first_value("512-555-0142\n512-555-0143") == "512-555-0142");
  CHECK(first_value(", 512-555-0143") == "512-555-0143");
  CHECK(first_value("a@x.com,") == "a@x.com");
  // What cannot stand alone belongs to the value before it.
  CHECK(first_value("512-555-0142, ext 3") == "512-555-0142, ext 3");
  CHECK(first_value("  ").empty());
}

TEST_CASE("a full name is split so that a greeting sounds right") {
  using Name = std::pair<std::string, std::string>;
  CHECK(split_name("Ann Smith") == Name{"Ann", "Smith"});
  CHECK(split_name("Smith, Ann") == Name{"Ann", "Smith"});
  CHECK(split_name("Ann de la Cruz") == Name{"Ann", "de la Cruz"});
  CHECK(split_name("Dr. Ann Smith") == Name{"Ann", "Smith"});
  CHECK(split_name("Ann Smith, Jr.") == Name{"Ann", "Smith"});
  CHECK(split_name("Cher") == Name{"Cher", ""});
  CHECK(split_name("") == Name{"", ""});
}

TEST_CASE("tags are parted, trimmed and kept once") {
  using Tags = std::vector<std::string>;
  CHECK(read_tags("vip; pool ,vip,") == Tags{"vip", "pool"});
  CHECK(read_tags("* myContacts ::: Customers") == Tags{"myContacts", "Customers"});
  CHECK(read_tags("").empty());
}

TEST_CASE("languages are read as tags and as common names") {
  CHECK(*read_language("EN") == "en");
  CHECK(*read_language("pt_br") == "pt-BR");
  CHECK(*read_language("es-419") == "es-419");
  CHECK(*read_language("Spanish") == "es");
  CHECK_FALSE(read_language("Klingonese").has_value());
  CHECK_FALSE(read_language("e").has_value());
}

TEST_CASE("a wall clock reading without a zone is meant where the organization is") {
  const Zone* chicago = Zone::find("America/Chicago");
  REQUIRE(chicago != nullptr);
  constexpr int noon = 12 * 3600;
  const auto utc = [&](std::string_view text) { return format_instant(*read_when(text, *chicago, noon)); };
  CHECK(utc("2026-11-20T14:30:00Z") == "2026-11-20T14:30:00Z");
  CHECK(utc("2026-11-20T14:30:00-05:00") == "2026-11-20T19:30:00Z");
  CHECK(utc("2026-11-20") == "2026-11-20T18:00:00Z");
  CHECK(utc("11/20/2026") == "2026-11-20T18:00:00Z");
  CHECK(utc("7/4/2026") == "2026-07-04T17:00:00Z");
  CHECK(utc("2026-11-20 08:15") == "2026-11-20T14:15:00Z");
  CHECK(utc("11/20/2026 4:30 PM") == "2026-11-20T22:30:00Z");
  CHECK(utc("11/20/2026 12:05:09 am") == "2026-11-20T06:05:09Z");
}

TEST_CASE("a date that is none is refused") {
  const Zone* utc = Zone::find("UTC");
  REQUIRE(utc != nullptr);
  for (const char* text : {"", "yesterday", "2026-13-01", "2026-02-30", "20/11/2026", "11/20/26", "11/20/2026 25:00",
                           "11/20/2026 13:00 PM", "2026-11-20 8", "2026-11-20x"}) {
    CAPTURE(text);
    CHECK_FALSE(read_when(text, *utc, 0).has_value());
  }
}

TEST_CASE("services are read in the trade's words, and an unknown one is told with those that are known") {
  CHECK(*read_service("Plumbing") == ServiceCategory::plumbing);
  CHECK(*read_service("general contractor") == ServiceCategory::general_contractor);
  CHECK(*read_service("Air Conditioning") == ServiceCategory::hvac);
  CHECK(*read_service("Heating & Cooling") == ServiceCategory::hvac);
  CHECK(*read_service("lawn care") == ServiceCategory::landscaping);
  const auto unknown = read_service("Astrology");
  REQUIRE_FALSE(unknown.has_value());
  CHECK(unknown.error().message.find("plumbing, hvac") != std::string::npos);
}

TEST_CASE("an unknown time zone names the one that was probably meant") {
  CHECK((*read_time_zone("America/Chicago"))->name() == "America/Chicago");
  const auto typo = read_time_zone("America/Chicaco");
  REQUIRE_FALSE(typo.has_value());
  CHECK(typo.error().message.find("America/Chicago") != std::string::npos);
}

TEST_CASE("text on one line loses breaks and runs of spaces, and refuses control characters") {
  CHECK(*read_line(" Ann\r\n  Smith\t", 100) == "Ann Smith");
  CHECK_FALSE(read_line("Ann\x1b[31m", 100).has_value());
  CHECK_FALSE(read_line("Ann Smith", 5).has_value());
  CHECK(*read_text(" two\nlines ", 100) == "two\nlines");
}

}  // namespace
}  // namespace avisloop
