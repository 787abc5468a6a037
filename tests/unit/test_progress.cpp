#include <ostream>

#include <doctest/doctest.h>

#include "cli/progress.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_terminal.h"

namespace avisloop {
namespace {

ProgressState halfway() {
  return {12'300'000, 24'600'000, 450'000, 3, std::chrono::seconds{7}};
}

TEST_CASE("progress shows share, bytes, rows, rejects, rate and the time left") {
  CHECK(format_progress(halfway(), 200) ==
        "[##########----------]   50%  12.3 of 24.6 MB  450,000 rows  3 rejected  64,285 rows/s  0:07 left");
}

TEST_CASE("progress without a known size shows what was read and how long it took") {
  ProgressState state = halfway();
  state.bytes_total.reset();
  state.rejected = 0;
  CHECK(format_progress(state, 200) == "12.3 MB  450,000 rows  64,285 rows/s  0:07");
}

TEST_CASE("progress fits a narrow terminal: the least important parts go first") {
  CHECK(format_progress(halfway(), 60) == " 50%  450,000 rows  3 rejected  64,285 rows/s  0:07 left");
  CHECK(format_progress(halfway(), 20) == " 50%  450,000 rows");
  CHECK(format_progress(halfway(), 5) == "450,0");
  for (int columns = 0; columns < 120; ++columns) {
    CHECK(static_cast<int>(format_progress(halfway(), columns).size()) <= columns);
  }
}

TEST_CASE("progress at the start and beyond the end stays sane") {
  CHECK(format_progress({0, 100, 0, 0, Micros{0}}, 200) == "[--------------------]    0%  0.0 of 0.0 MB  0 rows");
  CHECK(format_progress({200, 100, 1, 0, Micros{0}}, 200) == "[####################]  100%  0.0 of 0.0 MB  1 row");
  CHECK(format_progress({0, 0, 0, 0, Micros{0}}, 200) == "0.0 MB  0 rows  0:00");
}

TEST_CASE("progress is drawn at most ten times a second and taken away at the end") {
  MemoryTerminal terminal;
  terminal.is_terminal = true;
  FakeClock clock(test_start());
  {
    ProgressLine line(terminal, clock, true);
    for (int i = 0; i < 100; ++i) {
      line.update(halfway());
      clock.advance(std::chrono::milliseconds{10});
    }
    std::size_t draws = 0;
    for (std::size_t at = terminal.errors.find('\r'); at != std::string::npos; at = terminal.errors.find('\r', at + 1))
      ++draws;
    CHECK(draws == 10);
  }
  CHECK(terminal.errors.ends_with("\r\x1b[K"));
  CHECK(terminal.output.empty());
}

TEST_CASE("progress says nothing where nobody watches") {
  MemoryTerminal terminal;
  FakeClock clock(test_start());
  ProgressLine(terminal, clock, true).update(halfway());
  terminal.is_terminal = true;
  ProgressLine(terminal, clock, false).update(halfway());
  CHECK(terminal.errors.empty());
}

TEST_CASE("numbers are grouped for people") {
  CHECK(with_commas(0) == "0");
  CHECK(with_commas(999) == "999");
  CHECK(with_commas(1000) == "1,000");
  CHECK(with_commas(1234567) == "1,234,567");
  CHECK(with_commas(-1234) == "-1,234");
}

}  // namespace
}  // namespace avisloop
