#include <ostream>

#include "core/rules/data_table.h"
#include "core/rules/phone.h"
#include "tests/support/property.h"

#include <doctest/doctest.h>

using namespace avisloop;

namespace {

/// Takes numbers of 8 digits and more for possible.
Result<bool> eight_digits(std::string_view e164) {
  return e164.size() >= 9;
}

std::string e164_of(std::string_view raw) {
  const auto reading = read_phone(raw, eight_digits);
  return reading ? reading->e164 : "refused: " + reading.error().message;
}

std::string problem_of(std::string_view raw) {
  const auto reading = read_phone(raw, eight_digits);
  if (reading) return "read as " + reading->e164;
  CHECK(reading.error().fault == Fault::data);
  CHECK(reading.error().message.find('\n') == std::string::npos);
  return reading.error().message;
}

}  // namespace

TEST_CASE("a phone number is read however people write it") {
  const std::pair<const char*, const char*> cases[] = {
      {"5125550142", "+15125550142"},
      {"512-555-0142", "+15125550142"},
      {"(512) 555-0142", "+15125550142"},
      {"(512)555.0142", "+15125550142"},
      {"512.555.0142", "+15125550142"},
      {"512/555/0142", "+15125550142"},
      {"1-512-555-0142", "+15125550142"},
      {"1 (512) 555 0142", "+15125550142"},
      {"+1 512 555 0142", "+15125550142"},
      {"(+1) 512-555-0142", "+15125550142"},
      {"+15125550142", "+15125550142"},
      {"  512 555 0142\t", "+15125550142"},
      {"tel:+1-512-555-0142", "+15125550142"},
      {"TEL:512-555-0142", "+15125550142"},
      {"512\u2011555\u20130142", "+15125550142"},
      {"512\u2212555\u22120142", "+15125550142"},
      {"512\u00a0555\u20090142", "+15125550142"},
      {"\u202a+1 512 555 0142\u202c", "+15125550142"},
      {"\ufeff5125550142", "+15125550142"},
      {"8005550142", "+18005550142"},
      {"+44 20 7946 0958", "+442079460958"},
      {"+44 (0)20 7946 0958", "+442079460958"},
      {"+49-30-901820", "+4930901820"},
  };
  for (const auto& [raw, e164] : cases) {
    CAPTURE(raw);
    CHECK(e164_of(raw) == e164);
  }
}

TEST_CASE("what is no phone number is refused with the reason in one line") {
  const std::pair<const char*, const char*> cases[] = {
      {"", "the phone number is empty"},
      {"   ", "the phone number is empty"},
      {"-", "has no digits"},
      {"+", "has no digits"},
      {"911", "is too short: 3 digits"},
      {"000-000-0000", "area code that begins with 0"},
      {"123-555-0142", "area code that begins with 1"},
      {"911-555-0142", "service code as its area code: 911"},
      {"512-155-0142", "155 after the area code"},
      {"512-911-0142", "service code after the area code: 911"},
      {"900-555-0142", "premium"},
      {"555-0142", "has no area code"},
      {"512-555-014", "is too short: 9 digits"},
      {"25125550142", "has 11 digits and no +"},
      {"442079460958", "has 12 digits and no +"},
      {"00442079460958", "dialling prefix 00"},
      {"011442079460958", "dialling prefix 011"},
      {"512-555-0142 / 512-555-0143", "has 20 digits"},
      {"+1234567890123456", "has 16 digits"},
      {"+1 512 555 014", "has 10 digits: +1 is followed by 10"},
      {"+1 512 555 01422", "has 12 digits: +1 is followed by 10"},
      {"+01 512 555 0142", "0 after the +"},
      {"+4420", "is too short"},
      {"+4420794", "a length that its country does not use"},
      {"512-555-HELP", "has letters"},
      {"n/a", "has letters"},
      {"unknown", "has letters"},
      {"1-512-555-0142 ext. 3", "has an extension"},
      {"512-555-0142 x3", "has an extension"},
      {"512-555-0142#3", "has an extension"},
      {"tel:+1-512-555-0142;ext=3", "has an extension"},
      {"512-555+0142", "has a + in the middle"},
      {"++15125550142", "has a + in the middle"},
      {"512*5550142", "has the character `*` (U+002A)"},
      {"512,555,0142", "has the character `,`"},
      {"\uff15\uff11\uff125550142", "(U+FF15)"},
      {"\u0665\u0661\u06625550142", "(U+0665)"},
      {"512\x01"
       "5550142",
       "(U+0001)"},
      {"512\xff"
       "5550142",
       "(U+FFFD)"},
  };
  for (const auto& [raw, part] : cases) {
    const std::string problem = problem_of(raw);
    CAPTURE(raw);
    CAPTURE(problem);
    CHECK(problem.find(part) != std::string::npos);
  }
}

TEST_CASE("a refusal quotes no more of the value than fits a line") {
  const std::string problem = problem_of(std::string(100000, '7'));
  CHECK(problem.size() < 150);
  CHECK(problem.find("100000 digits") != std::string::npos);
}

TEST_CASE("a dialling prefix or a missing plus is answered with what to write") {
  for (const char* raw : {"00442079460958", "011442079460958", "442079460958"}) {
    const auto reading = read_phone(raw, eight_digits);
    REQUIRE(!reading);
    CHECK(reading.error().remedy.find("+ and the country code") != std::string::npos);
  }
}

TEST_CASE("a foreign number is not judged when the check itself fails") {
  const auto broken = [](std::string_view) -> Result<bool> { return fail(Fault::config, "no module"); };
  const auto reading = read_phone("+442079460958", broken);
  REQUIRE(!reading);
  CHECK(reading.error().fault == Fault::config);
  CHECK(!read_phone("+442079460958", nullptr));
  CHECK(read_phone("512-555-0142", nullptr));
}

TEST_CASE("an area code tells every state and zone it may lie in") {
  const auto border = read_phone("812-555-0142", nullptr);
  REQUIRE(border);
  CHECK(border->states == std::vector<std::string_view>{"US-IN"});
  CHECK(border->zones == std::vector<std::string_view>{"America/Indiana/Indianapolis", "America/Chicago"});
  const PhoneReading north = place_of_phone("+18675550142");
  CHECK(north.states.size() == 3);
  CHECK(place_of_phone("+442079460958").zones.empty());
  CHECK(place_of_phone("").zones.empty());
  REQUIRE(find_area_code("876") != nullptr);
  CHECK(find_area_code("876")->states == std::vector<std::string_view>{"JM"});
  CHECK(find_area_code("999") == nullptr);
  CHECK(find_area_code("51") == nullptr);
  CHECK(find_area_code("5x2") == nullptr);
}

TEST_CASE("a number that is not bound to a place is read and has no zone") {
  for (const char* raw :
       {"800-555-0142", "888 555 0142", "877-555-0142", "866-555-0142", "855-555-0142", "844-555-0142", "833-555-0142",
        "822-555-0142", "500-555-0142", "600-555-0142", "700-555-0142", "710-555-0142", "999-555-0142"}) {
    CAPTURE(raw);
    const auto reading = read_phone(raw, nullptr);
    REQUIRE(reading);
    CHECK(reading->zones.empty());
    CHECK(reading->states.empty());
  }
}

TEST_CASE("the table of area codes is whole") {
  int geographic = 0;
  const auto rows = read_data_table("area_codes.csv", 4);
  CHECK(rows.size() == 514);
  for (const auto& row : rows) {
    CAPTURE(row[0]);
    CHECK(row[0].size() == 3);
    CHECK((row[3] == "geographic") == !row[2].empty());
    CHECK(row[1].empty() == row[2].empty());
    geographic += row[3] == "geographic" ? 1 : 0;
  }
  CHECK(geographic == 454);
}

TEST_CASE("every number of the plan survives being written in any style") {
  CHECK(property_holds("ten digits in any style are read as the same number", 500, [] {
    const auto digit = [](int least) { return static_cast<char>('0' + *rc::gen::inRange(least, 10)); };
    std::string digits;
    for (int i = 0; i < 10; ++i)
      digits += digit(i == 0 || i == 3 ? 2 : 0);
    RC_PRE(digits.substr(1, 2) != "11" && digits.substr(4, 2) != "11" && digits.substr(0, 3) != "900");
    std::string written = *rc::gen::element<std::string>("", "1", "+1 ", "tel:+1-", "(+1)");
    for (const char c : digits) {
      written += *rc::gen::element<std::string>("", "", "", " ", "-", ".", "(", ")", "\u2013", "\u00a0");
      written += c;
    }
    RC_ASSERT(e164_of(written) == "+1" + digits);
    RC_ASSERT(e164_of("+1" + digits) == "+1" + digits);
  }));
}

TEST_CASE("no text makes the reader stumble") {
  CHECK(property_holds("any bytes are read or refused in one line", 1000, [] {
    const auto raw = *rc::gen::arbitrary<std::string>();
    const auto reading = read_phone(raw, eight_digits);
    if (reading) {
      RC_ASSERT(reading->e164.front() == '+');
      RC_ASSERT(reading->e164.size() <= 16U);
    } else {
      RC_ASSERT(!reading.error().message.empty());
      RC_ASSERT(reading.error().message.find('\n') == std::string::npos);
    }
  }));
}
