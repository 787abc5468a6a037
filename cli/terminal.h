#pragma once

#include <istream>
#include <memory>
#include <string>
#include <string_view>

namespace avisloop {

/// Standard input, output and error, and what is known about them.
class Terminal {
 public:
  virtual ~Terminal() = default;

  virtual std::istream& in() = 0;
  /// Data. A closed pipe is not an error: what comes after it is dropped.
  virtual void out(std::string_view text) = 0;
  /// Everything else: progress, warnings, questions.
  virtual void err(std::string_view text) = 0;
  virtual void flush() = 0;
  /// Why data could not be written, such as a full disk; empty = nothing was lost.
  virtual std::string out_problem() const = 0;

  virtual bool in_is_terminal() const = 0;
  virtual bool out_is_terminal() const = 0;
  virtual bool err_is_terminal() const = 0;
  /// Width of the terminal, 80 when it cannot be told.
  virtual int columns() const = 0;
};

std::unique_ptr<Terminal> make_standard_terminal();

}  // namespace avisloop
