#include "cli/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "core/base/id.h"
#include "core/base/text.h"

namespace avisloop {
namespace {

constexpr std::size_t kNarrowest = 8;  ///< no column is cut below this
constexpr std::string_view kGap = "  ";

/// Columns of a terminal for one code point: none for marks that combine, two for the wide scripts and pictures
/// (after Unicode's East Asian Width; coarse blocks are enough for alignment).
std::size_t width_of(char32_t point) {
  const auto within = [point](char32_t first, char32_t last) { return point >= first && point <= last; };
  if (within(0x300, 0x36f) || within(0x200b, 0x200f) || within(0xfe00, 0xfe0f) || within(0x20d0, 0x20ff)) return 0;
  if (within(0x1100, 0x115f) || within(0x2e80, 0xa4cf) || within(0xac00, 0xd7a3) || within(0xf900, 0xfaff) ||
      within(0xfe30, 0xfe6f) || within(0xff00, 0xff60) || within(0x1f300, 0x1faff) || within(0x20000, 0x3fffd)) {
    return 2;
  }
  return 1;
}

std::string cut(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  std::string result;
  std::size_t used = 1;  // the ellipsis
  for (const char32_t point : decode_utf8(text)) {
    used += width_of(point);
    if (used > width) break;
    append_utf8(result, point);
  }
  return result + "…";
}

std::string heading_of(std::string_view key) {
  std::string heading;
  for (const char c : key)
    heading += c == '_' ? ' ' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return heading;
}

std::string name_of(std::string_view key) {
  std::string name(key);
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

struct Column {
  std::string heading;
  std::vector<std::string> cells;
  bool numeric = true;
  bool ids = true;
  std::size_t width = 0;
};

Column make_column(const std::string& key, const std::vector<Record>& records) {
  Column column;
  column.heading = heading_of(key);
  column.width = display_width(column.heading);
  for (const Record& record : records) {
    const Value* value = record.find(key);
    column.cells.push_back(value != nullptr ? printable(cell_text(*value)) : std::string());
    const std::string& cell = column.cells.back();
    const bool empty = cell.empty();
    column.numeric = column.numeric && (empty || (value != nullptr && (std::holds_alternative<std::int64_t>(*value) ||
                                                                       std::holds_alternative<double>(*value))));
    column.ids = column.ids && (empty || parse_id(cell).has_value());
    column.width = std::max(column.width, display_width(cell));
  }
  return column;
}

void fit(std::vector<Column>& columns, std::size_t width) {
  const auto total = [&columns] {
    std::size_t sum = kGap.size() * (columns.size() - 1);
    for (const Column& column : columns)
      sum += column.width;
    return sum;
  };
  while (total() > width) {
    Column* widest = nullptr;
    for (Column& column : columns) {
      if (!column.ids && column.width > kNarrowest && (widest == nullptr || column.width > widest->width)) {
        widest = &column;
      }
    }
    if (widest == nullptr) return;
    --widest->width;
  }
}

void append_row(std::string& text, const std::vector<Column>& columns, const auto& cell_of) {
  std::string line;
  for (const Column& column : columns) {
    if (!line.empty() || &column != &columns.front()) line += kGap;
    const std::string cell = cut(cell_of(column), column.width);
    const std::string padding(column.width - std::min(column.width, display_width(cell)), ' ');
    line += column.numeric ? padding + cell : cell + padding;
  }
  text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
}

/// Whether a record can be a row of a table.
bool is_flat(const Record& record) {
  return std::none_of(record.fields().begin(), record.fields().end(), [](const auto& field) {
    const auto* text = std::get_if<std::string>(&field.second);
    return std::holds_alternative<std::vector<Record>>(field.second) ||
           (text != nullptr && text->find('\n') != std::string::npos);
  });
}

std::string_view trim_end(std::string_view text) {
  while (text.ends_with('\n'))
    text.remove_suffix(1);
  return text;
}

void append_fields(std::string& text, const Record& record, std::string_view indent) {
  std::size_t widest = 0;
  for (const auto& [key, value] : record.fields())
    widest = std::max(widest, display_width(name_of(key)));
  for (const auto& [key, value] : record.fields()) {
    const std::string name = name_of(key);
    if (const auto* nested = std::get_if<std::vector<Record>>(&value)) {
      if (nested->empty() || nested->front().fields().empty()) continue;
      text += fmt::format("{}{}:\n", indent, name);
      const std::string deeper = std::string(indent) + "  ";
      if (!record.is_nested(key) && nested->size() > 1 && std::all_of(nested->begin(), nested->end(), is_flat)) {
        const std::string table = format_table(*nested, 0);
        for (const std::string_view line : split(trim_end(table), '\n'))
          text += fmt::format("{}{}\n", deeper, line);
        continue;
      }
      for (std::size_t i = 0; i < nested->size(); ++i) {
        if (i > 0) text += "\n";
        append_fields(text, (*nested)[i], deeper);
      }
      continue;
    }
    const auto* held = std::get_if<std::string>(&value);
    if (held != nullptr && held->find('\n') != std::string::npos) {
      text += fmt::format("{}{}:\n", indent, name);
      for (const std::string_view line : split(*held, '\n')) {
        text += line.empty() ? std::string("\n") : fmt::format("{}  {}\n", indent, printable(line));
      }
      continue;
    }
    const std::string cell = printable(cell_text(value));
    if (cell.empty()) continue;
    text += fmt::format("{}{}{}  {}\n", indent, name, std::string(widest - display_width(name), ' '), cell);
  }
}

}  // namespace

std::size_t display_width(std::string_view utf8) {
  const std::u32string points = decode_utf8(utf8);
  return std::accumulate(points.begin(), points.end(), std::size_t{0},
                         [](std::size_t sum, char32_t point) { return sum + width_of(point); });
}

std::string cell_text(const Value& value) {
  return std::visit(
      [](const auto& held) -> std::string {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, std::monostate>) {
          return {};
        } else if constexpr (std::is_same_v<Held, bool>) {
          return held ? "yes" : "no";
        } else if constexpr (std::is_same_v<Held, std::string>) {
          return held;
        } else if constexpr (std::is_same_v<Held, std::vector<std::string>>) {
          return join(held, ", ");
        } else if constexpr (std::is_same_v<Held, std::vector<Record>>) {
          std::string text;
          for (const Record& record : held)
            text += (text.empty() ? "" : " ") + to_json(record);
          return text;
        } else {
          return fmt::format("{}", held);
        }
      },
      value);
}

std::vector<std::string> columns_of(const std::vector<Record>& records) {
  std::vector<std::string> keys;
  std::set<std::string> seen;
  for (const Record& record : records) {
    for (const auto& [key, value] : record.fields()) {
      if (seen.insert(key).second) keys.push_back(key);
    }
  }
  return keys;
}

std::string format_table(const std::vector<Record>& records, std::size_t width) {
  if (records.empty()) return {};
  std::vector<Column> columns;
  for (const std::string& key : columns_of(records))
    columns.push_back(make_column(key, records));
  if (width > 0) fit(columns, width);
  std::string text;
  append_row(text, columns, [](const Column& column) { return column.heading; });
  for (std::size_t i = 0; i < records.size(); ++i) {
    append_row(text, columns, [i](const Column& column) { return column.cells[i]; });
  }
  return text;
}

std::string format_fields(const Record& record) {
  std::string text;
  append_fields(text, record, {});
  return text;
}

std::string printable_lines(std::string_view text) {
  std::string result;
  for (const std::string_view line : split(text, '\n')) {
    if (line.data() != text.data()) result += '\n';
    result += printable(line);
  }
  return result;
}

}  // namespace avisloop
