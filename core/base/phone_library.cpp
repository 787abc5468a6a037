#include "core/base/phone_library.h"

#include <dlfcn.h>
#include <unistd.h>

#include <array>
#include <string>

namespace avisloop {
namespace {

using PossibleFunction = int (*)(const char*);

std::string program_folder() {
  std::array<char, 4096> path{};
  const ssize_t length = readlink("/proc/self/exe", path.data(), path.size() - 1);
  const std::string program(path.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  return program.substr(0, program.rfind('/'));
}

PossibleFunction open_library() {
  for (const char* place : {"/avisloop_phone.so", "/../lib/avisloop/avisloop_phone.so",
                            "/../lib/x86_64-linux-gnu/avisloop/avisloop_phone.so"}) {
    if (void* library = dlopen((program_folder() + place).c_str(), RTLD_NOW | RTLD_LOCAL)) {
      return reinterpret_cast<PossibleFunction>(dlsym(library, "avisloop_phone_possible"));
    }
  }
  return nullptr;
}

}  // namespace

Result<bool> is_possible_foreign_number(std::string_view e164) {
  static const PossibleFunction possible = open_library();
  if (possible == nullptr) {
    return fail(Fault::config, "avisloop_phone.so is missing: numbers outside +1 cannot be checked",
                "install it beside the program or in ../lib/avisloop");
  }
  return possible(std::string(e164).c_str()) == 1;
}

}  // namespace avisloop
