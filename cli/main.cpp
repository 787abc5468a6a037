#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <new>

#include "cli/command.h"
#include "cli/wire.h"

namespace {

/// Every write of the store is a transaction, so a command that is interrupted can simply end; commands that finish
/// what they have in hand put another handler in its place.
void end_interrupted(int) {
  _exit(static_cast<int>(avisloop::ExitCode::interrupted));
}

int run(int count, char** words) {
  struct sigaction interrupt {};
  interrupt.sa_handler = end_interrupted;
  sigaction(SIGINT, &interrupt, nullptr);
  signal(SIGPIPE, SIG_IGN);  // a closed pipe is told by the write itself

  const auto environment = avisloop::make_process_environment();
  const auto terminal = avisloop::make_standard_terminal();
  const auto random = avisloop::make_system_random();
  avisloop::App app(avisloop::make_parts(*random), *environment, *terminal, *random, avisloop::make_system_clock());
  const std::vector<std::string> arguments(words + (count > 0 ? 1 : 0), words + count);
  return avisloop::run_command_line(arguments, app);
}

}  // namespace

int main(int count, char** words) {
  try {
    return run(count, words);
  } catch (const std::bad_alloc&) {
    std::fputs("avisloop: error: out of memory; nothing was left half-done\n", stderr);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "avisloop: error: a bug in avisloop: %s\n", error.what());
  }
  return static_cast<int>(avisloop::ExitCode::bug);
}
