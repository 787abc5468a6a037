#include <ostream>

#include <doctest/doctest.h>

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <fstream>

#include "tests/e2e/business.h"

namespace avisloop::e2e {
namespace {

/// One line that says what is wrong, perhaps one that says what to do.
bool is_brief(const std::string& text) {
  return text.starts_with("avisloop: error: ") && std::count(text.begin(), text.end(), '\n') <= 2;
}

}  // namespace

TEST_CASE("a store that cannot be used is refused with its exit code and one clear line") {
  const Business business(1, "");
  const auto refused = [&](const std::filesystem::path& folder, int code, std::string_view says) {
    const Ran ran = business.run(folder, start(), {"run-due"});
    CAPTURE(ran.err);
    CHECK(ran.code == code);
    CHECK(is_brief(ran.err));
    CHECK(ran.err.find(says) != std::string::npos);
  };
  auto folder = business.copy_to("newer");
  SQLite::Database((folder / "avisloop.db").string(), SQLite::OPEN_READWRITE).exec("pragma user_version=99");
  refused(folder, 74, "newer than this program");

  folder = business.copy_to("foreign");
  SQLite::Database((folder / "avisloop.db").string(), SQLite::OPEN_READWRITE).exec("pragma application_id=7");
  refused(folder, 74, "another program");

  folder = business.copy_to("text");
  std::filesystem::remove(folder / "avisloop.db");
  std::ofstream(folder / "avisloop.db") << std::string(8192, 'x');
  refused(folder, 74, "not a database");

  folder = business.copy_to("missing");
  std::filesystem::remove(folder / "avisloop.db");
  refused(folder, 78, "does not exist");

  folder = business.copy_to("folder");
  std::filesystem::remove(folder / "avisloop.db");
  std::filesystem::create_directory(folder / "avisloop.db");
  refused(folder, 78, "is a folder");
}

TEST_CASE("P11 a bad day stays small: a restored store sends nothing until a person confirms") {
  const Business business(2, "");
  const auto folder = business.copy_to("live");
  CHECK(business.run(folder, start(), {"run-due"}).code == 0);
  const auto backup = business.folder() / "avisloop.db";
  for (const char* tail : {"-wal", "-shm"})
    std::filesystem::remove(folder / (std::string("avisloop.db") + tail));
  std::filesystem::copy_file(backup, folder / "avisloop.db", std::filesystem::copy_options::overwrite_existing);
  std::filesystem::remove_all(folder / "outbox");
  const Ran refused = business.run(folder, start(), {"run-due"});
  CHECK(refused.code == 74);
  CHECK(is_brief(refused.err));
  CHECK_FALSE(std::filesystem::exists(folder / "outbox"));
  CHECK(business.run(folder, start(), {"run-due", "--confirm"}).code == 0);
  CHECK(std::filesystem::exists(folder / "outbox"));
}

TEST_CASE("the test clock is refused as soon as a message could really leave") {
  const Business business(1, "");
  const auto folder = business.copy_to("real");
  std::ofstream(folder / "avisloop.toml") << "[sms]\nprovider = \"twilio\"\n";
  const Ran ran = business.run(folder, start(), {"run-due"});
  CHECK(ran.code == 78);
  CHECK(ran.err.find("AVISLOOP_CLOCK") != std::string::npos);
}

TEST_CASE("a store on a full disk: nothing is sent that could not be recorded, and the next run sends it") {
  const Business business(2, "");
  const auto folder = business.copy_to("full");
  // A file of the store may not grow: the same as a disk without room, for this process alone.
  const Ran full = Process({"/bin/sh", "-c", "ulimit -f 8; trap '' XFSZ; exec \"$0\" run-due", program()},
                           business.environment(folder, start()), folder)
                       .finish();
  CAPTURE(full.err);
  CHECK(full.code == 75);
  CHECK_FALSE(std::filesystem::exists(folder / "outbox" / "outbox.jsonl"));
  CHECK(business.run(folder, start(), {"run-due"}).code == 0);
  CHECK(business.statuses(folder, start()) == std::map<std::string, int>{{"sent", 4}});
}

}  // namespace avisloop::e2e
