#include "cli/terminal.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstring>
#include <iostream>

namespace avisloop {
namespace {

class StandardTerminal : public Terminal {
 public:
  ~StandardTerminal() override { flush(); }

  std::istream& in() override { return std::cin; }

  void out(std::string_view text) override {
    buffer_ += text;
    if (buffer_.size() >= kBufferSize || out_is_terminal()) flush();
  }

  void err(std::string_view text) override {
    flush();  // so that both appear in the order in which they were said
    write_all(STDERR_FILENO, text);
  }

  void flush() override {
    if (!out_closed_) {
      const int problem = write_all(STDOUT_FILENO, buffer_);
      out_closed_ = problem != 0;
      if (problem != 0 && problem != EPIPE) out_problem_ = std::strerror(problem);
    }
    buffer_.clear();
  }

  std::string out_problem() const override { return out_problem_; }

  bool in_is_terminal() const override { return isatty(STDIN_FILENO) == 1; }
  bool out_is_terminal() const override { return isatty(STDOUT_FILENO) == 1; }
  bool err_is_terminal() const override { return isatty(STDERR_FILENO) == 1; }

  int columns() const override {
    winsize size{};
    for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO}) {
      if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
    }
    return 80;
  }

 private:
  static constexpr std::size_t kBufferSize = 1U << 16U;

  /// Answers 0, or the error number that stopped it.
  static int write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
      const ssize_t written = ::write(descriptor, text.data(), text.size());
      if (written < 0 && errno != EINTR) return errno;
      if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
    }
    return 0;
  }

  std::string buffer_;
  bool out_closed_ = false;
  std::string out_problem_;
};

}  // namespace

std::unique_ptr<Terminal> make_standard_terminal() {
  return std::make_unique<StandardTerminal>();
}

}  // namespace avisloop
