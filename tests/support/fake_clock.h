#pragma once

#include "core/base/clock.h"

namespace avisloop {

/// A clock that stands still until the test moves it.
class FakeClock : public Clock {
 public:
  explicit FakeClock(Instant start) : now_(start) {}

  Instant now() override { return now_; }
  Micros steady() override { return steady_; }
  void pause(Micros longest) override { advance(longest); }

  void set(Instant now) { now_ = now; }

  /// Both clocks move on together.
  void advance(Micros by) {
    now_ += by;
    steady_ += by;
  }

 private:
  Instant now_;
  Micros steady_{0};
};

/// The instant at which tests begin: a Tuesday, 09:00 in Chicago and 10:00 in New York.
inline Instant test_start() {
  return *parse_instant("2026-11-24T15:00:00Z");
}

}  // namespace avisloop
