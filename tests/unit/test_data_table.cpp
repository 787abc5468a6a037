#include <stdexcept>

#include "core/rules/data_table.h"

#include <doctest/doctest.h>

using namespace avisloop;

TEST_CASE("a data table loses its comments and its heading") {
  const auto rows = read_data_rows("# a note, with a comma\na,b\n1,2\n\n# another\n3,\n", 2);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0][1] == "2");
  CHECK(rows[1][0] == "3");
  CHECK(rows[1][1].empty());
}

TEST_CASE("a data row with a missing or surplus cell is refused") {
  CHECK_THROWS_AS(read_data_rows("a,b\n1\n", 2), std::logic_error);
  CHECK_THROWS_AS(read_data_rows("a,b\n1,2,3\n", 2), std::logic_error);
  CHECK_THROWS_AS(read_data_table("nothing.csv", 2), std::logic_error);
}

TEST_CASE("a list cell is split at its bars") {
  CHECK(list_cell("").empty());
  CHECK(list_cell("a").size() == 1);
  CHECK(list_cell("a|b").size() == 2);
}
