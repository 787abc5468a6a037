#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace avisloop {

/// A part of a template that has been looked through.
struct ScannedPart {
  /// The same part in the little Mustache that we hand to the library: no comments, no unescaped tags, and the names of
  /// sections marked with `?`, so that the look-up can tell a condition from a value.
  std::string mustache;
  bool has_tags = false;
  struct Use {
    std::string name;
    bool guarded = false;  ///< stands inside a section of its own name
    std::string place;     ///< `text, line 2, column 5`
  };
  std::vector<Use> values;  ///< in order of appearance
  std::vector<Use> sections;
};

/// Reads `source`. `part` is its name in messages (`subject`, `text`, `HTML`); in HTML single braces are plain text, as
/// style sheets need them, unless they surround one of `names`. Fault `data`: part, line, column and what is wrong.
Result<ScannedPart> scan_part(std::string_view part, std::string_view source, bool is_html,
                              const std::vector<std::string>& names);

}  // namespace avisloop
