#include "core/rules/provider_errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

#include "core/rules/data_table.h"

namespace avisloop {
namespace {

using Key = std::pair<std::string_view, std::string_view>;

Key key_of(const ProviderError& error) {
  return {error.provider, error.code};
}

std::vector<ProviderError> read_errors() {
  std::vector<ProviderError> errors;
  for (const auto& row : read_data_table("provider_errors.csv", 5)) {
    const auto error_class = parse_enum<ErrorClass>(row[2]);
    if (!error_class) throw std::logic_error(fmt::format("provider_errors.csv: unknown class {}", row[2]));
    errors.push_back({row[0], row[1], *error_class, row[3], row[4]});
  }
  std::sort(errors.begin(), errors.end(),
            [](const ProviderError& a, const ProviderError& b) { return key_of(a) < key_of(b); });
  return errors;
}

}  // namespace

const ProviderError* find_provider_error(std::string_view provider, std::string_view code) {
  static const std::vector<ProviderError> errors = read_errors();
  const Key wanted{provider, code};
  const auto found = std::lower_bound(errors.begin(), errors.end(), wanted,
                                      [](const ProviderError& error, const Key& key) { return key_of(error) < key; });
  if (found == errors.end() || key_of(*found) != wanted) return nullptr;
  return &*found;
}

ErrorClass classify_status(int http_status) {
  if (http_status >= 200 && http_status < 300) return ErrorClass::none;
  if (http_status == 401 || http_status == 403) return ErrorClass::account_stopped;
  if (http_status == 429) return ErrorClass::rate_limited;
  if (http_status >= 400 && http_status < 500 && http_status != 408) return ErrorClass::permanent;
  return ErrorClass::unknown_outcome;
}

}  // namespace avisloop
