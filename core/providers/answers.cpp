#include "core/providers/answers.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/providers/mail_dates.h"
#include "core/rules/retry.h"

namespace avisloop {
namespace {

constexpr int kDeepest = 64;
/// How deep the brackets of a text nest, strings left out: a very deep one would exhaust the stack later.
bool is_shallow(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kDeepest) return false;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return true;
}

}  // namespace

std::optional<SendOutcome> outcome_without_answer(const WireResult& result) {
  if (result.stage == WireStage::answered) return std::nullopt;
  const bool certain = result.stage == WireStage::not_sent;
  return outcome_of(certain ? ErrorClass::temporary : ErrorClass::unknown_outcome, certain ? "not_sent" : "no_answer",
                    result.error);
}

SendOutcome outcome_of(ErrorClass error_class, std::string code, std::string text) {
  SendOutcome outcome;
  outcome.error_class = error_class;
  outcome.error_code = std::move(code);
  outcome.error_text = std::move(text);
  switch (error_class) {
    case ErrorClass::none:
      outcome.kind = SendOutcome::Kind::accepted;
      break;
    case ErrorClass::permanent:
    case ErrorClass::recipient_opted_out:
    case ErrorClass::number_invalid:
      outcome.kind = SendOutcome::Kind::rejected;
      break;
    case ErrorClass::temporary:
    case ErrorClass::rate_limited:
    case ErrorClass::account_stopped:
      outcome.kind = SendOutcome::Kind::deferred;
      break;
    case ErrorClass::unknown_outcome:
      outcome.kind = SendOutcome::Kind::in_doubt;
      break;
  }
  return outcome;
}

nlohmann::json read_json(const WireResult& result) {
  constexpr auto nothing = nlohmann::json::value_t::discarded;
  if (!result.body_complete || !is_shallow(result.body)) return nothing;
  return nlohmann::json::parse(result.body, nullptr, false);
}

std::string text_of(const nlohmann::json& object, std::string_view key) {
  if (!object.is_object()) return {};
  const auto found = object.find(std::string(key));
  if (found == object.end()) return {};
  if (found->is_string()) return found->get<std::string>();
  if (found->is_number_integer()) return fmt::format("{}", found->get<std::int64_t>());
  return {};
}

std::optional<Micros> retry_after_of(const WireResult& result, Instant started) {
  const auto header = result.headers.find("retry-after");
  if (header == result.headers.end()) return std::nullopt;
  const auto date = result.headers.find("date");
  const auto now = date == result.headers.end() ? std::nullopt : parse_mail_date(date->second);
  return read_retry_after(header->second, now.value_or(started));
}

}  // namespace avisloop
