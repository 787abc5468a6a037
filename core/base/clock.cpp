#include "core/base/clock.h"

#include <ctime>

namespace avisloop {
namespace {

Micros steady_now() {
  return std::chrono::duration_cast<Micros>(std::chrono::steady_clock::now().time_since_epoch());
}

void sleep_once(Micros longest) {
  if (longest <= Micros{0}) return;
  const timespec span{longest.count() / 1'000'000, longest.count() % 1'000'000 * 1000};
  nanosleep(&span, nullptr);
}

class SystemClock : public Clock {
 public:
  Instant now() override { return std::chrono::time_point_cast<Micros>(std::chrono::system_clock::now()); }
  Micros steady() override { return steady_now(); }
  void pause(Micros longest) override { sleep_once(longest); }
};

class ShiftedClock : public Clock {
 public:
  explicit ShiftedClock(Instant start) : start_(start), begun_(steady_now()) {}
  Instant now() override { return start_ + (steady_now() - begun_); }
  Micros steady() override { return steady_now(); }
  void pause(Micros longest) override { sleep_once(longest); }

 private:
  Instant start_;
  Micros begun_;
};

}  // namespace

std::unique_ptr<Clock> make_system_clock() {
  return std::make_unique<SystemClock>();
}
std::unique_ptr<Clock> make_shifted_clock(Instant start) {
  return std::make_unique<ShiftedClock>(start);
}

}  // namespace avisloop
