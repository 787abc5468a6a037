#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/output.h"

namespace avisloop {

/// Records as aligned columns with a heading; empty when there are none. With `width` (in columns, 0 = any) the widest
/// columns are cut with an ellipsis until a line fits; ids are never cut, since people copy them.
std::string format_table(const std::vector<Record>& records, std::size_t width);

/// One record as `name  value` lines; texts of several lines and nested records stand indented below their name.
std::string format_fields(const Record& record);

/// A value on one line, as cells of tables and CSV show it.
std::string cell_text(const Value& value);

/// Every key that occurs, in the order of first appearance.
std::vector<std::string> columns_of(const std::vector<Record>& records);

/// `printable` for texts whose line breaks are meant.
std::string printable_lines(std::string_view text);

}  // namespace avisloop
