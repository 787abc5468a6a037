#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace avisloop {

/// A campaign or a template written as TOML: names with texts, numbers, switches or lists of them.
class Definition {
 public:
  /// Every value as text; a list has several, `name.inner` is a table's.
  std::map<std::string, std::vector<std::string>> values;

  /// Tables that stand in a row, such as `[[touch]]`.
  std::map<std::string, std::vector<Definition>> tables;

  /// The one text of a name, empty when it is absent.
  std::string text(std::string_view name) const;
  bool has(std::string_view name) const;
};

/// What may stand in a definition: plain names, names of tables with any names inside, and rows of tables with theirs.
struct DefinitionShape {
  std::vector<std::string> names;
  std::vector<std::string> open_tables;
  std::map<std::string, std::vector<std::string>> rows;
};

/// Reads TOML. Fault `data` with source, line and column: a syntax error, an unknown name (with the nearest), or a
/// value that is neither text, number, switch nor a list of these. `source` is the file's name, for messages.
Result<Definition> read_definition(std::string_view toml, std::string_view source, const DefinitionShape& shape);

}  // namespace avisloop
