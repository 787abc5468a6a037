#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace avisloop {

enum class LogLevel { debug, info, warning, error };

/// One line per event, to standard error. Callers mask addresses and never pass bodies or secrets.
class Log {
 public:
  virtual ~Log() = default;
  virtual void write(LogLevel level, std::string_view line) = 0;

  void debug(std::string_view line) { write(LogLevel::debug, line); }
  void info(std::string_view line) { write(LogLevel::info, line); }
  void warn(std::string_view line) { write(LogLevel::warning, line); }
  void error(std::string_view line) { write(LogLevel::error, line); }
};

/// `+1***0123`, `a***@example.com`: enough for a person to recognise an address, too little to use it.
std::string masked(std::string_view address);

/// Lines at `lowest` and above, as text or as JSON, through spdlog.
std::unique_ptr<Log> make_stderr_log(LogLevel lowest, bool as_json);

/// Swallows everything.
std::unique_ptr<Log> make_null_log();

}  // namespace avisloop
