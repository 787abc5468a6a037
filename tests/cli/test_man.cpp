#include <doctest/doctest.h>

#include "cli/man.h"
#include "tests/support/temp_folder.h"

using namespace avisloop;

TEST_CASE("the manual pages are those that the command table and the table of keys make") {
  const std::filesystem::path folder = std::filesystem::path(AVISLOOP_SOURCE_DIR) / "man";
  const std::string remedy = "write them again: avisloop man 1 > man/avisloop.1; avisloop man 5 > man/avisloop.toml.5";
  CHECK_MESSAGE(read_file(folder / "avisloop.1") == man_program(), remedy);
  CHECK_MESSAGE(read_file(folder / "avisloop.toml.5") == man_settings(), remedy);
}
