#pragma once

#include <span>
#include <string_view>

namespace avisloop {

/// A text file of the source tree that was compiled in (cmake/embed.cmake).
struct EmbeddedFile {
  std::string_view path;  ///< from the root of the source tree
  std::string_view text;
};

/// sql/migrations and sql/queries.
std::span<const EmbeddedFile> embedded_sql();

/// core/rules/data.
std::span<const EmbeddedFile> embedded_rules();

}  // namespace avisloop
