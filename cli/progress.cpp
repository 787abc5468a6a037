#include "cli/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace avisloop {
namespace {

constexpr Micros kRedraw = std::chrono::milliseconds{100};
constexpr Micros kFirstEstimate = std::chrono::seconds{1};  ///< before it a rate says nothing
constexpr int kBarWidth = 20;

double seconds_of(Micros time) {
  return static_cast<double>(time.count()) / 1e6;
}

std::string megabytes(std::int64_t bytes) {
  return fmt::format("{:.1f}", static_cast<double>(bytes) / 1e6);
}

/// `0:07`, `12:30`, `1:02:03`.
std::string clock_text(std::int64_t seconds) {
  const std::int64_t minutes = seconds / 60;
  if (minutes < 60) return fmt::format("{}:{:02}", minutes, seconds % 60);
  return fmt::format("{}:{:02}:{:02}", minutes / 60, minutes % 60, seconds % 60);
}

std::string bar(double share) {
  const auto full = static_cast<std::size_t>(share * kBarWidth);
  return "[" + std::string(full, '#') + std::string(kBarWidth - full, '-') + "]";
}

/// The parts of the line, each with how much it matters: the least is left out first.
struct Part {
  std::string text;
  int weight = 0;
};

std::vector<Part> parts_of(const ProgressState& state) {
  std::vector<Part> parts;
  const bool measurable = state.bytes_total && *state.bytes_total > 0;
  const double share =
      measurable ? std::clamp(static_cast<double>(state.bytes_done) / static_cast<double>(*state.bytes_total), 0.0, 1.0)
                 : 0.0;
  if (measurable) {
    parts.push_back({bar(share), 1});
    parts.push_back({fmt::format("{:3.0f}%", share * 100), 6});
    parts.push_back({fmt::format("{} of {} MB", megabytes(state.bytes_done), megabytes(*state.bytes_total)), 2});
  } else {
    parts.push_back({megabytes(state.bytes_done) + " MB", 2});
  }
  parts.push_back({with_commas(state.rows) + (state.rows == 1 ? " row" : " rows"), 7});
  if (state.rejected > 0) parts.push_back({with_commas(state.rejected) + " rejected", 5});
  if (state.elapsed >= kFirstEstimate) {
    const double rate = static_cast<double>(state.rows) / seconds_of(state.elapsed);
    parts.push_back({with_commas(static_cast<std::int64_t>(rate)) + " rows/s", 3});
  }
  if (measurable && share > 0 && state.elapsed >= kFirstEstimate) {
    const double left = seconds_of(state.elapsed) * (1 - share) / share;
    parts.push_back({clock_text(std::llround(left)) + " left", 4});
  } else if (!measurable) {
    parts.push_back({clock_text(static_cast<std::int64_t>(seconds_of(state.elapsed))), 4});
  }
  return parts;
}

std::string joined(const std::vector<Part>& parts) {
  std::string line;
  for (const Part& part : parts) {
    if (!line.empty()) line += "  ";
    line += part.text;
  }
  return line;
}

}  // namespace

std::string with_commas(std::int64_t number) {
  std::string text = std::to_string(number);
  const std::size_t sign = number < 0 ? 1 : 0;
  for (std::size_t place = text.size(); place > sign + 3;) {
    place -= 3;
    text.insert(place, ",");
  }
  return text;
}

std::string format_progress(const ProgressState& state, int columns) {
  std::vector<Part> parts = parts_of(state);
  std::string line = joined(parts);
  while (static_cast<int>(line.size()) > columns && parts.size() > 1) {
    parts.erase(
        std::min_element(parts.begin(), parts.end(), [](const Part& a, const Part& b) { return a.weight < b.weight; }));
    line = joined(parts);
  }
  return line.substr(0, static_cast<std::size_t>(std::max(columns, 0)));
}

ProgressLine::ProgressLine(Terminal& terminal, Clock& clock, bool wanted)
    : terminal_(terminal), clock_(clock), wanted_(wanted && terminal.err_is_terminal()), started_(clock.steady()) {}

void ProgressLine::update(ProgressState state) {
  if (!wanted_) return;
  const Micros now = clock_.steady();
  if (last_draw_ && now - *last_draw_ < kRedraw) return;
  last_draw_ = now;
  state.elapsed = now - started_;
  // One column stays free: a full last column makes some terminals wrap. `ESC [K` wipes what the last line left.
  terminal_.err("\r" + format_progress(state, terminal_.columns() - 1) + "\x1b[K");
  drawn_ = true;
}

void ProgressLine::clear() {
  if (!drawn_) return;
  terminal_.err("\r\x1b[K");
  drawn_ = false;
}

}  // namespace avisloop
