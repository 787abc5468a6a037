#include "core/providers/answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "core/base/text.h"
#include "core/rules/retry.h"

namespace avisloop {
namespace {

constexpr int kDeepest = 64;
constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

std::optional<int> number(std::string_view text, int most) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || value < 0 || value > most) return {};
  return value;
}

std::optional<std::chrono::minutes> offset(std::string_view zone) {
  if (zone == "GMT" || zone == "UT" || zone == "Z") return std::chrono::minutes{0};
  if (zone.size() != 5 || (zone[0] != '+' && zone[0] != '-')) return std::nullopt;
  const auto hours = number(zone.substr(1, 2), 23);
  const auto minutes = number(zone.substr(3, 2), 59);
  if (!hours || !minutes) return std::nullopt;
  const std::chrono::minutes total{*hours * 60 + *minutes};
  return zone[0] == '-' ? -total : total;
}

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

std::optional<Instant> parse_mail_date(std::string_view text) {
  if (const auto comma = text.find(','); comma != std::string_view::npos) text.remove_prefix(comma + 1);
  std::vector<std::string_view> words;
  for (const std::string_view word : split(trim(text), ' ')) {
    if (!word.empty()) words.push_back(word);
  }
  if (words.size() < 5) return std::nullopt;
  const auto time = split(words[3], ':');
  const auto month = std::find(kMonths.begin(), kMonths.end(), words[1]);
  const auto day = number(words[0], 31);
  const auto year = number(words[2], 9999);
  const auto zone = offset(words[4]);
  if (time.size() != 3 || month == kMonths.end() || !day || !year || !zone) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(month - kMonths.begin()) + 1},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  const auto hour = number(time[0], 23);
  const auto minute = number(time[1], 59);
  const auto second = number(time[2], 60);
  if (!date.ok() || !hour || !minute || !second) return std::nullopt;
  return Instant{std::chrono::sys_days{date}} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
         std::chrono::seconds{*second} - *zone;
}

std::string format_mail_date(Instant at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(at - day)};
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000", kDays[std::chrono::weekday{day}.c_encoding()],
                     static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
                     time.seconds().count());
}

}  // namespace avisloop
