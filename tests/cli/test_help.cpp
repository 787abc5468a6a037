#include <doctest/doctest.h>

#include "cli/command.h"
#include "cli/help.h"
#include "tests/support/test_app.h"

using namespace avisloop;

TEST_CASE("the overview, a command's help and the topics read as they were written") {
  TestProgram program;
  CHECK(matches_golden("help.txt", program.transcript({"help", "help create", "help create contact", "help environment",
                                                       "help exit-codes", "help formatting", "--version"})));
}

TEST_CASE("help is the same whichever way it is asked for") {
  TestProgram program;
  const std::string overview = program.run("help").out;
  CHECK(program.run("").out == overview);
  CHECK(program.run("--help").out == overview);
  CHECK(program.run("-h").out == overview);
  const std::string contact = program.run("help create contact").out;
  CHECK(program.run("create contact --help").out == contact);
  CHECK(program.run("create contact -h").out == contact);
  CHECK(program.run("create --json contact --phone x --help").out == contact);
  CHECK(program.run("help create contacts").out == contact);
  CHECK(program.run("create --help").out == program.run("help create").out);
}

TEST_CASE("every command says what it does, shows an example and can be asked for help") {
  TestProgram program;
  for (const Command& command : all_commands()) {
    const std::string words = words_of(command);
    CAPTURE(words);
    CHECK_FALSE(command.summary.empty());
    CHECK_FALSE(command.examples.empty());
    const Told told = program.run("help " + words);
    CHECK(told.code == 0);
    CHECK(told.out.starts_with("avisloop " + words));
    CHECK(told.out.find("Exit codes:") != std::string::npos);
    for (const Example& example : command.examples) {
      CHECK(example.command.find("avisloop " + std::string(command.verb)) != std::string_view::npos);
    }
  }
}

TEST_CASE("completion knows every command and option, for each shell") {
  TestProgram program;
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const Told told = program.run(std::string("completion ") + shell);
    CHECK(told.code == 0);
    for (const Command& command : all_commands()) {
      if (command.hidden) continue;
      CHECK(told.out.find(command.verb) != std::string::npos);
    }
    CHECK(told.out.find("sms-consent-source") != std::string::npos);
  }
  CHECK(program.run("completion tcsh").code == 2);
}
