#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/command.h"

namespace avisloop {

/// Declares the options that every command takes, and those that its nature brings: --dry-run, --yes.
/// `format` keeps the word of --format until it is read.
struct GlobalFlags {
  std::string format;
  bool json = false;
  bool help = false;
  bool version = false;
};
void bind_globals(Flags& flags, const Command* command, GlobalFlags& globals, GlobalOptions& options);

/// `create contact`, or one word.
std::string words_of(const Command& command);

/// `avisloop help`: what there is.
std::string overview_help(App& app);

/// `avisloop help create`: the commands of one verb; nothing for an unknown one.
std::optional<std::string> verb_help(App& app, std::string_view verb);

/// `avisloop help create contact`: everything about one command.
std::string command_help(App& app, const Command& command);

/// `environment`, `exit-codes`, `formatting`; nothing for another word.
std::optional<std::string> topic_help(std::string_view topic);

/// `avisloop create contact [options]`: the first line of a command's help and of its man page.
std::string usage_line(const Command& command, const std::vector<FlagInfo>& own_flags);

/// The name and value of an option as help shows them: `--format FORMAT`, `-q, --quiet`.
std::string shown_name(const FlagInfo& flag);

}  // namespace avisloop
