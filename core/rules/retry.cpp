#include "core/rules/retry.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/base/text.h"

namespace avisloop {
namespace {

constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                   "jul", "aug", "sep", "oct", "nov", "dec"};

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

std::optional<unsigned> month_number(std::string_view text) {
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (equals_ignoring_case(text, kMonths[i])) return static_cast<unsigned>(i) + 1;
  }
  return std::nullopt;
}

std::optional<std::chrono::seconds> time_of_day(std::string_view text) {
  const auto parts = split(text, ':');
  if (parts.size() != 3) return std::nullopt;
  const auto hour = number(parts[0]);
  const auto minute = number(parts[1]);
  const auto second = number(parts[2]);
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return std::chrono::hours{*hour} + std::chrono::minutes{*minute} + std::chrono::seconds{*second};
}

std::optional<Instant> instant_of(std::string_view year, std::string_view month, std::string_view day,
                                  std::string_view time) {
  auto year_value = number(year);
  const auto month_value = month_number(month);
  const auto day_value = number(day);
  const auto seconds = time_of_day(time);
  if (!year_value || !month_value || !day_value || !seconds) return std::nullopt;
  if (year.size() == 2) *year_value += *year_value < 70 ? 2000 : 1900;
  const std::chrono::year_month_day date{std::chrono::year{*year_value}, std::chrono::month{*month_value},
                                         std::chrono::day{static_cast<unsigned>(*day_value)}};
  if (*year_value > 9999 || !date.ok()) return std::nullopt;
  return Instant{std::chrono::sys_days{date}.time_since_epoch() + *seconds};
}

/// The three forms of RFC 9110, 5.6.7: `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` and
/// `Sun Nov  6 08:49:37 1994`.
std::optional<Instant> read_http_date(std::string_view text) {
  std::vector<std::string_view> words;
  for (const std::string_view word : split(text, ' ')) {
    if (!word.empty()) words.push_back(word);
  }
  if (words.size() == 6 && words[0].ends_with(',') && words[5] == "GMT") {
    return instant_of(words[3], words[2], words[1], words[4]);
  }
  if (words.size() == 4 && words[0].ends_with(',') && words[3] == "GMT") {
    const auto date = split(words[1], '-');
    if (date.size() == 3) return instant_of(date[2], date[1], date[0], words[2]);
  }
  if (words.size() == 5) return instant_of(words[4], words[1], words[2], words[3]);
  return std::nullopt;
}

}  // namespace

Instant next_attempt(Instant now, int attempts_used, std::optional<Micros> retry_after, Random& random) {
  constexpr Micros first = std::chrono::minutes{1};
  constexpr Micros longest = std::chrono::hours{6};
  // 2^9 minutes are past the longest pause already.
  const int doublings = std::clamp(attempts_used - 1, 0, 9);
  const Micros pause = std::min(first * (std::int64_t{1} << doublings), longest);
  const Micros half = pause / 2;
  const Micros jittered = half + Micros{static_cast<std::int64_t>(random.unit() * static_cast<double>(half.count()))};
  return now + std::max(jittered, retry_after.value_or(Micros{0}));
}

std::optional<Micros> read_retry_after(std::string_view value, Instant now) {
  const std::string_view text = trim(value);
  if (text.empty()) return std::nullopt;
  if (std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    const bool beyond = error == std::errc::result_out_of_range || seconds > 86400;
    return beyond ? kDay : Micros{std::chrono::seconds{seconds}};
  }
  const auto at = read_http_date(text);
  if (!at) return std::nullopt;
  return std::clamp(*at - now, Micros{0}, kDay);
}

}  // namespace avisloop
