#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/rules/templates.h"

namespace avisloop {

/// A name as it stands in a template, looked at once.
struct VariableName {
  enum class Kind { builtin, custom, relative, own };
  std::string name;
  Kind kind = Kind::own;
  std::string inner;  ///< of `custom.NAME` and `relative.NAME`: NAME
};

/// Sorts a name. Answers the fault text when nothing has it: unknown variable, and the nearest known one.
Result<VariableName> read_variable_name(std::string_view name, const std::map<std::string, std::string>& own);

/// Every name that a template with these own variables may use, without `custom.*`.
std::vector<std::string> known_names(const std::map<std::string, std::string>& own);

struct FoundValue {
  std::string text;     ///< without control characters but line feeds; empty = there is none
  std::string problem;  ///< as in Rendering
  std::string detail;
};

/// The value fit for a body: trimmed, line ends are one line feed, tabs are spaces, other control characters are gone.
std::string cleaned(std::string_view value);

FoundValue find_value(const VariableName& name, const TemplateFacts& facts);

}  // namespace avisloop
