// Runs two commands in turn, N times each, and prints the median wall time of both in microseconds and their ratio:
// the machine's moods meet both alike.
//
// usage: alternate N COMMAND [WORD...] -- COMMAND [WORD...]
// prints: MEDIAN_1 MEDIAN_2 RATIO (of the medians, first by second)
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

using Words = std::vector<char*>;

double run_once(Words& words, const posix_spawn_file_actions_t& quiet) {
  const auto began = std::chrono::steady_clock::now();
  pid_t child = 0;
  int status = 0;
  if (posix_spawnp(&child, words[0], &quiet, nullptr, words.data(), environ) != 0 ||
      waitpid(child, &status, 0) != child || status != 0) {
    std::fprintf(stderr, "alternate: %s failed\n", words[0]);
    std::exit(1);
  }
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - began).count();
}

double median(std::vector<double> times) {
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 5) {
    std::fputs("usage: alternate N COMMAND [WORD...] -- COMMAND [WORD...]\n", stderr);
    return 2;
  }
  const int rounds = std::max(1, std::atoi(arguments[1]));
  std::vector<Words> commands(1);
  for (int i = 2; i < count; ++i) {
    if (std::string(arguments[i]) == "--") {
      commands.emplace_back();
    } else {
      commands.back().push_back(arguments[i]);
    }
  }
  if (commands.size() != 2 || commands[0].empty() || commands[1].empty()) return 2;
  for (Words& words : commands)
    words.push_back(nullptr);
  posix_spawn_file_actions_t quiet;
  posix_spawn_file_actions_init(&quiet);
  posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  std::vector<double> times[2];
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t which = 0; which < 2; ++which)
      times[which].push_back(run_once(commands[which], quiet));
  }
  const double first = median(times[0]);
  const double second = median(times[1]);
  std::printf("%.0f %.0f %.2f\n", first, second, first / second);
  return 0;
}
