#include <doctest/doctest.h>

#include "core/base/id.h"
#include "core/base/text.h"
#include "tests/support/test_app.h"

using namespace avisloop;

TEST_CASE("explain answers one case from flags and a batch in the same order") {
  TestProgram program;
  CHECK(matches_golden(
      "explain.txt",
      program.transcript({"explain phone '(512) 555-0142'", "explain phone 911 --json",
                          "explain phone 5125550142 --region GB --json", "explain text 'Hi, it’s done' --json",
                          "explain text Hello",
                          "explain window --utc 2026-11-25T01:00:00Z --zone America/New_York --state US-FL "
                          "--profile legal --json",
                          "explain window --utc 2026-11-24T15:00:00Z --json", "explain window --state ZZ",
                          "explain window --zone Mars/Olympus", "explain text", "explain phone"})));
}

TEST_CASE("a batch keeps ids and order, answers bad lines in their place and then exits with 1") {
  TestProgram program;
  const Told told = program.run("explain text --batch -",
                                "{\"id\":\"a\",\"text\":\"Hello\",\"more\":[1]}\n\nnot json\n{\"id\":7,\"text\":5}\n"
                                "{\"id\":\"b\",\"text\":\"\"}\n[1]\n");
  CHECK(told.code == 1);
  CHECK(told.out == R"({"id":"a","encoding":"GSM-7","segments":1,"characters":5,"costly":[]})"
                    "\n"
                    R"({"id":null,"error":"this line is not a JSON object"})"
                    "\n"
                    R"({"id":7,"error":"`text` is not a text"})"
                    "\n"
                    R"({"id":"b","encoding":"GSM-7","segments":0,"characters":0,"costly":[]})"
                    "\n"
                    R"({"id":null,"error":"this line is not a JSON object"})"
                    "\n");
  CHECK(program.run("explain text --batch <folder>/none.jsonl").code == 65);
  const std::string deep = "{\"id\":\"d\",\"text\":" + std::string(100000, '[') + std::string(100000, ']') + "}\n";
  CHECK(program.run("explain text --batch -", deep).code == 1);
}

TEST_CASE("P10 it can explain itself: a sent message tells every rule, what it was given and what it answered") {
  TestProgram program;
  program.furnish();
  REQUIRE(program.run("create campaign reviews --touch email:0h:ask_email --touch sms:24h:ask_sms").code == 0);
  REQUIRE(program.run("activate campaign reviews").code == 0);
  REQUIRE(program.run("enroll reviews --all").code == 0);
  program.now += std::chrono::minutes{1};
  REQUIRE(program.run("run-due").code == 0);
  std::vector<std::string> ids;
  const std::string list = program.run("list messages --format csv").out;
  for (const std::string_view line : split(list, '\n')) {
    if (parse_id(line.substr(0, line.find(',')))) ids.emplace_back(line.substr(0, line.find(',')));
  }
  REQUIRE(ids.size() == 2);
  std::vector<std::string> lines;
  for (const std::string& id : ids)
    lines.push_back("explain message " + id);
  lines.push_back("explain message " + ids.front() + " --json");
  lines.emplace_back("list messages");
  lines.push_back("cancel message " + ids.back());
  lines.push_back("cancel message " + ids.back());
  lines.emplace_back("list messages");
  lines.emplace_back("status");
  CHECK(matches_golden("messages.txt", program.transcript(lines)));
}
