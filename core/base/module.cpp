#include "core/base/module.h"

#include <dlfcn.h>
#include <unistd.h>

#include <array>
#include <string>

namespace avisloop {
namespace {

std::string program_folder() {
  std::array<char, 4096> path{};
  const ssize_t length = readlink("/proc/self/exe", path.data(), path.size() - 1);
  const std::string program(path.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  return program.substr(0, program.rfind('/'));
}

}  // namespace

void* find_in_module(std::string_view module, const char* function) {
  for (const char* place : {"/", "/../lib/avisloop/", "/../lib/x86_64-linux-gnu/avisloop/"}) {
    const std::string path = program_folder() + place + "avisloop_" + std::string(module) + ".so";
    // Opened once more is the same library; it stays open for the life of the process.
    if (void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) return dlsym(library, function);
  }
  return nullptr;
}

}  // namespace avisloop
