#pragma once

#include <sstream>
#include <string>

#include "cli/terminal.h"

namespace avisloop {

/// A terminal whose input is given and whose output is kept.
class MemoryTerminal : public Terminal {
 public:
  std::istream& in() override { return input; }
  void out(std::string_view text) override { output += text; }
  void err(std::string_view text) override { errors += text; }
  void flush() override {}
  std::string out_problem() const override { return problem; }
  bool in_is_terminal() const override { return is_terminal; }
  bool out_is_terminal() const override { return is_terminal; }
  bool err_is_terminal() const override { return is_terminal; }
  int columns() const override { return width; }

  std::istringstream input;
  std::string output;
  std::string errors;
  std::string problem;
  bool is_terminal = false;
  int width = 80;
};

}  // namespace avisloop
