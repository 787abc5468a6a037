#include "core/base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "core/base/text.h"

namespace avisloop {
namespace {

spdlog::level::level_enum level_of(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      break;
  }
  return spdlog::level::err;
}

/// A line as the inside of a JSON string: `printable` leaves only quotes and backslashes to escape.
std::string json_text(std::string_view line) {
  std::string text;
  for (const char c : printable(line)) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text;
}

class StderrLog : public Log {
 public:
  StderrLog(LogLevel lowest, bool as_json)
      : as_json_(as_json), logger_("avisloop", std::make_shared<spdlog::sinks::stderr_sink_st>()) {
    logger_.set_level(level_of(lowest));
    logger_.set_pattern(
        as_json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","message":"%v"})" : "avisloop: %l: %v",
        spdlog::pattern_time_type::utc);
  }

  void write(LogLevel level, std::string_view line) override {
    logger_.log(level_of(level), as_json_ ? json_text(line) : printable(line));
  }

 private:
  bool as_json_;
  spdlog::logger logger_;
};

class NullLog : public Log {
 public:
  void write(LogLevel, std::string_view) override {}
};

}  // namespace

std::string masked(std::string_view address) {
  if (const auto at = address.find('@'); at != std::string_view::npos) {
    return std::string(address.substr(0, 1)) + "***" + std::string(address.substr(at));
  }
  if (address.size() < 6) return "***";
  return std::string(address.substr(0, 2)) + "***" + std::string(address.substr(address.size() - 4));
}

std::unique_ptr<Log> make_stderr_log(LogLevel lowest, bool as_json) {
  return std::make_unique<StderrLog>(lowest, as_json);
}

std::unique_ptr<Log> make_null_log() {
  return std::make_unique<NullLog>();
}

}  // namespace avisloop
