#include <ostream>

#include "core/base/id.h"
#include "core/base/random.h"
#include "tests/support/property.h"

#include <doctest/doctest.h>

using namespace avisloop;

namespace {

const Instant kNow = parse_instant("2026-11-24T15:00:00Z").value();

}  // namespace

TEST_CASE("an id is a UUID of version 7 that carries its millisecond") {
  const auto random = make_seeded_random(1);
  const Id id = IdMaker(*random).make(kNow);
  const std::string text = to_string(id);
  CHECK(text.size() == 36);
  CHECK(text[14] == '7');
  CHECK(std::string("89ab").find(text[19]) != std::string::npos);
  std::int64_t millis = 0;
  for (std::size_t i = 0; i < 6; ++i)
    millis = millis << 8 | id.bytes[i];
  CHECK(millis == to_micros(kNow) / 1000);
  CHECK(!id.is_nil());
  CHECK(Id{}.is_nil());
}

TEST_CASE("ids grow strictly, also when the clock stands still or steps back") {
  const auto random = make_seeded_random(2);
  IdMaker maker(*random);
  Id last = maker.make(kNow);
  for (int i = 0; i < 100000; ++i) {
    const Id next = maker.make(i % 3 == 0 ? kNow - kHour : kNow);
    REQUIRE(last < next);
    last = next;
  }
  CHECK(last < maker.make(kNow + kDay));
}

TEST_CASE("two makers do not make the same id at the same instant") {
  const auto one = make_seeded_random(3);
  const auto two = make_seeded_random(4);
  CHECK(IdMaker(*one).make(kNow) != IdMaker(*two).make(kNow));
}

TEST_CASE("an id survives being written and read, case free") {
  CHECK(property_holds("to_string and parse_id are inverse", 200, [] {
    Id id;
    for (auto& byte : id.bytes)
      byte = *rc::gen::arbitrary<std::uint8_t>();
    std::string text = to_string(id);
    RC_ASSERT((parse_id(text) == std::optional<Id>(id)));
    for (char& c : text)
      c = static_cast<char>(std::toupper(c));
    RC_ASSERT((parse_id(text) == std::optional<Id>(id)));
  }));
}

TEST_CASE("nothing but the canonical form is an id") {
  for (const char* text :
       {"", "0192f7a0", "0192f7a0-0000-7000-8000-00000000000", "0192f7a0-0000-7000-8000-0000000000000",
        "0192f7a00000-7000-8000-000000000000-", "{192f7a0-0000-7000-8000-000000000000",
        "0192f7g0-0000-7000-8000-000000000000", "0192f7a0_0000-7000-8000-000000000000"}) {
    CAPTURE(text);
    CHECK(!parse_id(text));
  }
}
