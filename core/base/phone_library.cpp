#include "core/base/phone_library.h"

#include <string>

#include "core/base/module.h"

namespace avisloop {

Result<bool> is_possible_foreign_number(std::string_view e164) {
  using Possible = int (*)(const char*);
  static const auto possible = reinterpret_cast<Possible>(find_in_module("phone", "avisloop_phone_possible"));
  if (possible == nullptr) {
    return fail(Fault::config, "avisloop_phone.so is missing: numbers outside +1 cannot be checked",
                "install it beside the program or in ../lib/avisloop");
  }
  return possible(std::string(e164).c_str()) == 1;
}

}  // namespace avisloop
