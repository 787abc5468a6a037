#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>

#include "core/store/statements.h"
#include "tests/delivery/bench.h"

namespace avisloop {
namespace {

/// The steps of SQLite's plan for a statement.
std::vector<std::string> plan_of(SQLite::Database& database, std::string_view sql) {
  SQLite::Statement statement(database, "explain query plan " + std::string(sql));
  std::vector<std::string> steps;
  while (statement.executeStep())
    steps.push_back(statement.getColumn(3).getString());
  return steps;
}

/// A step that reads a whole table or index, other than the constant rows and subqueries that a plan is made of.
bool reads_all(const std::string& step) {
  return step.starts_with("SCAN") && step != "SCAN CONSTANT ROW" && !step.starts_with("SCAN person") &&
         !step.starts_with("SCAN (");
}

void for_each_statement(const std::string& file, const std::function<void(const std::string&)>& body) {
  const std::string text = read_file(std::string(AVISLOOP_SOURCE_DIR) + "/sql/queries/common/" + file);
  constexpr std::string_view kMark = "-- name: ";
  for (std::size_t at = text.find(kMark); at != std::string::npos; at = text.find(kMark, at + 1)) {
    const std::size_t end = text.find('\n', at);
    body(text.substr(at + kMark.size(), end - at - kMark.size()));
  }
}

}  // namespace

TEST_CASE("P12 idle costs nothing: a run with nothing due writes nothing") {
  Bench bench("twilio");
  bench.add_due(1);
  CHECK(bench.run().sent == 1);
  const auto person = bench.add_person(2);
  Message later;
  later.id = bench.id();
  later.contact = person.id;
  later.channel = Channel::sms;
  later.text = "Later";
  later.planned_at = bench.clock.now() + kDay;
  must(bench.intake().add_message(bench.org, later));
  const auto size_of = [&](const std::string& name) {
    std::error_code none;
    return std::filesystem::file_size(bench.folder().file(name), none);
  };
  const auto changed_at = [&](const std::string& name) {
    std::error_code none;
    return std::filesystem::last_write_time(bench.folder().file(name), none);
  };
  const std::unique_ptr<Store> idle = bench.open_again();
  const std::string before = read_file(bench.folder().file("test.db"));
  const std::string log_before = read_file(bench.folder().file("test.db-wal"));
  const auto stamp = changed_at("test.db");
  const auto log_stamp = changed_at("test.db-wal");
  CHECK_FALSE(must(anything_due(*idle, bench.clock.now())));
  CHECK(size_of("test.db") == before.size());
  CHECK(changed_at("test.db") == stamp);
  CHECK(changed_at("test.db-wal") == log_stamp);
  CHECK(read_file(bench.folder().file("test.db")) == before);
  CHECK(read_file(bench.folder().file("test.db-wal")) == log_before);
  CHECK(must(anything_due(*idle, bench.clock.now() + kDay)));
}

TEST_CASE("P12 idle costs nothing: what an idle run asks is read from the first entry of an index") {
  Bench bench("twilio");
  SQLite::Database database(bench.folder().file("test.db"), SQLite::OPEN_READONLY);
  const Statements statements("sqlite");
  for (const char* name : {"next_lane_due", "next_settling"}) {
    CAPTURE(name);
    const std::vector<std::string> plan = plan_of(database, statements.text(name));
    REQUIRE(plan.size() == 1);
    CAPTURE(plan.front());
    CHECK(plan.front().starts_with("SEARCH"));
    CHECK(plan.front().find("INDEX") != std::string::npos);
  }
}

TEST_CASE("P12 idle costs nothing: no statement of a run reads a whole table") {
  Bench bench("twilio");
  SQLite::Database database(bench.folder().file("test.db"), SQLite::OPEN_READWRITE);
  const Statements statements("sqlite");
  int checked = 0;
  for (const char* file : {"delivery.sql", "queue.sql"}) {
    for_each_statement(file, [&](const std::string& name) {
      for (const std::string& step : plan_of(database, statements.text(name))) {
        CAPTURE(name);
        CAPTURE(step);
        CHECK_FALSE(reads_all(step));
        CHECK(step.find("TEMP B-TREE") == std::string::npos);
      }
      ++checked;
    });
  }
  CHECK(checked > 40);
}

TEST_CASE("P12 idle costs nothing: a doubt that only a person can settle does not wake a run up") {
  Bench bench("smtp");
  const Id message = bench.add_due(1);
  bench.world.behave = [](const Outgoing&) { return Behaviour{Treatment::lose_answer, std::nullopt, {}}; };
  CHECK(bench.run().in_doubt == 1);
  bench.advance(30 * kDay);
  CHECK_FALSE(must(anything_due(bench.store(), bench.clock.now())));
  CHECK(bench.status(message) == MessageStatus::in_doubt);
}

}  // namespace avisloop
