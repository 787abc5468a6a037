#include "core/base/mark_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <sstream>

namespace avisloop {

std::optional<Mark> read_mark(const std::string& path) {
  std::ifstream file(path);
  Mark mark;
  std::string at;
  std::string clock;
  if (!(file >> mark.store >> mark.attempts >> at >> clock)) return std::nullopt;
  const std::optional<Instant> instant = parse_instant(at);
  if (!instant) return std::nullopt;
  mark.at = *instant;
  mark.test_clock = clock == "test";
  return mark;
}

Result<> write_mark(const std::string& path, const Mark& mark, bool durable) {
  std::ostringstream line;
  line << mark.store << ' ' << mark.attempts << ' ' << format_instant(mark.at) << ' '
       << (mark.test_clock ? "test" : "host") << '\n';
  const std::string text = line.str();
  const std::string beside = path + '.' + std::to_string(getpid());
  const int file = open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  bool is_written = file >= 0 && write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (is_written && durable) is_written = fdatasync(file) == 0;
  if (file >= 0) close(file);
  if (is_written && std::rename(beside.c_str(), path.c_str()) == 0) return {};
  unlink(beside.c_str());
  return fail(Fault::denied, "the mark " + path + " cannot be written",
              "Give the user that runs avisloop write access to the folder of the store.");
}

}  // namespace avisloop
