#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <exception>
#include <string_view>

#include "core/base/clock.h"
#include "tests/emulator/server.h"

namespace {

int usage() {
  fmt::print(stderr, "usage: avisloop_emulator [--port N] [--latency-ms N] [--clock INSTANT]\n");
  return 2;
}

}  // namespace

int main(int count, char** words) {
  using namespace avisloop;
  int port = 0;
  int latency_ms = 0;
  auto clock = make_system_clock();
  for (int i = 1; i < count; i += 2) {
    const std::string_view option = words[i];
    if (i + 1 == count) return usage();
    const std::string_view value = words[i + 1];
    if (option == "--port") {
      std::from_chars(value.data(), value.data() + value.size(), port);
    } else if (option == "--latency-ms") {
      std::from_chars(value.data(), value.data() + value.size(), latency_ms);
    } else if (option == "--clock") {
      const auto at = parse_instant(value);
      if (!at) return usage();
      clock = make_shifted_clock(*at);
    } else {
      return usage();
    }
  }
  try {
    emulator::World world;
    world.clock = std::move(clock);
    emulator::Server server(world, port, std::chrono::milliseconds{latency_ms});
    fmt::print("listening on {}\n", server.port());
    std::fflush(stdout);
    server.run();
  } catch (const std::exception& error) {
    fmt::print(stderr, "avisloop_emulator: {}\n", error.what());
    return 1;
  }
  return 0;
}
