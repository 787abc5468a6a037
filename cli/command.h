#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/app.h"
#include "cli/exit_codes.h"
#include "cli/flags.h"
#include "core/base/result.h"

namespace avisloop {

/// What a bound command does when it is run; answers the exit code or the error that decides it.
using Runner = std::function<Result<ExitCode>(App&)>;

struct Example {
  std::string_view command;
  std::string_view says;
};

/// One command: its words, its help, and `bind`, which declares its options on `Flags` and answers the runner that
/// owns them. Help, man page and completion are made from this alone.
struct Command {
  std::string_view verb;
  std::string_view noun;  ///< empty for commands of one word
  std::string_view summary;
  std::string_view description;
  std::vector<Example> examples;
  std::vector<std::pair<int, std::string_view>> exit_codes;  ///< besides 0, 2 and those of the store and config
  bool changes = false;                                      ///< takes --dry-run
  bool destructive = false;                                  ///< asks on a terminal, takes --yes
  bool hidden = false;                                       ///< not shown in the overview and not completed
  Runner (*bind)(Flags&) = nullptr;
};

/// Every command, in the order of the help (cli/commands/all.cpp).
std::span<const Command> all_commands();

/// Runs one command line (without the program's name): parses, binds, runs, prints the error, answers the exit code.
int run_command_line(std::span<const std::string> arguments, App& app);

}  // namespace avisloop
