// Preloaded into the program under test: ends it, as kill -9 does, before its N-th call that writes, syncs, names or
// sends (AVISLOOP_KILL_AT=N). With AVISLOOP_COUNT_FILE the number of such calls is written there when it ends by
// itself.

#include <dlfcn.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>

namespace {

std::atomic<long> calls{0};

long kill_at() {
  static const long at = [] {
    const char* text = std::getenv("AVISLOOP_KILL_AT");
    return text == nullptr ? 0L : std::atol(text);
  }();
  return at;
}

void step() {
  if (++calls == kill_at()) kill(getpid(), SIGKILL);
}

template <class Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

struct Counter {
  ~Counter() {
    const char* path = std::getenv("AVISLOOP_COUNT_FILE");
    if (path == nullptr) return;
    if (std::FILE* file = std::fopen(path, "w")) {
      std::fprintf(file, "%ld\n", calls.load());
      std::fclose(file);
    }
  }
} counter;

}  // namespace

#define AVIS_WRAP(result, name, parameters, ...)                \
  extern "C" result name parameters {                           \
    static const auto real = next<result(*) parameters>(#name); \
    step();                                                     \
    return real(__VA_ARGS__);                                   \
  }

AVIS_WRAP(ssize_t, write, (int file, const void* data, size_t size), file, data, size)
AVIS_WRAP(ssize_t, pwrite64, (int file, const void* data, size_t size, off64_t at), file, data, size, at)
AVIS_WRAP(int, fsync, (int file), file)
AVIS_WRAP(int, fdatasync, (int file), file)
AVIS_WRAP(int, ftruncate64, (int file, off64_t size), file, size)
AVIS_WRAP(int, unlink, (const char* path), path)
AVIS_WRAP(int, rename, (const char* from, const char* to), from, to)
AVIS_WRAP(int, link, (const char* from, const char* to), from, to)
AVIS_WRAP(int, connect, (int file, const sockaddr* to, socklen_t size), file, to, size)
AVIS_WRAP(ssize_t, send, (int file, const void* data, size_t size, int flags), file, data, size, flags)
AVIS_WRAP(ssize_t, recv, (int file, void* data, size_t size, int flags), file, data, size, flags)
