#pragma once

#include <chrono>
#include <memory>

#include "core/base/instant.h"

namespace avisloop {

/// Time as the program sees it; tests and AVISLOOP_CLOCK put another one in its place.
class Clock {
 public:
  virtual ~Clock() = default;

  /// Wall clock, UTC.
  virtual Instant now() = 0;

  /// Monotonic time since an arbitrary start: for leases, deadlines and rates inside one process.
  virtual Micros steady() = 0;

  /// Lets time pass, `longest` at most; a signal may end it early.
  virtual void pause(Micros longest) = 0;
};

/// The host's clock.
std::unique_ptr<Clock> make_system_clock();

/// A clock that starts at `start` now and runs on at the host's pace (AVISLOOP_CLOCK).
std::unique_ptr<Clock> make_shifted_clock(Instant start);

}  // namespace avisloop
