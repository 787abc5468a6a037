#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/store/store.h"

namespace avisloop {

/// The named statements of sql/queries for one dialect: `<dialect>/` over `common/`. A name that is not there is a bug
/// of the program and throws std::logic_error.
class Statements {
 public:
  explicit Statements(std::string_view dialect);

  std::string_view text(std::string_view name) const;
  std::vector<std::string_view> names() const;

 private:
  std::map<std::string_view, std::string_view> by_name_;
};

/// The migrations of a dialect, in order. Numbers grow by one from 1.
std::vector<Migration> migrations_of(std::string_view dialect);

}  // namespace avisloop
