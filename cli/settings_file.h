#pragma once

#include <string>
#include <string_view>

namespace avisloop {

/// The configuration file that `init` writes: every key of this release, explained, with its default commented out.
/// A `store_url` that is not empty is set.
std::string starting_settings_file(std::string_view store_url);

}  // namespace avisloop
