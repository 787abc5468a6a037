#include "cli/definition_file.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>

#include "core/base/text.h"

namespace avisloop {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view source) : source_(source) {}

  Result<Definition> read(const toml::table& table, const DefinitionShape& shape) const {
    Definition result;
    for (const auto& [key, node] : table) {
      const std::string name(key.str());
      if (const auto rows = shape.rows.find(name); rows != shape.rows.end()) {
        AVIS_TRY_ASSIGN(result.tables[name], read_rows(name, node, rows->second));
      } else if (std::find(shape.open_tables.begin(), shape.open_tables.end(), name) != shape.open_tables.end()) {
        AVIS_TRY(read_open_table(name, node, result));
      } else if (std::find(shape.names.begin(), shape.names.end(), name) != shape.names.end()) {
        AVIS_TRY_ASSIGN(result.values[name], read_values(name, node));
      } else {
        return unknown(name, key.source(), shape);
      }
    }
    return result;
  }

  std::string place(const toml::source_region& region) const {
    return fmt::format("{}:{}:{}", source_, region.begin.line, region.begin.column);
  }

 private:
  tl::unexpected<Error> unknown(const std::string& name, const toml::source_region& region,
                                const DefinitionShape& shape) const {
    std::vector<std::string> known = shape.names;
    known.insert(known.end(), shape.open_tables.begin(), shape.open_tables.end());
    for (const auto& [row, inner] : shape.rows)
      known.push_back(row);
    const auto near = nearest(name, known);
    return fail(Fault::data, fmt::format("{}: unknown name `{}`", place(region), printable(name)),
                near ? fmt::format("Did you mean `{}`?", *near) : fmt::format("Known are: {}", join(known, ", ")));
  }

  Result<std::string> read_scalar(const std::string& name, const toml::node& node) const {
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* number = node.as_integer()) return std::to_string(number->get());
    if (const auto* flag = node.as_boolean()) return std::string(flag->get() ? "yes" : "no");
    return fail(Fault::data, fmt::format("{}: `{}` is neither a text, a whole number nor true or false",
                                         place(node.source()), name));
  }

  Result<std::vector<std::string>> read_values(const std::string& name, const toml::node& node) const {
    std::vector<std::string> values;
    const toml::array* list = node.as_array();
    if (list == nullptr) {
      AVIS_TRY_ASSIGN(std::string value, read_scalar(name, node));
      values.push_back(std::move(value));
      return values;
    }
    for (const toml::node& item : *list) {
      AVIS_TRY_ASSIGN(std::string value, read_scalar(name, item));
      values.push_back(std::move(value));
    }
    return values;
  }

  Result<> read_open_table(const std::string& name, const toml::node& node, Definition& result) const {
    const toml::table* table = node.as_table();
    if (table == nullptr) return fail(Fault::data, fmt::format("{}: `{}` is not a table", place(node.source()), name));
    for (const auto& [key, inner] : *table) {
      const std::string path = name + "." + std::string(key.str());
      AVIS_TRY_ASSIGN(std::string value, read_scalar(path, inner));
      result.values[path] = {std::move(value)};
    }
    return {};
  }

  Result<std::vector<Definition>> read_rows(const std::string& name, const toml::node& node,
                                            const std::vector<std::string>& names) const {
    std::vector<Definition> rows;
    const toml::array* list = node.as_array();
    if (list == nullptr || !list->is_homogeneous<toml::table>()) {
      return fail(Fault::data, fmt::format("{}: `{}` is not a row of tables", place(node.source()), name),
                  fmt::format("Write each as [[{}]].", name));
    }
    for (const toml::node& item : *list) {
      AVIS_TRY_ASSIGN(Definition row, read(*item.as_table(), DefinitionShape{names, {}, {}}));
      rows.push_back(std::move(row));
    }
    return rows;
  }

  std::string source_;
};

}  // namespace

std::string Definition::text(std::string_view name) const {
  const auto found = values.find(std::string(name));
  return found == values.end() || found->second.empty() ? std::string() : found->second.front();
}

bool Definition::has(std::string_view name) const {
  return values.contains(std::string(name));
}

Result<Definition> read_definition(std::string_view toml, std::string_view source, const DefinitionShape& shape) {
  const Reader reader(source);
  try {
    const toml::table table = toml::parse(toml);
    return reader.read(table, shape);
  } catch (const toml::parse_error& error) {
    return fail(Fault::data, fmt::format("{}: {}", reader.place(error.source()), error.description()));
  }
}

}  // namespace avisloop
