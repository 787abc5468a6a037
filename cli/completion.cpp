#include "cli/completion.h"

#include <fmt/format.h>

#include <map>
#include <vector>

#include "cli/help.h"
#include "core/base/text.h"

namespace avisloop {
namespace {

/// A command as completion sees it.
struct Entry {
  std::string verb;
  std::string noun;
  std::string summary;
  std::vector<FlagInfo> flags;
};

std::vector<Entry> entries() {
  std::vector<Entry> all;
  for (const Command& command : all_commands()) {
    if (command.hidden) continue;
    Flags flags;
    const Runner unused = command.bind(flags);
    GlobalFlags globals;
    GlobalOptions options;
    bind_globals(flags, &command, globals, options);
    all.push_back(
        {std::string(command.verb), std::string(command.noun), std::string(command.summary), flags.declared()});
  }
  return all;
}

std::string long_name(const FlagInfo& flag) {
  const auto comma = flag.name.find(',');
  return comma == std::string::npos ? flag.name : flag.name.substr(comma + 1);
}

/// Verbs with their nouns, in the order of the table; an empty noun is left out.
std::vector<std::pair<std::string, std::vector<std::string>>> verbs_of(const std::vector<Entry>& all) {
  std::vector<std::pair<std::string, std::vector<std::string>>> verbs;
  for (const Entry& entry : all) {
    if (verbs.empty() || verbs.back().first != entry.verb) verbs.push_back({entry.verb, {}});
    if (!entry.noun.empty()) verbs.back().second.push_back(entry.noun);
  }
  return verbs;
}

std::vector<std::string> words_after(const Entry& entry) {
  std::vector<std::string> words;
  for (const FlagInfo& flag : entry.flags) {
    if (flag.positional) {
      words.insert(words.end(), flag.choices.begin(), flag.choices.end());
    } else {
      words.push_back(long_name(flag));
    }
  }
  return words;
}

/// Every option that takes one of a few words, with them; the same option has the same choices in every command.
std::map<std::string, std::vector<std::string>> choices_of(const std::vector<Entry>& all) {
  std::map<std::string, std::vector<std::string>> choices;
  for (const Entry& entry : all) {
    for (const FlagInfo& flag : entry.flags) {
      if (!flag.positional && !flag.choices.empty()) choices.emplace(long_name(flag), flag.choices);
    }
  }
  return choices;
}

/// The text inside single quotes of a shell.
std::string shell_quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text)
    result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

/// The body that bash and zsh share: sets `words` from the words before the cursor.
std::string case_tables(const std::vector<Entry>& all) {
  std::string text = "  case \"$previous\" in\n";
  for (const auto& [name, words] : choices_of(all)) {
    text += fmt::format("    {}) echo {}; return ;;\n", name, shell_quoted(join(words, " ")));
  }
  text += "  esac\n  case \"$verb $noun\" in\n";
  for (const Entry& entry : all) {
    const std::string pattern = entry.noun.empty() ? entry.verb + "\\ *" : entry.verb + "\\ " + entry.noun;
    if (!entry.noun.empty()) {
      text += fmt::format("    {}) echo {}; return ;;\n", pattern, shell_quoted(join(words_after(entry), " ")));
    }
  }
  const auto verbs = verbs_of(all);
  for (const Entry& entry : all) {
    if (!entry.noun.empty()) continue;
    std::vector<std::string> words;
    for (const auto& [verb, nouns] : verbs) {
      if (verb == entry.verb) words = nouns;
    }
    for (std::string& word : words_after(entry))
      words.push_back(std::move(word));
    text += fmt::format("    {}\\ *) echo {}; return ;;\n", entry.verb, shell_quoted(join(words, " ")));
  }
  for (const auto& [verb, nouns] : verbs) {
    if (!nouns.empty()) text += fmt::format("    {}\\ *) echo {}; return ;;\n", verb, shell_quoted(join(nouns, " ")));
  }
  std::vector<std::string> names;
  for (const auto& [verb, nouns] : verbs)
    names.push_back(verb);
  names.emplace_back("help");
  text += fmt::format("    *) echo {} ;;\n  esac\n", shell_quoted(join(names, " ")));
  return text;
}

}  // namespace

std::string bash_completion() {
  return "# bash completion of avisloop, made by: avisloop completion bash\n"
         "_avisloop_words() {\n"
         "  local previous=$1 verb=$2 noun=$3\n" +
         case_tables(entries()) +
         "}\n"
         "_avisloop() {\n"
         "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} verb= noun= i\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
         "    [[ ${COMP_WORDS[i]} == -* ]] && continue\n"
         "    if [[ -z $verb ]]; then verb=${COMP_WORDS[i]}; elif [[ -z $noun ]]; then noun=${COMP_WORDS[i]}; fi\n"
         "  done\n"
         "  COMPREPLY=($(compgen -W \"$(_avisloop_words \"$previous\" \"$verb\" \"$noun\")\" -- \"$current\"))\n"
         "}\n"
         "complete -o default -F _avisloop avisloop\n";
}

std::string zsh_completion() {
  return "#compdef avisloop\n"
         "# zsh completion of avisloop, made by: avisloop completion zsh\n"
         "_avisloop_words() {\n"
         "  local previous=$1 verb=$2 noun=$3\n" +
         case_tables(entries()) +
         "}\n"
         "_avisloop() {\n"
         "  local previous=${words[CURRENT-1]} verb= noun= i\n"
         "  for ((i = 2; i < CURRENT; i++)); do\n"
         "    [[ ${words[i]} == -* ]] && continue\n"
         "    if [[ -z $verb ]]; then verb=${words[i]}; elif [[ -z $noun ]]; then noun=${words[i]}; fi\n"
         "  done\n"
         "  compadd -- $(_avisloop_words \"$previous\" \"$verb\" \"$noun\") || _files\n"
         "}\n"
         "compdef _avisloop avisloop\n";
}

std::string fish_completion() {
  const std::vector<Entry> all = entries();
  std::string text = "# fish completion of avisloop, made by: avisloop completion fish\ncomplete -c avisloop -f\n";
  for (const auto& [verb, nouns] : verbs_of(all)) {
    const Entry* first = nullptr;
    for (const Entry& entry : all) {
      if (entry.verb == verb && first == nullptr) first = &entry;
    }
    text += fmt::format("complete -c avisloop -n __fish_use_subcommand -a {} -d {}\n", verb,
                        shell_quoted(nouns.size() > 1 ? join(nouns, ", ") : first->summary));
  }
  for (const Entry& entry : all) {
    std::string condition = fmt::format("__fish_seen_subcommand_from {}", entry.verb);
    if (!entry.noun.empty()) {
      text +=
          fmt::format("complete -c avisloop -n '{}' -a {} -d {}\n", condition, entry.noun, shell_quoted(entry.summary));
      condition += fmt::format("; and __fish_seen_subcommand_from {}", entry.noun);
    }
    for (const FlagInfo& flag : entry.flags) {
      if (flag.positional) continue;
      text += fmt::format("complete -c avisloop -n '{}' -l {}", condition, long_name(flag).substr(2));
      if (flag.name.find(',') != std::string::npos) text += fmt::format(" -s {}", flag.name[1]);
      if (!flag.value.empty()) text += flag.value == "FILE" ? " -r -F" : " -x";
      if (!flag.choices.empty()) text += fmt::format(" -a {}", shell_quoted(join(flag.choices, " ")));
      text += fmt::format(" -d {}\n", shell_quoted(flag.help));
    }
  }
  return text;
}

}  // namespace avisloop
