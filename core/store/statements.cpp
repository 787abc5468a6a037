#include "core/store/statements.h"

#include <charconv>
#include <stdexcept>

#include "core/base/embedded.h"
#include "core/base/text.h"

namespace avisloop {
namespace {

constexpr std::string_view kMark = "-- name: ";

void collect(std::string_view file, std::map<std::string_view, std::string_view>& by_name) {
  std::size_t at = file.find(kMark);
  while (at != std::string_view::npos) {
    const std::size_t name_begin = at + kMark.size();
    const std::size_t line_end = file.find('\n', name_begin);
    const std::string_view name = trim(file.substr(name_begin, line_end - name_begin));
    at = file.find(kMark, line_end);
    const std::string_view body = trim(file.substr(line_end, at == std::string_view::npos ? at : at - line_end));
    by_name.insert_or_assign(name, body);
  }
}

}  // namespace

Statements::Statements(std::string_view dialect) {
  for (const std::string& folder : {std::string("sql/queries/common/"), "sql/queries/" + std::string(dialect) + "/"}) {
    for (const EmbeddedFile& file : embedded_sql()) {
      if (file.path.starts_with(folder)) collect(file.text, by_name_);
    }
  }
}

std::string_view Statements::text(std::string_view name) const {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) throw std::logic_error("no statement named " + std::string(name));
  return found->second;
}

std::vector<std::string_view> Statements::names() const {
  std::vector<std::string_view> names;
  for (const auto& [name, text] : by_name_)
    names.push_back(name);
  return names;
}

std::vector<Migration> migrations_of(std::string_view dialect) {
  std::vector<Migration> migrations;
  const std::string folder = "sql/migrations/" + std::string(dialect) + "/";
  for (const EmbeddedFile& file : embedded_sql()) {  // sorted by path, so by number
    if (!file.path.starts_with(folder)) continue;
    const std::string_view name = file.path.substr(folder.size());
    Migration migration{0, std::string(name.substr(0, name.rfind('.'))), std::string(file.text)};
    std::from_chars(name.data(), name.data() + name.size(), migration.number);
    migrations.push_back(std::move(migration));
  }
  return migrations;
}

}  // namespace avisloop
