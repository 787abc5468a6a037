#include <fmt/format.h>

#include <algorithm>

#include "cli/command.h"
#include "cli/help.h"
#include "cli/output.h"
#include "core/base/text.h"

namespace avisloop {
namespace {

/// A command line taken apart: global options may stand anywhere before, between and after the words.
struct Words {
  std::vector<std::string> options_before;
  std::string verb;
  const Command* command = nullptr;
  std::vector<std::string> rest;
};

/// `contacts` and `contact` are the same noun.
std::string_view without_plural(std::string_view noun) {
  return noun.ends_with('s') ? noun.substr(0, noun.size() - 1) : noun;
}

const Command* find_command(std::string_view verb, std::string_view noun) {
  for (const Command& command : all_commands()) {
    if (command.verb == verb && without_plural(command.noun) == without_plural(noun)) return &command;
  }
  return nullptr;
}

bool is_verb(std::string_view word) {
  const auto commands = all_commands();
  return std::any_of(commands.begin(), commands.end(), [word](const Command& command) { return command.verb == word; });
}

bool has_nouns(std::string_view verb) {
  const auto commands = all_commands();
  return std::any_of(commands.begin(), commands.end(),
                     [verb](const Command& command) { return command.verb == verb && !command.noun.empty(); });
}

/// Takes the options at the front of `arguments`, with their values, and answers how many words they are.
std::size_t take_options(std::span<const std::string> arguments, std::vector<std::string>& options) {
  constexpr std::array<std::string_view, 4> valued{"--config", "--store", "--org", "--format"};
  std::size_t i = 0;
  while (i < arguments.size() && arguments[i].size() > 1 && arguments[i].front() == '-' && arguments[i] != "--") {
    const bool takes_value = std::find(valued.begin(), valued.end(), arguments[i]) != valued.end();
    options.push_back(arguments[i++]);
    if (takes_value && i < arguments.size()) options.push_back(arguments[i++]);
  }
  return i;
}

tl::unexpected<Error> unknown_verb(std::string_view verb, std::span<const std::string> rest) {
  std::vector<std::string> verbs;
  for (const Command& command : all_commands()) {
    if (verbs.empty() || verbs.back() != command.verb) verbs.emplace_back(command.verb);
  }
  verbs.emplace_back("help");
  std::string remedy = "See: avisloop help";
  if (!rest.empty() && find_command(rest.front(), verb) != nullptr) {
    remedy = fmt::format("Did you mean `avisloop {} {}`?", rest.front(), verb);
  } else if (const auto near = nearest(verb, verbs)) {
    remedy = fmt::format("Did you mean `{}`?", *near);
  }
  return fail(Fault::usage, fmt::format("unknown command `{}`", printable(verb)), std::move(remedy));
}

tl::unexpected<Error> unknown_noun(std::string_view verb, std::string_view noun) {
  std::vector<std::string> nouns;
  for (const Command& command : all_commands()) {
    if (command.verb == verb && !command.noun.empty()) nouns.emplace_back(command.noun);
  }
  const std::string choices = join(nouns, ", ");
  if (noun.empty()) {
    return fail(Fault::usage, fmt::format("`{}` of what? One of: {}", verb, choices),
                fmt::format("See: avisloop help {}", verb));
  }
  const auto near = nearest(noun, nouns);
  return fail(
      Fault::usage, fmt::format("`{}` knows no `{}`; it takes {}", verb, printable(noun), choices),
      near ? fmt::format("Did you mean `avisloop {} {}`?", verb, *near) : fmt::format("See: avisloop help {}", verb));
}

/// Splits and looks up; `command` stays null when only options or only a verb that needs a noun were given.
Result<Words> split_words(std::span<const std::string> arguments) {
  Words words;
  arguments = arguments.subspan(take_options(arguments, words.options_before));
  if (arguments.empty()) return words;
  words.verb = arguments.front();
  arguments = arguments.subspan(1);
  if (words.verb == "help") {
    while (!arguments.empty()) {
      arguments = arguments.subspan(take_options(arguments, words.options_before));
      if (arguments.empty()) break;
      words.rest.push_back(arguments.front());
      arguments = arguments.subspan(1);
    }
    return words;
  }
  if (!is_verb(words.verb)) return unknown_verb(words.verb, arguments);
  if (has_nouns(words.verb)) {
    std::vector<std::string> options;
    const std::span<const std::string> after = arguments.subspan(take_options(arguments, options));
    if (!after.empty()) words.command = find_command(words.verb, after.front());
    if (words.command != nullptr && !words.command->noun.empty()) {
      words.options_before.insert(words.options_before.end(), options.begin(), options.end());
      arguments = after.subspan(1);
    } else if (words.command = find_command(words.verb, ""); words.command == nullptr) {
      const bool asks_help = std::any_of(options.begin(), options.end(),
                                         [](const std::string& word) { return word == "--help" || word == "-h"; });
      if (!asks_help || !after.empty()) return unknown_noun(words.verb, after.empty() ? "" : after.front());
    }
  } else {
    words.command = find_command(words.verb, "");
  }
  words.rest.assign(arguments.begin(), arguments.end());
  return words;
}

/// Enough of the format to print an error of the command line itself in it.
void guess_format(std::span<const std::string> arguments, GlobalOptions& options) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool json_value =
        arguments[i] == "--format" && i + 1 < arguments.size() && arguments[i + 1].starts_with("json");
    if (arguments[i] == "--json" || arguments[i].starts_with("--format=json") || json_value) {
      options.format = OutputFormat::json;
    }
  }
}

void apply(const GlobalFlags& globals, GlobalOptions& options) {
  options.format = OutputFormat::table;
  if (globals.format == "json" || globals.json) options.format = OutputFormat::json;
  if (globals.format == "jsonl") options.format = OutputFormat::jsonl;
  if (globals.format == "csv") options.format = OutputFormat::csv;
}

Result<ExitCode> print_help(App& app, const std::vector<std::string>& asked) {
  std::string text;
  if (asked.empty()) {
    text = overview_help(app);
  } else if (const auto topic = topic_help(asked.front())) {
    text = *topic;
  } else if (!is_verb(asked.front())) {
    return unknown_verb(asked.front(), std::span(asked).subspan(1));
  } else if (asked.size() > 1 && has_nouns(asked.front())) {
    const Command* command = find_command(asked[0], asked[1]);
    if (command == nullptr) return unknown_noun(asked[0], asked[1]);
    text = command_help(app, *command);
  } else {
    text = *verb_help(app, asked.front());
  }
  app.terminal().out(text);
  return ExitCode::done;
}

Result<ExitCode> print_version(App& app) {
  app.terminal().out("avisloop " AVISLOOP_VERSION "\n");
  return ExitCode::done;
}

Result<ExitCode> run_without_command(App& app, const Words& words) {
  Flags flags;
  GlobalFlags globals;
  bind_globals(flags, nullptr, globals, app.options);
  AVIS_TRY(flags.parse(words.options_before));
  if (globals.version) return print_version(app);
  const bool verb_alone = !words.verb.empty() && words.verb != "help";  // such as `avisloop create --help`
  return print_help(app, verb_alone ? std::vector<std::string>{words.verb} : words.rest);
}

Result<ExitCode> dispatch(std::span<const std::string> arguments, App& app) {
  AVIS_TRY_ASSIGN(const Words words, split_words(arguments));
  if (words.command == nullptr) return run_without_command(app, words);
  const Command& command = *words.command;
  Flags flags;
  const Runner runner = command.bind(flags);
  GlobalFlags globals;
  bind_globals(flags, &command, globals, app.options);
  std::vector<std::string> rest = words.options_before;
  rest.insert(rest.end(), words.rest.begin(), words.rest.end());
  const Result<> parsed = flags.parse(rest);
  const bool asks_help = globals.help || (!parsed && std::find(rest.begin(), rest.end(), "--help") != rest.end());
  if (asks_help) return print_help(app, {std::string(command.verb), std::string(command.noun)});
  if (!parsed) {
    Error error = parsed.error();
    if (error.remedy.empty()) error.remedy = fmt::format("See: avisloop help {}", words_of(command));
    return tl::unexpected<Error>(std::move(error));
  }
  if (globals.version) return print_version(app);
  apply(globals, app.options);
  return runner(app);
}

}  // namespace

int run_command_line(std::span<const std::string> arguments, App& app) {
  guess_format(arguments, app.options);
  const Result<ExitCode> outcome = dispatch(arguments, app);
  app.terminal().flush();
  if (!outcome) {
    print_error(app, outcome.error());
    return static_cast<int>(exit_code_of(outcome.error().fault));
  }
  if (const std::string problem = app.terminal().out_problem(); !problem.empty()) {
    app.terminal().err(fmt::format("avisloop: error: standard output cannot be written: {}\n", problem));
    return static_cast<int>(ExitCode::some_failed);
  }
  return static_cast<int>(*outcome);
}

}  // namespace avisloop
