#include "core/net/file_drops.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <map>
#include <system_error>

namespace avisloop {
namespace {

constexpr std::size_t kMostTogether = 128;  // open files at a time

constexpr int kWritten = 201;
constexpr int kThere = 200;
constexpr int kAbsent = 404;

struct FileHandle {
  int fd = -1;
  FileHandle() = default;
  explicit FileHandle(int handle) : fd(handle) {}
  FileHandle(FileHandle&& other) noexcept : fd(std::exchange(other.fd, -1)) {}
  FileHandle& operator=(FileHandle&& other) noexcept {
    std::swap(fd, other.fd);
    return *this;
  }
  ~FileHandle() {
    if (fd >= 0) close(fd);
  }
};

std::string words(int error) {
  return std::generic_category().message(error);
}

WireResult failed(WireStage stage, std::string_view what, int error) {
  WireResult result;
  result.stage = stage;
  result.error = fmt::format("{}: {}", what, words(error));
  return result;
}

WireResult done(int status) {
  WireResult result;
  result.stage = WireStage::answered;
  result.status = status;
  result.body_complete = true;
  return result;
}

int write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

WireResult look(const FileDrop& drop) {
  struct stat status = {};
  if (stat(fmt::format("{}/{}", drop.directory, drop.name).c_str(), &status) == 0) return done(kThere);
  if (errno == ENOENT || errno == ENOTDIR) return done(kAbsent);
  return failed(WireStage::unclear, "the outbox cannot be read", errno);
}

/// A drop on its way: `result` stands from the step that ended it.
struct Work {
  Ticket ticket = 0;
  FileDrop drop;
  std::string beside;
  FileHandle file;
  std::optional<WireResult> result;

  std::string path() const { return fmt::format("{}/{}", drop.directory, drop.name); }
};

void begin(Work& work) {
  static std::atomic<unsigned> sequence{0};
  if (work.drop.look_only) {
    work.result = look(work.drop);
    return;
  }
  if (access(work.path().c_str(), F_OK) == 0) {
    work.result = done(kThere);
    return;
  }
  work.beside = fmt::format("{}/.{}.{}.{}", work.drop.directory, work.drop.name, getpid(), sequence++);
  const auto create = [&] { return open(work.beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600); };
  int fd = create();
  if (fd < 0 && errno == ENOENT) {
    std::error_code ignored;  // opening tells
    std::filesystem::create_directories(work.drop.directory, ignored);
    fd = create();
  }
  if (fd < 0) {
    work.result =
        failed(WireStage::not_sent, fmt::format("the outbox {} cannot be written", work.drop.directory), errno);
    return;
  }
  work.file = FileHandle(fd);
  if (const int error = write_all(fd, work.drop.content); error != 0) {
    unlink(work.beside.c_str());
    work.result =
        failed(WireStage::not_sent, fmt::format("the outbox {} cannot be written", work.drop.directory), error);
    return;
  }
  // Starts the disk on this file while the next is written: the syncs that follow then find little left to do.
  sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
}

void publish(Work& work) {
  if (work.result) return;
  if (fsync(work.file.fd) != 0) {
    work.result = failed(WireStage::not_sent, "the outbox cannot be synced", errno);
  } else if (link(work.beside.c_str(), work.path().c_str()) == 0) {
    work.result = done(kWritten);
  } else if (errno == EEXIST) {
    work.result = done(kThere);
  } else {
    work.result = failed(WireStage::not_sent, "a file cannot be put into the outbox", errno);
  }
  unlink(work.beside.c_str());
}

int sync_directory(const std::string& directory) {
  const FileHandle handle(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return handle.fd >= 0 && fsync(handle.fd) == 0 ? 0 : errno;
}

/// Makes the names durable and tells the log. A file whose name may not survive a power cut is nobody's success.
void settle(std::vector<Work>& works) {
  std::map<std::string, std::string> lines;
  std::map<std::string, int> synced;
  for (Work& work : works) {
    if (work.result->status != kWritten) continue;
    const auto [directory, fresh] = synced.try_emplace(work.drop.directory, 0);
    if (fresh) directory->second = sync_directory(work.drop.directory);
    if (directory->second != 0) {
      work.result = failed(WireStage::unclear, "the outbox cannot be synced", directory->second);
    } else if (!work.drop.log_name.empty()) {
      lines[fmt::format("{}/{}", work.drop.directory, work.drop.log_name)] += work.drop.log_line + '\n';
    }
  }
  for (const auto& [path, text] : lines) {
    const FileHandle log(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    if (log.fd >= 0) write_all(log.fd, text);
  }
}

}  // namespace

std::vector<std::pair<Ticket, WireResult>> carry_out(std::vector<std::pair<Ticket, FileDrop>> drops) {
  std::vector<std::pair<Ticket, WireResult>> results;
  results.reserve(drops.size());
  for (std::size_t first = 0; first < drops.size(); first += kMostTogether) {
    const std::size_t end = std::min(drops.size(), first + kMostTogether);
    std::vector<Work> works(end - first);
    for (std::size_t i = 0; i < works.size(); ++i) {
      works[i].ticket = drops[first + i].first;
      works[i].drop = std::move(drops[first + i].second);
      begin(works[i]);
    }
    for (Work& work : works)
      publish(work);
    settle(works);
    for (Work& work : works)
      results.emplace_back(work.ticket, std::move(*work.result));
  }
  return results;
}

}  // namespace avisloop
