#include <algorithm>
#include <ostream>
#include <set>

#include "core/base/zones.h"
#include "core/rules/data_table.h"
#include "core/rules/place.h"

#include <doctest/doctest.h>

using namespace avisloop;

namespace {

using Texts = std::vector<std::string>;

bool has(const Texts& list, std::string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

}  // namespace

TEST_CASE("a state is read however people write it") {
  const std::pair<const char*, const char*> cases[] = {
      {"TX", "US-TX"},
      {"tx", "US-TX"},
      {"Texas", "US-TX"},
      {"US-TX", "US-TX"},
      {"us-tx", "US-TX"},
      {" Tex. ", "US-TX"},
      {"N.Y.", "US-NY"},
      {"new  york", "US-NY"},
      {"Calif.", "US-CA"},
      {"CA", "US-CA"},
      {"W. Va.", "US-WV"},
      {"DC", "US-DC"},
      {"D.C.", "US-DC"},
      {"Washington", "US-WA"},
      {"Washington, D.C.", "US-DC"},
      {"Puerto Rico", "US-PR"},
      {"Guam", "US-GU"},
      {"VI", "US-VI"},
      {"ON", "CA-ON"},
      {"Ontario", "CA-ON"},
      {"Québec", "CA-QC"},
      {"British Columbia", "CA-BC"},
      {"PEI", "CA-PE"},
      {"", ""},
      {"XX", ""},
      {"United States", ""},
      {"Bavaria", ""},
      {"T X", ""},
  };
  for (const auto& [text, code] : cases) {
    CAPTURE(text);
    CHECK(read_state(text) == code);
  }
}

TEST_CASE("every state, district, territory and province has zones that the system knows") {
  const auto rows = read_data_table("state_zones.csv", 5);
  int of_the_us = 0;
  int of_canada = 0;
  for (const auto& row : rows) {
    CAPTURE(row[0]);
    of_the_us += row[0].starts_with("US-") ? 1 : 0;
    of_canada += row[0].starts_with("CA-") ? 1 : 0;
    CHECK(read_state(row[0]) == row[0]);
    CHECK(read_state(row[0].substr(3)) == row[0]);
    CHECK(read_state(row[1]) == row[0]);
    CHECK(!zones_of_state(row[0]).empty());
    for (const std::string_view zone : zones_of_state(row[0])) {
      CAPTURE(zone);
      CHECK(Zone::find(zone) != nullptr);
    }
  }
  CHECK(of_the_us == 50 + 1 + 5);
  CHECK(of_canada == 13);
}

TEST_CASE("the zones of a state cover those of its area codes") {
  for (const auto& row : read_data_table("area_codes.csv", 4)) {
    const auto states = list_cell(row[1]);
    for (const std::string_view zone : list_cell(row[2])) {
      CAPTURE(row[0]);
      CHECK(Zone::find(zone) != nullptr);
      std::set<std::string_view> zones;
      for (const std::string_view state : states) {
        for (const std::string_view known : zones_of_state(state))
          zones.insert(known);
      }
      if (!zones.empty()) CHECK(zones.contains(zone));
    }
  }
}

TEST_CASE("every alias leads to a zone of the table") {
  for (const auto& row : read_data_table("zone_aliases.csv", 2)) {
    CAPTURE(row[0]);
    CHECK(!place_of("", "", row[0]).states.empty());
    CHECK(Zone::find(row[0]) != nullptr);
  }
}

TEST_CASE("address and area code both count") {
  const Place place = place_of("+12125550142", "US-CA", "");
  CHECK(place.states == Texts{"US-CA", "US-NY"});
  CHECK(place.zones == Texts{"America/Los_Angeles", "America/New_York"});
}

TEST_CASE("an address state brings all its zones unless the zone of the address is known") {
  CHECK(place_of("", "US-TX", "").zones == Texts{"America/Chicago", "America/Denver"});
  CHECK(place_of("", "US-TX", "America/Denver").zones == Texts{"America/Denver"});
  const Place both = place_of("+12125550142", "US-TX", "America/Denver");
  CHECK(both.zones == Texts{"America/Denver", "America/New_York"});
  CHECK(both.states == Texts{"US-TX", "US-NY"});
}

TEST_CASE("a zone without a state brings every state in it") {
  const Place eastern = place_of("", "", "America/New_York");
  for (const char* state : {"US-RI", "US-PA", "US-CT", "US-FL", "US-KY"})
    CHECK(has(eastern.states, state));
  CHECK(!has(eastern.states, "US-TX"));
  CHECK(place_of("", "", "US/Eastern").states == eastern.states);
  CHECK(place_of("", "", "America/Kentucky/Louisville").states == Texts{"US-KY"});
  CHECK(place_of("", "", "America/Phoenix").states == Texts{"US-AZ"});
  CHECK(place_of("", "", "Europe/London").states.empty());
}

TEST_CASE("a zone brings no states when an address or an area code tells the state") {
  CHECK(place_of("+15125550142", "", "America/New_York").states == Texts{"US-TX"});
  CHECK(has(place_of("+18765550142", "", "America/New_York").states, "US-RI"));
}

TEST_CASE("a number without a place relies on the address") {
  CHECK(place_of("+18005550142", "US-UT", "").zones == Texts{"America/Denver"});
  CHECK(place_of("+442079460958", "US-UT", "").zones == Texts{"America/Denver"});
  CHECK(!place_of("+18005550142", "", "").is_known());
  CHECK(!place_of("+19995550142", "", "").is_known());
  CHECK(!place_of("", "", "").is_known());
  CHECK(!place_of("", "GB-ENG", "").is_known());
}

TEST_CASE("the place of a contact is made from its time zone, state and phone") {
  Contact contact;
  contact.phone = "+19075550142";
  contact.state = "US-WA";
  CHECK(place_of(contact).states == Texts{"US-WA", "US-AK"});
  CHECK(place_of(contact).zones == Texts{"America/Los_Angeles", "America/Anchorage", "America/Adak"});
  contact.time_zone = "America/Denver";
  CHECK(place_of(contact).zones == Texts{"America/Denver", "America/Anchorage", "America/Adak"});
}
