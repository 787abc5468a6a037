#pragma once

#include <string_view>

#include "core/model/message.h"

namespace avisloop {

/// One row of core/rules/data/provider_errors.csv.
struct ProviderError {
  std::string_view provider;
  std::string_view code;
  ErrorClass error_class = ErrorClass::permanent;
  std::string_view meaning;
  std::string_view source;
};

/// Nothing for a code that is not in the table: then the HTTP status decides (classify_status).
const ProviderError* find_provider_error(std::string_view provider, std::string_view code);

/// The class of an HTTP status whose body tells nothing: 401 and 403 stop the account, 429 limits, 408 and 5xx leave
/// the outcome unknown, any other 4xx is permanent.
ErrorClass classify_status(int http_status);

}  // namespace avisloop
