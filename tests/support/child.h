#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace avisloop::test {

/// A helper program that runs beside a test and is ended with it.
class Child {
 public:
  /// Starts it; `words[0]` is found in PATH. Throws when it cannot be started.
  explicit Child(const std::vector<std::string>& words);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// The next line of its standard output, empty at the end.
  std::string read_line();

 private:
  pid_t pid_ = -1;
  int output_ = -1;
};

/// Runs a program to its end and answers its standard output.
std::string output_of(const std::vector<std::string>& words);

}  // namespace avisloop::test
