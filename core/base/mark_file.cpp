#include "core/base/mark_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>

namespace avisloop {

namespace {

/// The instant is the file's time of change: an idle run sets it in one step, without the flush that ext4 gives to a
/// file that is renamed over another (some milliseconds).
bool set_time(const std::string& path, Instant at) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at);
  timespec time{};
  time.tv_sec = seconds.time_since_epoch().count();
  time.tv_nsec = std::chrono::nanoseconds(at - seconds).count();
  const std::array<timespec, 2> times{time, time};
  return utimensat(AT_FDCWD, path.c_str(), times.data(), 0) == 0;
}

std::string content_of(const Mark& mark) {
  return mark.store + ' ' + std::to_string(mark.attempts) + ' ' + (mark.test_clock ? "test" : "host") + '\n';
}

}  // namespace

std::optional<Mark> read_mark(const std::string& path) {
  std::ifstream file(path);
  Mark mark;
  std::string clock;
  struct stat facts {};
  if (!(file >> mark.store >> mark.attempts >> clock) || stat(path.c_str(), &facts) != 0) return std::nullopt;
  mark.at = Instant{std::chrono::seconds{facts.st_mtim.tv_sec}} +
            std::chrono::floor<Micros>(std::chrono::nanoseconds{facts.st_mtim.tv_nsec});
  mark.test_clock = clock == "test";
  return mark;
}

Result<> write_mark(const std::string& path, const Mark& mark, bool durable) {
  const std::string text = content_of(mark);
  if (!durable) {
    const std::optional<Mark> before = read_mark(path);
    if (before && content_of(*before) == text && set_time(path, mark.at)) return {};
  }
  const std::string beside = path + '.' + std::to_string(getpid());
  const int file = open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  bool is_written = file >= 0 && write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (is_written) is_written = set_time(beside, mark.at);
  if (is_written && durable) is_written = fdatasync(file) == 0;
  if (file >= 0) close(file);
  if (is_written && std::rename(beside.c_str(), path.c_str()) == 0) return {};
  unlink(beside.c_str());
  return fail(Fault::denied, "the mark " + path + " cannot be written",
              "Give the user that runs avisloop write access to the folder of the store.");
}

}  // namespace avisloop
