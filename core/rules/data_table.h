#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace avisloop {

/// Reads a data file of core/rules/data that is compiled in: the cells of each row, without comments (`#`) and heading.
/// These files are ours: cells hold no commas or quotes, lists inside a cell are separated by `|`. A file that is
/// missing or has a row with another number of cells is a bug and throws std::logic_error.
std::vector<std::vector<std::string_view>> read_data_table(std::string_view name, std::size_t columns);

/// The same from text, for tests.
std::vector<std::vector<std::string_view>> read_data_rows(std::string_view text, std::size_t columns);

/// The parts of a list cell; none for an empty cell.
std::vector<std::string_view> list_cell(std::string_view cell);

}  // namespace avisloop
