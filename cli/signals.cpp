#include "cli/signals.h"

#include <signal.h>

namespace avisloop {
namespace {

Termination termination;

void note(int signal) {
  termination.signal.store(signal);
  termination.requested.store(true);
}

}  // namespace

const Termination& watch_termination() {
  struct sigaction action {};
  action.sa_handler = note;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP})
    sigaction(signal, &action, nullptr);
  return termination;
}

}  // namespace avisloop
