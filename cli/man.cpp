#include "cli/man.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "cli/help.h"
#include "core/base/text.h"
#include "core/config/settings.h"

namespace avisloop {
namespace {

constexpr std::string_view kDate = "November 21, 2026";

/// Text as it stands in mdoc: a backslash is `\e`, a quote mark at the begin of a line would be a macro.
std::string plain(std::string_view text) {
  std::string result;
  for (const char32_t point : decode_utf8(text)) {
    if (point == U'\\') {
      result += "\\e";
    } else if (point == U'"') {
      result += "\\(dq";
    } else if (point == U'\'') {
      result += "\\(aq";
    } else if (point >= 0x80) {
      result += fmt::format("\\[u{:04X}]", static_cast<unsigned>(point));
    } else {
      result += static_cast<char>(point);
    }
  }
  if (result.starts_with('.')) result.insert(0, "\\&");
  return result;
}

/// One sentence, broken at spaces so that the page's source stays narrow.
std::string filled(std::string_view sentence) {
  constexpr std::size_t width = 78;
  std::string result;
  std::string line;
  for (const std::string_view word : split(sentence, ' ')) {
    if (!line.empty() && line.size() + 1 + word.size() > width) {
      result += line + "\n";
      line.clear();
    }
    if (!line.empty()) line += ' ';
    if (line.empty() && word.starts_with('.')) line += "\\&";
    line += word;
  }
  return result + line + "\n";
}

/// A paragraph with each sentence on a line of its own; lines that begin with a space are shown as they are.
std::string prose(std::string_view text) {
  std::string result;
  bool literal = false;
  for (const std::string_view line : split(text, '\n')) {
    const bool wants_literal = line.starts_with(' ');
    if (wants_literal != literal) result += wants_literal ? ".Bd -literal -offset indent\n" : ".Ed\n";
    literal = wants_literal;
    if (literal) {
      result += plain(trim(line)) + "\n";
      continue;
    }
    std::string escaped = plain(line);
    for (auto at = escaped.find(". "); at != std::string::npos; at = escaped.find(". ", at + 2)) {
      const bool new_sentence = at + 2 < escaped.size() && escaped[at + 2] >= 'A' && escaped[at + 2] <= 'Z';
      if (new_sentence) escaped.replace(at, 2, ".\n");
    }
    for (const std::string_view sentence : split(escaped, '\n'))
      result += filled(sentence);
  }
  if (literal) result += ".Ed\n";
  return result;
}

/// The words of a macro's line: a word that begins with a hyphen loses it, since `Fl` brings one.
std::string flag_macros(const FlagInfo& flag) {
  const auto comma = flag.name.find(',');
  const std::string name = comma == std::string::npos ? flag.name : flag.name.substr(comma + 1);
  std::string text;
  if (comma != std::string::npos) text = fmt::format("Fl {} , ", flag.name.substr(1, comma - 1));
  text += "Fl " + plain(name.substr(1));
  if (!flag.value.empty()) text += " Ar " + plain(flag.value);
  return text;
}

std::string explained(const FlagInfo& flag) {
  std::string text = flag.help;
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  if (!flag.choices.empty() && flag.positional) text += fmt::format(": {}", join(flag.choices, ", "));
  if (!text.ends_with('.')) text += ".";
  if (flag.required && !flag.positional) text += " Required.";
  if (flag.repeatable) text += " May be repeated.";
  return text;
}

std::string flag_list(const std::vector<FlagInfo>& flags) {
  if (flags.empty()) return {};
  std::string text = ".Bl -tag -width Ds\n";
  for (const FlagInfo& flag : flags) {
    text += flag.positional ? fmt::format(".It Ar {}\n", plain(flag.name)) : fmt::format(".It {}\n", flag_macros(flag));
    text += prose(explained(flag));
  }
  return text + ".El\n";
}

std::vector<FlagInfo> own_flags(const Command& command) {
  Flags flags;
  const Runner unused = command.bind(flags);
  return flags.declared();
}

std::string synopsis_line(const Command& command, const std::vector<FlagInfo>& flags) {
  std::string line = fmt::format(".Nm\n.Cm {}", words_of(command));
  for (const FlagInfo& flag : flags) {
    if (!flag.positional) continue;
    const std::string name = "Ar " + plain(flag.name) + (flag.repeatable ? " ..." : "");
    line += flag.required ? " " + name : " Op " + name;
  }
  return line + "\n";
}

std::string command_section(const Command& command) {
  const std::vector<FlagInfo> flags = own_flags(command);
  std::string usage = "avisloop " + words_of(command);
  for (const FlagInfo& flag : flags) {
    if (!flag.positional) continue;
    usage += flag.required ? " " + flag.name : fmt::format(" [{}]", flag.name);
  }
  std::string summary(command.summary);
  if (summary[0] >= 'a' && summary[0] <= 'z') summary[0] = static_cast<char>(summary[0] - 'a' + 'A');
  std::string text = fmt::format(".Ss {}\\&\n{}", plain(usage), prose(summary + "."));
  if (!command.description.empty()) text += ".Pp\n" + prose(command.description);
  text += flag_list(flags);
  if (command.changes) text += ".Pp\nTakes\n.Fl -dry-run .\n";
  if (command.destructive) text += "Asks on a terminal, unless\n.Fl -yes\nis given.\n";
  for (const Example& example : command.examples) {
    text +=
        fmt::format(".Pp\n{}\n.Dl $ {}\n", plain(fmt::format("Example: {}:", example.says)), plain(example.command));
  }
  return text;
}

std::string indented_topic(std::string_view topic) {
  const std::string topic_text = topic_help(topic).value_or("");
  std::string text = ".Bd -literal\n";
  for (const std::string_view line : split(topic_text, '\n'))
    text += plain(line) + "\n";
  while (text.ends_with("\n\n"))
    text.pop_back();
  return text + ".Ed\n";
}

std::vector<FlagInfo> global_flags() {
  Flags flags;
  GlobalFlags globals;
  GlobalOptions options;
  bind_globals(flags, nullptr, globals, options);
  return flags.declared();
}

std::string environment_name(const SettingKey& key) {
  std::string name = "AVISLOOP_" + key.section + "_" + key.key;
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return name;
}

std::string key_entry(const SettingKey& key) {
  std::string text = fmt::format(".It Ic {}\n{}", plain(key.key), prose(key.explanation));
  std::string facts = fmt::format("Takes: {}.", key.type);
  if (!key.fallback.empty()) facts += fmt::format("\nDefault: {}.", key.fallback);
  text += ".br\n" + prose(facts);
  std::vector<std::string> names{environment_name(key)};
  names.insert(names.end(), key.usual_names.begin(), key.usual_names.end());
  text += fmt::format("Environment:\n.Ev {}", names.front());
  for (std::size_t i = 1; i < names.size(); ++i)
    text += fmt::format(" , {}", names[i]);
  text += " .\n";
  if (key.secret) text += fmt::format("May be given as a file:\n.Ic {}_file .\n", key.key);
  if (!key.per_org) text += "Not per organization.\n";
  if (!key.used) text += "Not used by this release.\n";
  return text;
}

}  // namespace

std::string man_program() {
  std::string text = fmt::format(".\\\" Made by: avisloop man 1\n.Dd {}\n.Dt AVISLOOP 1\n.Os\n", kDate);
  text += ".Sh NAME\n.Nm avisloop\n.Nd asks customers for reviews by text and email\n.Sh SYNOPSIS\n";
  for (const Command& command : all_commands()) {
    if (!command.hidden) text += synopsis_line(command, own_flags(command)) + ".Op Ar options\n";
  }
  text += ".Sh DESCRIPTION\n";
  text += prose(
      "avisloop sends review requests to the customers of small businesses: never twice, never at night, never after "
      "STOP. Everything it knows lies in one store; a scheduler starts `run-due` every minute.");
  text += ".Pp\nOptions that every command takes, before or after its words:\n" + flag_list(global_flags());
  text += ".Sh COMMANDS\n";
  for (const Command& command : all_commands()) {
    if (!command.hidden) text += command_section(command);
  }
  text += ".Sh OUTPUT\n" + indented_topic("formatting");
  text += ".Sh ENVIRONMENT\n" + indented_topic("environment");
  text += ".Sh FILES\n.Bl -tag -width Ds\n.It Pa ./avisloop.toml\n";
  text += ".It Pa $XDG_CONFIG_HOME/avisloop/config.toml\n.It Pa /etc/avisloop/config.toml\n";
  text += "The configuration: the first of these that exists.\n.El\n";
  text += ".Sh EXIT STATUS\n" + indented_topic("exit-codes");
  return text + ".Sh SEE ALSO\n.Xr avisloop.toml 5 ,\n.Xr cron 8\n";
}

std::string man_settings() {
  std::string text = fmt::format(".\\\" Made by: avisloop man 5\n.Dd {}\n.Dt AVISLOOP.TOML 5\n.Os\n", kDate);
  text += ".Sh NAME\n.Nm avisloop.toml\n.Nd configuration of avisloop\n.Sh DESCRIPTION\n";
  text += prose(
      "A file in TOML with one table per section. A key that is not known is an error that names the nearest. An "
      "option "
      "of the command line goes before the environment, that before the file, and the file before the default.");
  text += ".Pp\n";
  text += prose("A table under org overrides a section for one organization:");
  text +=
      ".Bd -literal -offset indent\n[sms]\nprovider = \\(dqtwilio\\(dq\n\n[org.acme.limits]\nsms_per_hour = "
      "50\n.Ed\n.Pp\n";
  text += prose("A file that holds secrets must be readable by its owner only.");
  text += ".Sh KEYS\n";
  std::vector<std::string> sections;
  for (const SettingKey& key : setting_keys()) {
    if (std::find(sections.begin(), sections.end(), key.section) == sections.end()) sections.push_back(key.section);
  }
  for (const std::string& section : sections) {
    text += fmt::format(".Ss Section {}\n.Bl -tag -width Ds\n", section);
    for (const SettingKey& key : setting_keys()) {
      if (key.section == section) text += key_entry(key);
    }
    text += ".El\n";
  }
  return text + ".Sh SEE ALSO\n.Xr avisloop 1\n";
}

}  // namespace avisloop
