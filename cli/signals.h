#pragma once

#include <atomic>

namespace avisloop {

/// What the signals SIGTERM and SIGINT ask of a command that finishes what it has in hand.
struct Termination {
  std::atomic<bool> requested{false};
  std::atomic<int> signal{0};
};

/// From now on the first SIGTERM, SIGINT or SIGHUP is noted here instead of ending the program; the second ends it.
const Termination& watch_termination();

}  // namespace avisloop
