#include "cli/man.h"

#include "cli/command.h"

namespace avisloop {
namespace {

struct Options {
  std::string section;
};

Result<ExitCode> run(App& app, const Options& options) {
  app.terminal().out(options.section == "1" ? man_program() : man_settings());
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.choice("SECTION", {"1", "5"}, options->section, "1 = avisloop(1), 5 = avisloop.toml(5)");
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command man_command() {
  Command command;
  command.verb = "man";
  command.summary = "prints a manual page in mdoc";
  command.examples = {{"avisloop man 1 > man/avisloop.1", "after a command has changed"}};
  command.hidden = true;
  command.bind = bind;
  return command;
}

}  // namespace avisloop
