#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/base/instant.h"
#include "core/net/transport.h"

namespace avisloop::e2e {

/// How a program ended and what it said.
struct Ran {
  int code = -1;  ///< exit code, -1 if a signal ended it
  bool was_killed = false;
  std::string out;
  std::string err;
};

/// A program that runs beside the test.
class Process {
 public:
  Process(const std::vector<std::string>& words, const std::map<std::string, std::string>& environment,
          const std::filesystem::path& folder);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void signal(int number) const;
  /// The next line of its standard output.
  std::string read_line();
  /// Waits for its end.
  Ran finish();

 private:
  pid_t pid_ = -1;
  int out_ = -1;
  std::filesystem::path errors_;
};

/// The provider emulator on a free port.
class Emulator {
 public:
  explicit Emulator(int latency_millis = 0);

  std::string url() const { return "http://127.0.0.1:" + port_; }
  std::string get(const std::string& path);
  void post(const std::string& path, const std::string& body);

 private:
  Process process_;
  std::string port_;
  std::unique_ptr<Transport> transport_;
};

/// A folder with a store, a business, a campaign of one email and one text at once, and `customers` who agreed to texts
/// and have a finished job: twice as many messages are due at `start`.
class Business {
 public:
  Business(std::size_t customers, const std::string& providers);
  ~Business();
  Business(const Business&) = delete;
  Business& operator=(const Business&) = delete;

  /// A business whose folder is a copy of this one.
  std::filesystem::path copy_to(const std::string& name) const;

  std::map<std::string, std::string> environment(const std::filesystem::path& folder, Instant clock) const;
  Ran run(const std::filesystem::path& folder, Instant clock, std::vector<std::string> words,
          const std::map<std::string, std::string>& more = {}) const;

  /// How many messages are in each status.
  std::map<std::string, int> statuses(const std::filesystem::path& folder, Instant clock) const;

  const std::filesystem::path& folder() const { return store_; }
  const std::filesystem::path& root() const { return root_; }

 private:
  std::filesystem::path root_;
  std::filesystem::path store_;
};

/// 09:00 in Chicago on a Tuesday: everybody may be written to for eleven hours.
Instant start();

std::string program();

}  // namespace avisloop::e2e
