#include "core/store/statements.h"

#include <set>

#include "core/base/embedded.h"
#include "core/store/sqlite/connection.h"
#include "core/store/sqlite/open.h"
#include "tests/store/fixture.h"

using namespace avisloop;

TEST_CASE("Every named statement can be prepared against the current schema") {
  const TempFolder folder;
  const auto random = make_seeded_random(1);
  auto store = must(open_sqlite_store(folder.file("a.db"), true, *random));
  must(store->migrate(test_start()));
  sqlite::Connection connection(folder.file("a.db"), false);
  const std::vector<std::string_view> names = Statements("sqlite").names();
  CHECK(names.size() > 50);
  for (const std::string_view name : names) {
    CAPTURE(name);
    CHECK_NOTHROW(connection.query(name));
  }
}

TEST_CASE("No two statements of one folder share a name") {
  std::set<std::string> seen;
  for (const EmbeddedFile& file : embedded_sql()) {
    if (!file.path.starts_with("sql/queries/")) continue;
    const std::string folder(file.path.substr(0, file.path.rfind('/')));
    std::string_view text = file.text;
    constexpr std::string_view mark = "-- name: ";
    for (std::size_t at = text.find(mark); at != std::string_view::npos; at = text.find(mark, at + 1)) {
      const std::string name(text.substr(at + mark.size(), text.find('\n', at) - at - mark.size()));
      CAPTURE(file.path);
      CAPTURE(name);
      CHECK(seen.insert(folder + ' ' + name).second);
    }
  }
}
