#pragma once

#include <chrono>
#include <string_view>
#include <vector>

namespace avisloop {

/// Whether `list` is one of core/rules/data/holidays.csv (`US-LA`).
bool has_holiday_list(std::string_view list);

/// The dates of a year on which a list closes, in order, each once: the holidays themselves and the days on which they
/// are observed, also those that belong to a holiday of the next year (31 December for a Saturday's New Year). Any
/// year.
std::vector<std::chrono::year_month_day> holidays_of(std::string_view list, std::chrono::year year);

/// Easter Sunday of the Gregorian calendar.
std::chrono::year_month_day easter(std::chrono::year year);

}  // namespace avisloop
