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

namespace {

/// The steps that read every row of a table, or every row of an org.
std::vector<std::string> long_reads(sqlite::Connection& connection, std::string_view sql) {
  std::vector<std::string> found;
  SQLite::Statement plan(connection.database(), "explain query plan " + std::string(sql));
  while (plan.executeStep()) {
    const std::string step = plan.getColumn(3).getString();
    if (step.ends_with("(org=?)") || (step.starts_with("SCAN") && step != "SCAN CONSTANT ROW")) found.push_back(step);
  }
  return found;
}

}  // namespace

TEST_CASE("P12 idle costs nothing: only listings and rare acts read all rows of an organization") {
  const std::set<std::string_view> may_read_all{"list_orgs",
                                                "list_contacts",
                                                "list_jobs",
                                                "list_campaigns",
                                                "list_templates",
                                                "list_lanes",
                                                "list_messages",
                                                "last_run",
                                                "count_queue",
                                                "org_has_contacts",
                                                "template_waits",
                                                "delete_org_jobs",
                                                "delete_org_lanes",
                                                "delete_org_touches",
                                                "delete_org_campaigns",
                                                "inherit_suppressions",
                                                "org_has_suppressions",
                                                "delete_org_templates",
                                                "org_has_waiting_messages"};
  const TempFolder folder;
  const auto random = make_seeded_random(1);
  auto store = must(open_sqlite_store(folder.file("a.db"), true, *random));
  must(store->migrate(test_start()));
  sqlite::Connection connection(folder.file("a.db"), false);
  const Statements statements("sqlite");
  for (const std::string_view name : statements.names()) {
    if (may_read_all.contains(name)) continue;
    CAPTURE(name);
    CHECK(long_reads(connection, statements.text(name)) == std::vector<std::string>{});
  }
}
