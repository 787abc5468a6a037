#include "core/rules/holidays.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <stdexcept>

#include "core/base/text.h"
#include "core/rules/data_table.h"

namespace avisloop {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

enum class Basis { fixed, nth_weekday, last_weekday, easter };
enum class Observed { none, nearest, monday };

/// One row of holidays.csv; the grammar of its date stands there.
struct Holiday {
  std::string_view list;
  Basis basis = Basis::fixed;
  int nth = 0;
  std::chrono::weekday weekday{0};
  std::chrono::month month{1};
  std::chrono::day day{1};
  days shift{0};
  Observed observed = Observed::none;
  bool even_years_only = false;
};

[[noreturn]] void refuse(std::string_view what, std::string_view value) {
  throw std::logic_error(fmt::format("holidays.csv: {} `{}`", what, value));
}

int number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) refuse("not a number", text);
  return value;
}

std::optional<std::chrono::weekday> weekday_of(std::string_view text) {
  constexpr std::array<std::string_view, 7> names{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
  for (unsigned i = 0; i < names.size(); ++i) {
    if (text == names[i]) return std::chrono::weekday{i};
  }
  return std::nullopt;
}

void read_date_rule(std::string_view text, Holiday& holiday) {
  auto words = split(text, ' ');
  std::size_t used = 0;
  if (words[0] == "easter") {
    holiday.basis = Basis::easter;
    used = 1;
  } else if (words.size() >= 3 && weekday_of(words[1])) {
    holiday.basis = words[0] == "last" ? Basis::last_weekday : Basis::nth_weekday;
    if (holiday.basis == Basis::nth_weekday) holiday.nth = number(words[0]);
    holiday.weekday = *weekday_of(words[1]);
    holiday.month = std::chrono::month{static_cast<unsigned>(number(words[2]))};
    used = 3;
  } else if (words[0].size() == 5 && words[0][2] == '-') {
    holiday.month = std::chrono::month{static_cast<unsigned>(number(words[0].substr(0, 2)))};
    holiday.day = std::chrono::day{static_cast<unsigned>(number(words[0].substr(3)))};
    used = 1;
  }
  if (used < words.size()) holiday.shift = days{number(words[used++])};
  if (used != words.size() || !holiday.month.ok()) refuse("a date that is not understood:", text);
}

std::vector<Holiday> read_holidays() {
  std::vector<Holiday> holidays;
  for (const auto& row : read_data_table("holidays.csv", 5)) {
    Holiday holiday;
    holiday.list = row[0];
    read_date_rule(row[2], holiday);
    if (row[3] == "nearest") {
      holiday.observed = Observed::nearest;
    } else if (row[3] == "monday") {
      holiday.observed = Observed::monday;
    } else if (row[3] != "none") {
      refuse("unknown way of observing", row[3]);
    }
    if (row[4] != "all" && row[4] != "even") refuse("unknown years", row[4]);
    holiday.even_years_only = row[4] == "even";
    holidays.push_back(holiday);
  }
  return holidays;
}

const std::vector<Holiday>& all_holidays() {
  static const std::vector<Holiday> holidays = read_holidays();
  return holidays;
}

sys_days date_of(const Holiday& holiday, std::chrono::year year) {
  switch (holiday.basis) {
    case Basis::nth_weekday:
      return sys_days{year / holiday.month / holiday.weekday[static_cast<unsigned>(holiday.nth)]} + holiday.shift;
    case Basis::last_weekday:
      return sys_days{year / holiday.month / holiday.weekday[std::chrono::last]} + holiday.shift;
    case Basis::easter:
      return sys_days{easter(year)} + holiday.shift;
    case Basis::fixed:
      break;
  }
  return sys_days{year / holiday.month / holiday.day} + holiday.shift;
}

sys_days observed_date(const Holiday& holiday, sys_days date) {
  const std::chrono::weekday weekday{date};
  const bool saturday = weekday == std::chrono::Saturday;
  const bool sunday = weekday == std::chrono::Sunday;
  switch (holiday.observed) {
    case Observed::nearest:
      return date + days{saturday ? -1 : (sunday ? 1 : 0)};
    case Observed::monday:
      return saturday || sunday ? date + (std::chrono::Monday - weekday) : date - (weekday - std::chrono::Monday);
    case Observed::none:
      break;
  }
  return date;
}

}  // namespace

bool has_holiday_list(std::string_view list) {
  const auto& holidays = all_holidays();
  return std::any_of(holidays.begin(), holidays.end(), [&](const Holiday& holiday) { return holiday.list == list; });
}

std::vector<year_month_day> holidays_of(std::string_view list, std::chrono::year year) {
  std::vector<year_month_day> dates;
  for (const Holiday& holiday : all_holidays()) {
    if (holiday.list != list) continue;
    for (const std::chrono::year own : {year - std::chrono::years{1}, year, year + std::chrono::years{1}}) {
      if (holiday.even_years_only && static_cast<int>(own) % 2 != 0) continue;
      const sys_days date = date_of(holiday, own);
      for (const sys_days day : {date, observed_date(holiday, date)}) {
        if (year_month_day{day}.year() == year) dates.emplace_back(day);
      }
    }
  }
  std::sort(dates.begin(), dates.end());
  dates.erase(std::unique(dates.begin(), dates.end()), dates.end());
  return dates;
}

year_month_day easter(std::chrono::year year) {
  // The Gregorian computus: the moon's age on 1 January (epact) gives the Paschal full moon, Easter is the Sunday
  // after.
  const int y = static_cast<int>(year);
  const int golden = y % 19;
  const int century = y / 100;
  const int epact = (century - century / 4 - (8 * century + 13) / 25 + 19 * golden + 15) % 30;
  // Two corrections keep the full moon before 19 April, and apart in the years of one cycle.
  const int full_moon = epact - (epact / 28) * (1 - (29 / (epact + 1)) * ((21 - golden) / 11));
  const sys_days moon = sys_days{year / std::chrono::March / 21} + days{full_moon};
  const std::chrono::weekday weekday{moon};
  return year_month_day{moon + days{7 - static_cast<int>(weekday.c_encoding())}};
}

}  // namespace avisloop
