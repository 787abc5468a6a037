#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "core/store/sqlite/connection.h"
#include "core/store/sqlite/open.h"
#include "tests/store/fixture.h"

using namespace avisloop;

namespace {

/// A file with a migrated store of one org, nothing open.
std::string make_store(const TempFolder& folder) {
  const std::string path = folder.file("a.db");
  const auto random = make_seeded_random(5);
  const auto store = must(open_sqlite_store(path, true, *random));
  must(store->migrate(test_start()));
  must(store->catalog().create_org({OrgId{7}, "joes", "Joe's", "America/Chicago", "", "", test_start()}));
  return path;
}

Error error_of_opening(const std::string& path, bool create) {
  const auto random = make_seeded_random(5);
  auto store = open_sqlite_store(path, create, *random);
  REQUIRE(!store.has_value());
  return store.error();
}

}  // namespace

TEST_CASE("A store that is newer than the program is refused") {
  const TempFolder folder;
  const std::string path = make_store(folder);
  sqlite::Connection(path, false).execute("pragma user_version=99");
  const auto random = make_seeded_random(5);
  const auto store = must(open_sqlite_store(path, false, *random));
  CHECK(fault_of(store->require_current_schema()) == Fault::distrust);
  CHECK(fault_of(store->pending_migrations()) == Fault::distrust);
  CHECK(fault_of(store->migrate(test_start())) == Fault::distrust);
}

TEST_CASE("Another program's database, and a file that is none, are refused untouched") {
  const TempFolder folder;
  {
    sqlite::Connection foreign(folder.file("foreign.db"), true);
    foreign.execute("create table notes (text text)");
  }
  const std::string before = read_file(folder.file("foreign.db"));
  CHECK(error_of_opening(folder.file("foreign.db"), true).fault == Fault::distrust);
  CHECK(read_file(folder.file("foreign.db")) == before);
  {
    sqlite::Connection marked(folder.file("marked.db"), true);
    marked.execute("pragma application_id=42");
  }
  CHECK(error_of_opening(folder.file("marked.db"), false).fault == Fault::distrust);
  CHECK(error_of_opening(folder.write("letter.txt", std::string(4096, 'x')), false).fault == Fault::distrust);
}

TEST_CASE("A store that is not there is made only when asked for, readable by its owner alone") {
  const TempFolder folder;
  const std::string path = folder.file("new.db");
  CHECK(error_of_opening(path, false).fault == Fault::config);
  CHECK(error_of_opening(folder.path().string(), true).fault == Fault::config);
  CHECK(error_of_opening(folder.file("missing/new.db"), true).fault == Fault::config);
  const auto random = make_seeded_random(5);
  const auto store = must(open_sqlite_store(path, true, *random));
  must(store->migrate(test_start()));
  for (const std::string& file : {path, path + "-wal"}) {
    CAPTURE(file);
    struct stat status {};
    REQUIRE(stat(file.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
  }
}

TEST_CASE("P5 no consent, no text: the evidence cannot be edited or deleted, not even by hand-written SQL") {
  const TempFolder folder;
  const std::string path = make_store(folder);
  sqlite::Connection connection(path, false);
  connection.execute(
      "insert into consents values (7, 'sms', '+15125550142', 1, x'00', 1, 'form', 'web', 'ok', 'me', 1);"
      "insert into suppressions values (7, 'sms', x'00', '0142', 'opted_out', 'STOP', 1, null)");
  for (const char* sql : {"update consents set given = 0", "delete from consents", "delete from suppressions",
                          "replace into consents values (7, 'sms', '+15125550142', 1, x'00', 0, '', '', '', '', 1)"}) {
    CAPTURE(sql);
    CHECK_THROWS_AS(connection.execute(sql), SQLite::Exception);
  }
  SQLite::Statement count(
      connection.database(),
      "select (select count(*) from consents where given = 1) + (select count(*) from suppressions)");
  REQUIRE(count.executeStep());
  CHECK(count.getColumn(0).getInt() == 2);
}

TEST_CASE("A process killed inside a transaction leaves nothing of it behind") {
  const TempFolder folder;
  const std::string path = make_store(folder);
  const pid_t child = fork();
  if (child == 0) {
    sqlite::Connection connection(path, false);
    connection.execute(
        "pragma cache_size=1; begin immediate;"  // so small that pages reach the log before any commit
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000)"
        "insert into orgs select 100 + i, 'org' || i, 'x', '', '', '', 1, 1 from n;");
    kill(getpid(), SIGKILL);
  }
  REQUIRE(child > 0);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  const auto random = make_seeded_random(5);
  const auto store = must(open_sqlite_store(path, false, *random));
  CHECK(must(store->catalog().list_orgs()).size() == 1);
  CHECK(must(store->catalog().find_org("joes")).has_value());
}

TEST_CASE("Addresses of opted-out people do not stand in the suppressions") {
  const TempFolder folder;
  const std::string path = make_store(folder);
  const auto random = make_seeded_random(5);
  const auto store = must(open_sqlite_store(path, false, *random));
  must(store->intake().opt_out(OrgId{7}, {Channel::sms, "+15125550142", "opted_out", "STOP", test_start()},
                               test_start()));
  sqlite::Connection connection(path, false);
  SQLite::Statement row(connection.database(), "select hex(address_hash), tail from suppressions");
  REQUIRE(row.executeStep());
  CHECK(row.getColumn(0).getString().size() == 32);
  CHECK(row.getColumn(1).getString() == "0142");
}

TEST_CASE("A read-only store is refused with a hint, and nothing is done") {
  if (geteuid() == 0) return;  // for root no file is read-only
  const TempFolder folder;
  const std::string path = make_store(folder);
  REQUIRE(chmod(path.c_str(), 0400) == 0);
  const auto random = make_seeded_random(5);
  auto store = open_sqlite_store(path, false, *random);
  const Fault fault = store ? fault_of((*store)->catalog().create_org({OrgId{8}, "b", "B", "", "", "", test_start()}))
                            : store.error().fault;
  CHECK(fault == Fault::denied);
}
