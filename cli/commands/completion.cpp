#include "cli/completion.h"
#include "cli/command.h"

namespace avisloop {
namespace {

struct Options {
  std::string shell;
};

Result<ExitCode> run(App& app, const Options& options) {
  if (options.shell == "bash") app.terminal().out(bash_completion());
  if (options.shell == "zsh") app.terminal().out(zsh_completion());
  if (options.shell == "fish") app.terminal().out(fish_completion());
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.choice("SHELL", {"bash", "zsh", "fish"}, options->shell, "Which shell");
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command completion_command() {
  Command command;
  command.verb = "completion";
  command.summary = "prints the completion script of a shell";
  command.examples = {{"avisloop completion bash > /etc/bash_completion.d/avisloop", "for every user"},
                      {"avisloop completion fish > ~/.config/fish/completions/avisloop.fish", "for yourself"}};
  command.bind = bind;
  return command;
}

}  // namespace avisloop
