#include <ostream>

#include "core/rules/retry.h"
#include "tests/support/property.h"

#include <doctest/doctest.h>

using namespace avisloop;

namespace {

const Instant kNow = parse_instant("2026-11-24T15:00:00Z").value();

/// Always the same share of the jitter.
class FixedRandom : public Random {
 public:
  explicit FixedRandom(std::uint8_t byte) : byte_(byte) {}
  void fill(std::span<std::uint8_t> bytes) override {
    for (auto& byte : bytes)
      byte = byte_;
  }

 private:
  std::uint8_t byte_;
};

Micros pause(int attempts_used, std::uint8_t byte, std::optional<Micros> retry_after = {}) {
  FixedRandom random(byte);
  return next_attempt(kNow, attempts_used, retry_after, random) - kNow;
}

}  // namespace

TEST_CASE("the pause doubles from one minute to six hours, with jitter in its upper half") {
  const int minutes[] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360};
  for (int used = 1; used <= 11; ++used) {
    CAPTURE(used);
    const Micros whole = std::chrono::minutes{minutes[used - 1]};
    CHECK(pause(used, 0x01) >= whole / 2);
    CHECK(pause(used, 0x01) < whole / 2 + whole / 100);
    CHECK(pause(used, 0xff) <= whole);
    CHECK(pause(used, 0xff) > whole - whole / 100);
  }
  CHECK(pause(0, 0xff) <= std::chrono::minutes{1});
  CHECK(pause(1000000, 0xff) <= std::chrono::hours{6});
}

TEST_CASE("nothing is tried before the provider allows it") {
  CHECK(pause(1, 0xff, std::chrono::hours{2}) == std::chrono::hours{2});
  CHECK(pause(1, 0x01, std::chrono::seconds{1}) >= std::chrono::seconds{30});
}

TEST_CASE("every pause lies between half of it and the whole") {
  CHECK(property_holds("jitter stays in the upper half", 200, [] {
    const int used = *rc::gen::inRange(1, 12);
    const auto random = make_seeded_random(*rc::gen::arbitrary<std::uint64_t>());
    const Micros whole = std::min<Micros>(std::chrono::minutes{1 << std::min(used - 1, 9)}, std::chrono::hours{6});
    const Micros got = next_attempt(kNow, used, {}, *random) - kNow;
    RC_ASSERT(got >= whole / 2);
    RC_ASSERT(got <= whole);
  }));
}

TEST_CASE("a Retry-After header is read in each of its forms") {
  const std::pair<const char*, long long> cases[] = {
      {"0", 0},
      {"120", 120},
      {" 5 ", 5},
      {"86401", 86400},
      {"99999999999999999999999", 86400},
      {"Tue, 24 Nov 2026 15:01:30 GMT", 90},
      {"Tuesday, 24-Nov-26 15:01:30 GMT", 90},
      {"Tue Nov 24 15:01:30 2026", 90},
      {"Tue, 24 Nov 2026 14:00:00 GMT", 0},
      {"Fri, 01 Jan 2100 00:00:00 GMT", 86400},
  };
  for (const auto& [value, seconds] : cases) {
    CAPTURE(value);
    const auto pause_read = read_retry_after(value, kNow);
    REQUIRE(pause_read);
    CHECK(*pause_read == std::chrono::seconds{seconds});
  }
}

TEST_CASE("a Retry-After header that makes no sense says nothing") {
  for (const char* value : {"", " ", "-1", "1.5", "soon", "12 s", "Tue, 24 Nov 2026", "Tue, 31 Feb 2026 15:00:00 GMT",
                            "Tue, 24 Nov 2026 25:00:00 GMT", "Tue, 24 Foo 2026 15:00:00 GMT", "a b c d e"}) {
    CAPTURE(value);
    CHECK(!read_retry_after(value, kNow));
  }
}
