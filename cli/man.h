#pragma once

#include <string>

namespace avisloop {

// The manual pages in mdoc(7), made from the command table and the table of configuration keys. The pages in man/ are
// their output; a test keeps them equal.

/// avisloop(1)
std::string man_program();

/// avisloop.toml(5)
std::string man_settings();

}  // namespace avisloop
