#include "cli/help.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/output.h"
#include "core/base/text.h"

namespace avisloop {
namespace {

constexpr std::size_t kHelpWidth = 100;

/// What a verb does to whichever noun follows it, for the overview.
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kVerbSummaries{
    {{"create", "adds an object"},
     {"update", "changes what is given of an object"},
     {"list", "lists objects"},
     {"show", "shows one object with all that is known of it"},
     {"delete", "removes an object that nothing needs"},
     {"import", "reads CSV files or pipes"},
     {"activate", "starts a campaign, after printing its plan"},
     {"pause", "holds a campaign back"},
     {"resume", "lets a campaign or a stopped channel go on"},
     {"complete", "ends a campaign"},
     {"explain", "tells which rules were asked and what they answered"},
     {"resolve", "a person decides about a message in doubt"}}};

constexpr std::string_view kEnvironmentTopic =
    R"(Precedence: option, then environment variable, then configuration file, then default.

  AVISLOOP_CONFIG          the configuration file, if --config is not given
  AVISLOOP_STORE_URL       where the store is: sqlite:PATH (also DATABASE_URL)
  AVISLOOP_SECTION_KEY     any key of the file: [limits] sms_per_hour is AVISLOOP_LIMITS_SMS_PER_HOUR
  AVISLOOP_CLOCK           an instant at which the program's clock starts; obeyed only while every provider is the
                           outbox or at a loopback address
  TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_PHONE_NUMBER, TWILIO_MESSAGING_SERVICE_SID,
  TWILIO_STATUS_CALLBACK_URL, RESEND_API_KEY, SMS_ENABLED, SMS_RATE_LIMIT_PER_MINUTE, SMS_RATE_LIMIT_PER_HOUR,
  DATABASE_URL             the usual names, read if the AVISLOOP_ name is not set
  NO_COLOR                 when not empty, nothing is coloured
  XDG_CONFIG_HOME          where the user's configuration file is looked for

Without --config and AVISLOOP_CONFIG the first of these that exists is read: ./avisloop.toml,
$XDG_CONFIG_HOME/avisloop/config.toml, /etc/avisloop/config.toml.
Every secret may be given as a file instead: TWILIO_AUTH_TOKEN or [twilio] auth_token_file = "PATH".
)";

constexpr std::string_view kExitCodesTopic = R"(  0    done (run-due: also when nothing was due)
  1    done, but some items failed or were rejected; the report says which
  2    wrong usage
  65   input data cannot be used at all
  69   a provider is unavailable or refuses the account
  70   a bug in avisloop
  74   the store or the clock cannot be trusted; a person must confirm first
  75   try again later: the store is busy or out of reach; nothing was done
  77   not allowed: credentials, permissions
  78   the configuration is wrong
  130  interrupted
)";

constexpr std::string_view kFormattingTopic =
    R"(--format table   for people: aligned columns, cut to the terminal's width; the form may change between releases
--format json    for programs (short: --json): one object, or one array for lists; keys are only ever added
--format jsonl   one JSON object per line
--format csv     a heading and one line per row; cells that a spreadsheet would run as formulas are made harmless

Data goes to standard output, everything else to standard error. Colours and progress bars appear only on a
terminal; NO_COLOR and --no-color are obeyed. With a JSON format an error is one object on standard error:
{"error":{"fault":"usage","message":"…","remedy":"…","code":2}}

Instants are RFC 3339 in UTC (2026-11-24T15:00:00Z), durations 90s 15m 24h 30d, money is US dollars as text.
A file named - is standard input or output.
)";

/// Breaks a paragraph at spaces; lines that begin with a space are kept as they are.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t width = kHelpWidth) {
  std::string result;
  const std::string margin(indent, ' ');
  for (const std::string_view paragraph : split(text, '\n')) {
    if (!result.empty()) result += "\n" + margin;
    if (paragraph.starts_with(' ')) {
      result += paragraph;
      continue;
    }
    std::size_t used = indent;
    bool first = true;
    for (const std::string_view word : split(paragraph, ' ')) {
      const std::size_t length = display_width(word);
      if (!first && used + 1 + length > width) {
        result += "\n" + margin;
        used = indent;
        first = true;
      }
      if (!first) result += ' ', ++used;
      result += word;
      used += length;
      first = false;
    }
  }
  return result;
}

/// Two columns: names on the left, explanations wrapped on the right.
std::string two_columns(const std::vector<std::pair<std::string, std::string>>& rows) {
  constexpr std::size_t widest_name = 34;
  std::size_t width = 0;
  for (const auto& [name, says] : rows) {
    if (display_width(name) <= widest_name) width = std::max(width, display_width(name));
  }
  std::string text;
  for (const auto& [name, says] : rows) {
    const std::size_t own = display_width(name);
    text += "  " + name;
    text += own > width ? "\n" + std::string(width + 4, ' ') : std::string(width - own + 2, ' ');
    text += wrapped(says, width + 4) + "\n";
  }
  return text;
}

std::string heading(App& app, std::string_view text) {
  return "\n" + painted_out(app, Paint::bold, fmt::format("{}:", text)) + "\n";
}

std::string explained(const FlagInfo& flag) {
  std::string text = flag.help;
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  if (!flag.choices.empty() && flag.positional) text += fmt::format(" ({})", join(flag.choices, ", "));
  if (flag.required && !flag.positional) text += " (required)";
  if (flag.repeatable) text += " (may be repeated)";
  return text;
}

std::vector<FlagInfo> global_flags() {
  Flags flags;
  GlobalFlags globals;
  GlobalOptions options;
  bind_globals(flags, nullptr, globals, options);
  return flags.declared();
}

std::string options_block(const std::vector<FlagInfo>& flags, bool positional) {
  std::vector<std::pair<std::string, std::string>> rows;
  for (const FlagInfo& flag : flags) {
    if (flag.positional == positional) rows.emplace_back(shown_name(flag), explained(flag));
  }
  return two_columns(rows);
}

std::string_view verb_summary(const Command& first) {
  for (const auto& [verb, summary] : kVerbSummaries) {
    if (verb == first.verb) return summary;
  }
  return first.summary;
}

}  // namespace

void bind_globals(Flags& flags, const Command* command, GlobalFlags& globals, GlobalOptions& options) {
  if (command != nullptr && command->changes) {
    flags.toggle("--dry-run", options.dry_run, "Shows what would happen and changes nothing");
  }
  if (command != nullptr && (command->changes || command->destructive)) {
    flags.toggle("-y,--yes", options.yes, "Does not ask");
  }
  flags.option("--config", "FILE", options.config, "The configuration file")
      .option("--store", "URL", options.store, "Where the data is: sqlite:PATH")
      .option("--org", "KEY", options.org, "The organization; may be left out when there is only one")
      .choice("--format", {"table", "json", "jsonl", "csv"}, globals.format, "Form of what is printed")
      .toggle("--json", globals.json, "The same as --format json")
      .toggle("-q,--quiet", options.quiet, "Says nothing but data and errors")
      .toggle("-v,--verbose", options.verbose, "Tells more on standard error")
      .toggle("--no-color", options.no_color, "No colours")
      .toggle("-h,--help", globals.help, "Shows help")
      .toggle("--version", globals.version, "Shows the version");
}

std::string words_of(const Command& command) {
  return command.noun.empty() ? std::string(command.verb) : fmt::format("{} {}", command.verb, command.noun);
}

std::string shown_name(const FlagInfo& flag) {
  std::string name = flag.name;
  if (const auto comma = name.find(','); comma != std::string::npos) name.insert(comma + 1, 1, ' ');
  if (flag.positional) return name;
  return flag.value.empty() ? name : name + " " + flag.value;
}

std::string usage_line(const Command& command, const std::vector<FlagInfo>& own_flags) {
  std::string line = "avisloop " + words_of(command);
  for (const FlagInfo& flag : own_flags) {
    if (!flag.positional) continue;
    const std::string name = flag.name + (flag.repeatable ? "…" : "");
    line += flag.required ? " " + name : " [" + name + "]";
  }
  for (const FlagInfo& flag : own_flags) {
    if (!flag.positional && flag.required) line += " " + shown_name(flag);
  }
  return line + " [options]";
}

std::string overview_help(App& app) {
  std::string text =
      "avisloop asks the customers of small businesses for reviews, by text and email: never twice, "
      "never at night,\nnever after STOP.\n";
  text += heading(app, "Usage") + "  avisloop [global options] VERB [NOUN] [arguments] [options]\n";
  text += heading(app, "Commands");
  std::vector<std::pair<std::string, std::string>> rows;
  const auto commands = all_commands();
  for (std::size_t i = 0; i < commands.size();) {
    if (commands[i].hidden) {
      ++i;
      continue;
    }
    std::size_t end = i + 1;
    while (end < commands.size() && commands[end].verb == commands[i].verb)
      ++end;
    std::vector<std::string> nouns;
    for (std::size_t k = i; k < end; ++k) {
      if (!commands[k].noun.empty()) nouns.emplace_back(commands[k].noun);
    }
    std::string words(commands[i].verb);
    const bool alone = nouns.size() < end - i;  // the verb may also stand without a noun
    if (!nouns.empty()) words += alone ? fmt::format(" [{}]", join(nouns, "|")) : " " + join(nouns, "|");
    rows.emplace_back(std::move(words), end - i > 1 ? verb_summary(commands[i]) : commands[i].summary);
    i = end;
  }
  rows.emplace_back("help [VERB [NOUN]|TOPIC]", "help on a command, or on environment, exit-codes, formatting");
  text += two_columns(rows);
  text += heading(app, "Global options") + options_block(global_flags(), false);
  text += "\nBegin with: avisloop init --org-key KEY --name NAME --time-zone ZONE\n";
  return text;
}

std::optional<std::string> verb_help(App& app, std::string_view verb) {
  std::vector<std::pair<std::string, std::string>> rows;
  const Command* first = nullptr;
  for (const Command& command : all_commands()) {
    if (command.verb != verb) continue;
    if (first == nullptr) first = &command;
    rows.emplace_back("avisloop " + words_of(command), command.summary);
  }
  if (first == nullptr) return std::nullopt;
  if (rows.size() == 1) return command_help(app, *first);
  for (const Command& command : all_commands()) {
    if (command.verb != verb || !command.noun.empty()) continue;
    std::erase_if(rows, [&](const auto& row) { return row.first == "avisloop " + words_of(command); });
    return command_help(app, command) + heading(app, "See also") + two_columns(rows);
  }
  std::string text = fmt::format("avisloop {}: {}\n", verb, verb_summary(*first));
  text += heading(app, "Commands") + two_columns(rows);
  return text + fmt::format("\nMore on each: avisloop help {} NOUN\n", verb);
}

std::string command_help(App& app, const Command& command) {
  Flags flags;
  const Runner unused = command.bind(flags);
  const std::vector<FlagInfo> own = flags.declared();
  GlobalFlags globals;
  GlobalOptions options;
  bind_globals(flags, &command, globals, options);
  std::vector<FlagInfo> shown = own;
  for (const FlagInfo& flag : flags.declared()) {
    if (flag.name == "--dry-run" || (flag.name == "-y,--yes" && command.destructive)) shown.push_back(flag);
  }
  std::string text = fmt::format("avisloop {}: {}\n", words_of(command), command.summary);
  text += heading(app, "Usage") + "  " + usage_line(command, own) + "\n";
  if (!command.description.empty()) text += "\n" + wrapped(command.description, 0) + "\n";
  if (const std::string block = options_block(shown, true); !block.empty()) text += heading(app, "Arguments") + block;
  if (const std::string block = options_block(shown, false); !block.empty()) text += heading(app, "Options") + block;
  text += "\nGlobal options (--config, --store, --org, --format, --json, --quiet, …): avisloop help\n";
  if (!command.examples.empty()) {
    text += heading(app, "Examples");
    for (const Example& example : command.examples) {
      text += fmt::format("  {}\n      {}\n", example.command, wrapped(example.says, 6));
    }
  }
  text += heading(app, "Exit codes");
  std::vector<std::pair<std::string, std::string>> codes{{"0", "done"}, {"2", "wrong usage"}};
  for (const auto& [code, says] : command.exit_codes)
    codes.emplace_back(std::to_string(code), says);
  std::stable_sort(codes.begin(), codes.end(),
                   [](const auto& a, const auto& b) { return std::stoi(a.first) < std::stoi(b.first); });
  codes.emplace_back("74, 75, 77, 78", "store or configuration cannot be used (avisloop help exit-codes)");
  return text + two_columns(codes);
}

std::optional<std::string> topic_help(std::string_view topic) {
  if (topic == "environment") return std::string(kEnvironmentTopic);
  if (topic == "exit-codes") return std::string(kExitCodesTopic);
  if (topic == "formatting") return std::string(kFormattingTopic);
  return std::nullopt;
}

}  // namespace avisloop
