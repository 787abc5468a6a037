#include <doctest/doctest.h>

#include "tests/support/test_app.h"

using namespace avisloop;

TEST_CASE("a mistake on the command line is one clear line, the nearest that is known, and exit code 2") {
  TestProgram program;
  program.furnish();
  CHECK(matches_golden("wrong_usage.txt", program.transcript({"creat contact",
                                                              "contact create",
                                                              "create",
                                                              "create contac",
                                                              "create contact --nam x",
                                                              "create contact --name",
                                                              "create contact --name a --name b",
                                                              "list contacts extra",
                                                              "list contacts --limit many",
                                                              "list contacts --limit 0",
                                                              "status --max-age soon",
                                                              "list messages --due-before tomorrow",
                                                              "list messages --status gone",
                                                              "status --format xml",
                                                              "status --json=1",
                                                              "--frobnicate",
                                                              "show message 17",
                                                              "cancel",
                                                              "create job --contact C-1",
                                                              "help nothing",
                                                              "status --org nope",
                                                              "update job"})));
}

TEST_CASE("global options may stand before, between and after the words") {
  TestProgram program;
  program.furnish();
  const std::string wanted = program.run("list contacts --format csv").out;
  CHECK(wanted.starts_with("id,external_id"));
  CHECK(program.run("--format csv list contacts").out == wanted);
  CHECK(program.run("list --format=csv contacts").out == wanted);
  CHECK(program.run("--org acme list --format csv contact --limit 5").out == wanted);
}

TEST_CASE("an error is an object on standard error when JSON is asked for") {
  TestProgram program;
  const Told told = program.run("--json show contact nobody --store sqlite:<folder>/none.db");
  CHECK(told.code == 78);
  CHECK(told.out.empty());
  CHECK(told.err.starts_with(R"({"error":{"fault":"config","message":)"));
  CHECK(told.err.find(R"("code":78}})") != std::string::npos);
  CHECK(program.run("creat --json").err.starts_with(R"({"error":{"fault":"usage")"));
}

TEST_CASE("AVISLOOP_CLOCK is refused when it is no instant, or when a provider could reach people") {
  TestProgram program;
  program.furnish();
  program.environment["AVISLOOP_CLOCK"] = "tomorrow";
  CHECK(program.run("status").code == 78);
  program.environment["AVISLOOP_CLOCK"] = "2026-11-24T15:00:00Z";
  CHECK(program.run("status").code == 0);
  program.environment["AVISLOOP_EMAIL_PROVIDER"] = "resend";
  const Told told = program.run("status");
  CHECK(told.code == 78);
  CHECK(told.err.find("email by resend") != std::string::npos);
  program.environment["AVISLOOP_RESEND_BASE_URL"] = "http://127.0.0.1:9";
  CHECK(program.run("status").code == 0);
}

TEST_CASE("a store that is not there, not ours, or of another kind is told in one line") {
  TestProgram program;
  program.folder.write("text.db", "this is no database, but long enough to be taken for the head of one, and more\n");
  CHECK(program.run("status --store sqlite:<folder>/none.db").code == 78);
  CHECK(program.run("status --store sqlite:<folder>/text.db").code == 74);
  CHECK(program.run("status --store sqlite:<folder>").code != 0);
  CHECK(program.run("status --store postgresql://db/x").code == 78);
  CHECK(program.run("status --store mysql:x").code == 78);
  CHECK(program.run("status --config <folder>/none.toml").code == 78);
}

TEST_CASE("without an organization the remedy names the command that makes one") {
  TestProgram program;
  CHECK(program.run("init").code == 0);
  const Told told = program.run("list contacts");
  CHECK(told.code == 2);
  CHECK(told.err.find("there is no organization yet") != std::string::npos);
  CHECK(told.err.find("avisloop create org") != std::string::npos);
}

TEST_CASE("with several organizations --org is needed, and the error names them") {
  TestProgram program;
  program.furnish();
  CHECK(program.run("create org beta --name Beta --time-zone America/Denver").code == 0);
  const Told told = program.run("list contacts");
  CHECK(told.code == 2);
  CHECK(told.err.find("acme, beta") != std::string::npos);
  CHECK(program.run("list contacts --org beta").code == 0);
  CHECK(program.run("list contacts --org bet").err.find("Did you mean `beta`?") != std::string::npos);
}

TEST_CASE("a destructive command asks on a terminal, needs --yes elsewhere, and does nothing on no") {
  TestProgram program;
  program.furnish();
  CHECK(program.run("delete contact C-1").code == 2);
  program.is_terminal = true;
  CHECK(program.run("delete contact C-1", "n\n").code == 130);
  CHECK(program.run("delete contact C-1", "").code == 130);
  program.is_terminal = false;
  CHECK(program.run("show contact C-1").code == 0);
  program.is_terminal = true;
  CHECK(program.run("delete contact C-1", "y\n").code == 0);
  program.is_terminal = false;
  CHECK(program.run("show contact C-1").code == 65);
  CHECK(program.run("delete template ask_sms --yes").code == 0);
}

TEST_CASE("a dry run of each changing command leaves the store as it was") {
  TestProgram program;
  program.furnish();
  REQUIRE(program.run("create campaign reviews --touch email:0h:ask_email").code == 0);
  const std::vector<std::string> looks{"list contacts --json", "list templates --json", "list campaigns --json",
                                       "list orgs --json", "show contact C-1 --json"};
  std::string before;
  for (const std::string& look : looks)
    before += program.run(look).out;
  for (const char* line :
       {"create org beta --name B --time-zone America/Denver", "update org --name C",
        "create contact --email x@example.com", "update contact C-1 --first-name Bea", "delete contact C-1",
        "create template t --channel sms --body 'Hi there'", "update template ask_sms --body 'Hello there'",
        "delete template ask_sms", "create campaign other --touch sms:1h:ask_sms", "update campaign reviews --name N",
        "activate campaign reviews", "complete campaign reviews", "delete campaign reviews", "opt-out 512-555-0142",
        "create job --contact C-1 --service plumbing", "cancel --contact C-1"}) {
    const Told told = program.run(std::string(line) + " --dry-run");
    CAPTURE(line);
    CHECK(told.code == 0);
    CHECK(told.err.find("dry run") != std::string::npos);
  }
  std::string after;
  for (const std::string& look : looks)
    after += program.run(look).out;
  CHECK(after == before);
}

TEST_CASE("init writes a file for the owner's eyes, and running it again changes nothing") {
  TestProgram program;
  program.environment.erase("AVISLOOP_CONFIG");
  const std::string line =
      "init --config <folder>/fresh.toml --name 'Acme Plumbing' --time-zone America/Chicago --json";
  const Told first = program.run(line);
  CHECK(first.code == 0);
  CHECK(first.out.find(R"("config_written":true)") != std::string::npos);
  CHECK(first.out.find(R"("org":"acme_plumbing","org_created":true)") != std::string::npos);
  const std::string path = program.folder.file("fresh.toml");
  const std::string written = read_file(path);
  CHECK(std::filesystem::status(path).permissions() ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  const Told second = program.run(line);
  CHECK(second.code == 0);
  CHECK(second.out.find(R"("config_written":false)") != std::string::npos);
  CHECK(second.out.find(R"("org_created":false)") != std::string::npos);
  CHECK(read_file(path) == written);
  // Every key that is commented out is a key, with a value of the right type.
  std::string opened;
  for (std::size_t at = 0; at < written.size();) {
    const auto end = written.find('\n', at);
    std::string row = written.substr(at, end - at);
    const auto sign = row.find(" = ");
    const bool is_key = row.starts_with("# ") && sign != std::string::npos && row.find(' ', 2) == sign && sign > 2 &&
                        row.find("KEY_file") == std::string::npos;
    opened += (is_key ? row.substr(2) : row) + "\n";
    at = end + 1;
  }
  std::filesystem::permissions(program.folder.write("opened.toml", opened), std::filesystem::perms::owner_read);
  CHECK(program.run("status --config <folder>/opened.toml").err == "");
}

TEST_CASE("an init that fails leaves no file behind") {
  TestProgram program;
  program.environment.erase("AVISLOOP_CONFIG");
  const std::string path = program.folder.file("fresh.toml");
  for (const char* line : {"init --config <folder>/fresh.toml --org-key acme",
                           "init --config <folder>/fresh.toml --name Acme --time-zone Mars/Olympus",
                           "init --config <folder>/fresh.toml --store sqlite:<folder>/none/x.db",
                           "init --config <folder>/fresh.toml --store postgresql://db/x"}) {
    CAPTURE(line);
    CHECK(program.run(line).code != 0);
    CHECK_FALSE(std::filesystem::exists(path));
  }
  CHECK_FALSE(std::filesystem::exists(program.folder.file("avisloop.db")));
}
