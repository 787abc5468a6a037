#include "core/rules/data_table.h"

#include <fmt/format.h>

#include <stdexcept>

#include "core/base/embedded.h"
#include "core/base/text.h"

namespace avisloop {

std::vector<std::vector<std::string_view>> read_data_rows(std::string_view text, std::size_t columns) {
  std::vector<std::vector<std::string_view>> rows;
  bool heading_seen = false;
  for (const std::string_view line : split(text, '\n')) {
    if (line.empty() || line.front() == '#') continue;
    std::vector<std::string_view> cells = split(line, ',');
    if (cells.size() != columns) {
      throw std::logic_error(fmt::format("a data row has {} cells instead of {}: {}", cells.size(), columns, line));
    }
    if (heading_seen) rows.push_back(std::move(cells));
    heading_seen = true;
  }
  return rows;
}

std::vector<std::vector<std::string_view>> read_data_table(std::string_view name, std::size_t columns) {
  for (const EmbeddedFile& file : embedded_rules()) {
    const auto slash = file.path.rfind('/');
    if (file.path.substr(slash == std::string_view::npos ? 0 : slash + 1) == name) {
      return read_data_rows(file.text, columns);
    }
  }
  throw std::logic_error(fmt::format("the data file {} is not compiled in", name));
}

std::vector<std::string_view> list_cell(std::string_view cell) {
  if (cell.empty()) return {};
  return split(cell, '|');
}

}  // namespace avisloop
