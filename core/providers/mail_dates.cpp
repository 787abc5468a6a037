#include "core/providers/mail_dates.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "core/base/text.h"

namespace avisloop {
namespace {

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

}  // namespace

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
