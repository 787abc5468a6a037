#pragma once

#include <string_view>

namespace avisloop {

/// A function of the module avisloop_NAME.so, which lies beside the program or in ../lib/avisloop. Modules hold
/// libraries that few runs need: what is linked costs every start of the program, also an idle tick. Null when there is
/// no such module or function.
void* find_in_module(std::string_view module, const char* function);

}  // namespace avisloop
