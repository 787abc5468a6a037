#include <ostream>
#include <set>

#include "core/rules/data_table.h"
#include "core/rules/provider_errors.h"

#include <doctest/doctest.h>

using namespace avisloop;

TEST_CASE("the codes that decide much have the right class") {
  using enum ErrorClass;
  const std::tuple<const char*, const char*, ErrorClass> cases[] = {
      {"twilio", "21610", recipient_opted_out},
      {"twilio", "21211", number_invalid},
      {"twilio", "21614", number_invalid},
      {"twilio", "20003", account_stopped},
      {"twilio", "30034", account_stopped},
      {"twilio", "20429", rate_limited},
      {"twilio", "20500", unknown_outcome},
      {"twilio", "20503", unknown_outcome},
      {"twilio", "21617", permanent},
      {"twilio", "30007", permanent},
      {"twilio", "30036", temporary},
      {"twilio", "63038", rate_limited},
      {"resend", "validation_error", permanent},
      {"resend", "403/validation_error", account_stopped},
      {"resend", "invalid_api_key", account_stopped},
      {"resend", "rate_limit_exceeded", rate_limited},
      {"resend", "monthly_quota_exceeded", account_stopped},
      {"resend", "application_error", unknown_outcome},
      {"resend", "concurrent_idempotent_requests", unknown_outcome},
      {"smtp", "421", temporary},
      {"smtp", "450", temporary},
      {"smtp", "535", account_stopped},
      {"smtp", "550", permanent},
      {"smtp", "5.1.1", number_invalid},
  };
  for (const auto& [provider, code, error_class] : cases) {
    CAPTURE(provider);
    CAPTURE(code);
    const ProviderError* error = find_provider_error(provider, code);
    REQUIRE(error != nullptr);
    CHECK(to_string(error->error_class) == to_string(error_class));
  }
}

TEST_CASE("a code belongs to its provider alone") {
  CHECK(find_provider_error("resend", "21610") == nullptr);
  CHECK(find_provider_error("twilio", "99999") == nullptr);
  CHECK(find_provider_error("twilio", "") == nullptr);
  CHECK(find_provider_error("", "21610") == nullptr);
}

TEST_CASE("every row of the table is found under its code, once, with a meaning and a source") {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const auto& row : read_data_table("provider_errors.csv", 5)) {
    CAPTURE(row[1]);
    CHECK(seen.emplace(row[0], row[1]).second);
    const ProviderError* error = find_provider_error(row[0], row[1]);
    REQUIRE(error != nullptr);
    CHECK(to_string(error->error_class) == row[2]);
    CHECK(!error->meaning.empty());
    CHECK(!error->source.empty());
  }
}

TEST_CASE("an HTTP status whose body tells nothing has a class") {
  using enum ErrorClass;
  const std::pair<int, ErrorClass> cases[] = {{200, none},
                                              {201, none},
                                              {202, none},
                                              {400, permanent},
                                              {401, account_stopped},
                                              {403, account_stopped},
                                              {404, permanent},
                                              {408, unknown_outcome},
                                              {409, permanent},
                                              {422, permanent},
                                              {429, rate_limited},
                                              {500, unknown_outcome},
                                              {502, unknown_outcome},
                                              {503, unknown_outcome},
                                              {504, unknown_outcome},
                                              {599, unknown_outcome},
                                              {0, unknown_outcome},
                                              {100, unknown_outcome},
                                              {302, unknown_outcome}};
  for (const auto& [status, error_class] : cases) {
    CAPTURE(status);
    CHECK(to_string(classify_status(status)) == to_string(error_class));
  }
}
