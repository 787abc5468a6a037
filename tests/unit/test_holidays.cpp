#include <ostream>
#include <string>

#include <fmt/format.h>

#include "core/rules/data_table.h"
#include "core/rules/holidays.h"

#include <doctest/doctest.h>

using namespace avisloop;

namespace {

std::string dates_of(std::string_view list, int year) {
  std::string text = fmt::format("{}:", year);
  for (const auto& date : holidays_of(list, std::chrono::year{year})) {
    CHECK(static_cast<int>(date.year()) == year);
    text += fmt::format(" {:02}-{:02}", static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  }
  return text + "\n";
}

std::string day(std::chrono::year_month_day date) {
  return fmt::format("{:02}-{:02}", static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

/// The closed dates of 2026 to 2030, counted from calendars.
const std::pair<const char*, const char*> kPublished[] = {
    {"US-AL",
     "2026: 01-01 01-19 02-16 04-27 05-25 06-01 06-19 07-03 07-04 09-07 10-12 11-11 11-26 12-25\n"
     "2027: 01-01 01-18 02-15 04-26 05-31 06-07 06-18 06-19 07-04 07-05 09-06 10-11 11-11 11-25 12-24 "
     "12-25 12-31\n"
     "2028: 01-01 01-17 02-21 04-24 05-29 06-05 06-19 07-04 09-04 10-09 11-10 11-11 11-23 12-25\n"
     "2029: 01-01 01-15 02-19 04-23 05-28 06-04 06-19 07-04 09-03 10-08 11-11 11-12 11-22 12-25\n"
     "2030: 01-01 01-21 02-18 04-22 05-27 06-03 06-19 07-04 09-02 10-14 11-11 11-28 12-25\n"},
    {"US-LA",
     "2026: 01-01 01-19 02-17 04-03 05-25 07-03 07-04 09-07 11-11 11-26 12-25\n"
     "2027: 01-01 01-18 02-09 03-26 05-31 07-04 07-05 09-06 11-11 11-25 12-24 12-25 12-31\n"
     "2028: 01-01 01-17 02-29 04-14 05-29 07-04 09-04 11-10 11-11 11-23 12-25\n"
     "2029: 01-01 01-15 02-13 03-30 05-28 07-04 09-03 11-11 11-12 11-22 12-25\n"
     "2030: 01-01 01-21 03-05 04-19 05-27 07-04 09-02 11-11 11-28 12-25\n"},
    {"US-PA",
     "2026: 01-01 01-19 02-16 04-03 05-25 06-14 06-19 07-03 07-04 09-07 10-12 11-03 11-11 11-26 12-25\n"
     "2027: 01-01 01-18 02-15 03-26 05-31 06-14 06-18 06-19 07-04 07-05 09-06 10-11 11-02 11-11 11-25 "
     "12-24 12-25 12-31\n"
     "2028: 01-01 01-17 02-21 04-14 05-29 06-14 06-19 07-04 09-04 10-09 11-07 11-10 11-11 11-23 12-25\n"
     "2029: 01-01 01-15 02-19 03-30 05-28 06-14 06-19 07-04 09-03 10-08 11-06 11-11 11-12 11-22 12-25\n"
     "2030: 01-01 01-21 02-18 04-19 05-27 06-14 06-19 07-04 09-02 10-14 11-05 11-11 11-28 12-25\n"},
    {"US-RI",
     "2026: 01-01 01-19 02-16 05-04 05-25 06-19 07-03 07-04 08-10 09-07 10-12 11-03 11-11 11-26 12-25\n"
     "2027: 01-01 01-18 02-15 05-04 05-31 06-18 06-19 07-04 07-05 08-09 09-06 10-11 11-11 11-25 12-24 "
     "12-25 12-31\n"
     "2028: 01-01 01-17 02-21 05-04 05-29 06-19 07-04 08-14 09-04 10-09 11-07 11-10 11-11 11-23 12-25\n"
     "2029: 01-01 01-15 02-19 05-04 05-28 06-19 07-04 08-13 09-03 10-08 11-11 11-12 11-22 12-25\n"
     "2030: 01-01 01-21 02-18 05-04 05-27 06-19 07-04 08-12 09-02 10-14 11-05 11-11 11-28 12-25\n"},
    {"US-UT",
     "2026: 01-01 01-19 02-16 05-25 06-15 06-19 07-03 07-04 07-24 09-07 10-12 11-11 11-26 12-25\n"
     "2027: 01-01 01-18 02-15 05-31 06-19 06-21 07-04 07-05 07-23 07-24 09-06 10-11 11-11 11-25 12-24 "
     "12-25 12-31\n"
     "2028: 01-01 01-17 02-21 05-29 06-19 07-04 07-24 09-04 10-09 11-10 11-11 11-23 12-25\n"
     "2029: 01-01 01-15 02-19 05-28 06-18 06-19 07-04 07-24 09-03 10-08 11-11 11-12 11-22 12-25\n"
     "2030: 01-01 01-21 02-18 05-27 06-17 06-19 07-04 07-24 09-02 10-14 11-11 11-28 12-25\n"},
};

}  // namespace

TEST_CASE("the holidays of each state fall on the published dates") {
  for (const auto& [list, expected] : kPublished) {
    CAPTURE(list);
    std::string dates;
    for (int year = 2026; year <= 2030; ++year)
      dates += dates_of(list, year);
    CHECK(dates == expected);
  }
}

TEST_CASE("Easter is known for any year") {
  const std::pair<int, const char*> cases[] = {{1818, "03-22"}, {1943, "04-25"}, {1954, "04-18"}, {1981, "04-19"},
                                               {2000, "04-23"}, {2008, "03-23"}, {2011, "04-24"}, {2024, "03-31"},
                                               {2026, "04-05"}, {2038, "04-25"}, {2049, "04-18"}, {2076, "04-19"},
                                               {2100, "03-28"}, {2285, "03-22"}};
  for (const auto& [year, date] : cases) {
    CAPTURE(year);
    CHECK(day(easter(std::chrono::year{year})) == date);
  }
}

TEST_CASE("Easter is always a Sunday from 22 March to 25 April") {
  for (int year = 1600; year < 3000; ++year) {
    const auto date = easter(std::chrono::year{year});
    CHECK(std::chrono::weekday{std::chrono::sys_days{date}} == std::chrono::Sunday);
    CHECK(date >= date.year() / std::chrono::March / 22);
    CHECK(date <= date.year() / std::chrono::April / 25);
  }
}

TEST_CASE("a list that is not in the table has no dates") {
  CHECK(has_holiday_list("US-LA"));
  CHECK(!has_holiday_list("US-TX"));
  CHECK(holidays_of("US-TX", std::chrono::year{2026}).empty());
}

TEST_CASE("every list has holidays in far years too") {
  for (const auto& [list, expected] : kPublished) {
    CHECK(holidays_of(list, std::chrono::year{1999}).size() >= 10);
    CHECK(holidays_of(list, std::chrono::year{2399}).size() >= 10);
  }
}
