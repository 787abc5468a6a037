#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/terminal.h"
#include "core/base/clock.h"
#include "core/base/instant.h"

namespace avisloop {

/// How far an import is.
struct ProgressState {
  std::int64_t bytes_done = 0;
  std::optional<std::int64_t> bytes_total;  ///< nothing for a pipe
  std::int64_t rows = 0;
  std::int64_t rejected = 0;
  Micros elapsed{0};
};

/// One line of at most `columns` characters; what matters least is left out first:
/// `[#####-----]  50%  12.3 of 24.6 MB  450,000 rows  3 rejected  61,200 rows/s  0:07 left`.
std::string format_progress(const ProgressState& state, int columns);

/// `1,234,567`.
std::string with_commas(std::int64_t number);

/// A progress line on standard error that is drawn over itself, at most ten times a second; nothing when standard
/// error is not a terminal or `wanted` is false.
class ProgressLine {
 public:
  ProgressLine(Terminal& terminal, Clock& clock, bool wanted);
  ~ProgressLine() { clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// `elapsed` of the state is filled in here.
  void update(ProgressState state);

  /// Takes the line away, so that something else can be printed; the next update draws it again.
  void clear();

  Micros elapsed() { return clock_.steady() - started_; }

 private:
  Terminal& terminal_;
  Clock& clock_;
  bool wanted_;
  bool drawn_ = false;
  Micros started_;
  std::optional<Micros> last_draw_;
};

}  // namespace avisloop
