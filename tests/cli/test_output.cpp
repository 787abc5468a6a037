#include "cli/output.h"

#include <doctest/doctest.h>

#include "cli/command.h"
#include "cli/table.h"
#include "cli/terminal.h"
#include "core/base/text.h"
#include "tests/support/memory_terminal.h"
#include "tests/support/test_app.h"

using namespace avisloop;

namespace {

Record row(std::string_view name, int count) {
  return Record().set("name", name).set("open_jobs", count);
}

}  // namespace

TEST_CASE("a table aligns by what a terminal shows, numbers to the right, and ends no line with blanks") {
  CHECK(format_table({}, 0).empty());
  CHECK(format_table({row("Ana", 7), row("José", 12), row("山田", 100), row("", 0)}, 0) ==
        "NAME  OPEN JOBS\n"
        "Ana           7\n"
        "José         12\n"
        "山田        100\n"
        "              0\n");
}

TEST_CASE("a table is cut to the terminal's width, widest column first, and never in an id") {
  const std::string id = "01a20e12-2580-7000-8bbf-e662f7903788";
  Record record;
  record.set("id", id).set("text", std::string(200, 'x')).set("name", "short");
  for (const std::size_t width : {60UL, 80UL, 120UL}) {
    const std::string table = format_table({record}, width);
    for (const std::string_view line : split(table, '\n'))
      CHECK(display_width(line) <= width);
    CHECK(table.find(id) != std::string::npos);
    CHECK(table.find("…") != std::string::npos);
    CHECK(table.find("short") != std::string::npos);
  }
}

TEST_CASE("P9 nothing leaks: what stands in the data cannot steer the terminal") {
  const std::string evil =
      "a\x1b]0;owned\x07"
      "b\r\nc\xc2\x9b"
      "31m\x7f";
  const Record record = Record().set("name", evil);
  for (const std::string& shown : {format_table({record}, 0), format_fields(record), to_json(record)}) {
    CAPTURE(shown);
    CHECK_FALSE(has_control_characters(shown, "\n"));
  }
  CHECK(to_json(record) == "{\"name\":\"a\\u001b]0;owned\\u0007b\\r\\nc\\u009b31m\\u007f\"}");
  CHECK(is_utf8(to_json(Record().set("name", "\xff\xfe"))));
}

TEST_CASE("cells that a spreadsheet would run are made text, numbers and phones are not") {
  TestProgram program;
  program.furnish();
  REQUIRE(program.run("create contact --phone +15125550143 --first-name =cmd|x --last-name '-1,\"q\"' --external-id @x")
              .code == 0);
  const std::string csv = program.run("list contacts --search 5550143 --format csv").out;
  CHECK(csv.find(",'@x,'=cmd|x,\"'-1,\"\"q\"\"\",,+15125550143,+15125550143,") != std::string::npos);
}

TEST_CASE("an empty list is nothing for people and an empty list for programs") {
  TestProgram program;
  program.furnish();
  CHECK(program.run("list jobs").out.empty());
  CHECK(program.run("list jobs --json").out == "[]\n");
  CHECK(program.run("list jobs --format jsonl").out.empty());
}

TEST_CASE("colours appear on a terminal only, and NO_COLOR and --no-color are obeyed") {
  TestProgram program;
  CHECK(program.run("nonsense").err.find('\x1b') == std::string::npos);
  program.is_terminal = true;
  CHECK(program.run("nonsense").err.find("\x1b[31m") != std::string::npos);
  CHECK(program.run("help").out.find('\x1b') != std::string::npos);
  CHECK(program.run("help --no-color").out.find('\x1b') == std::string::npos);
  CHECK(program.run("--no-color help").out.find('\x1b') == std::string::npos);
  program.environment["NO_COLOR"] = "1";
  CHECK(program.run("nonsense").err.find('\x1b') == std::string::npos);
}

TEST_CASE("-q silences everything but data and errors") {
  TestProgram program;
  program.furnish();
  CHECK(program.run("update contact C-1 --tag x -q").err.empty());
  CHECK_FALSE(program.run("update contact nobody --tag x -q").err.empty());
  CHECK_FALSE(program.run("list contacts -q").out.empty());
}

TEST_CASE("data that could not be written is told, and the exit code is not 0") {
  MemoryTerminal terminal;
  terminal.problem = "No space left on device";
  const auto random = make_seeded_random(1);
  const auto environment = make_fixed_environment({});
  App app({}, *environment, terminal, *random, std::make_unique<FakeClock>(test_start()));
  const std::vector<std::string> line{"help"};
  CHECK(run_command_line(line, app) == 1);
  CHECK(terminal.errors == "avisloop: error: standard output cannot be written: No space left on device\n");
}

TEST_CASE("times for people are in the zone that is asked for, and in UTC when it is not known") {
  CHECK(local_text("America/Chicago", test_start()) == "Tue 24 Nov 2026 09:00 CST");
  CHECK(local_text("Asia/Kathmandu", test_start()) == "Tue 24 Nov 2026 20:45 +0545");
  CHECK(local_text("nowhere", test_start()) == "Tue 24 Nov 2026 15:00 UTC");
}
