#include "tests/support/test_app.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "cli/command.h"
#include "cli/wire.h"
#include "core/base/id.h"
#include "core/base/text.h"
#include "tests/support/memory_terminal.h"

namespace avisloop {
namespace {

std::vector<std::string> words_of_line(std::string_view line) {
  std::vector<std::string> words;
  bool open = false;
  bool begun = false;
  for (const char c : line) {
    if (c == '\'') {
      if (!open && !begun) words.emplace_back();
      open = !open;
      begun = true;
    } else if (c == ' ' && !open) {
      begun = false;
    } else {
      if (!begun) words.emplace_back();
      begun = true;
      words.back() += c;
    }
  }
  return words;
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

std::string first_difference(const std::string& wanted, const std::string& got) {
  const auto a = split(wanted, '\n');
  const auto b = split(got, '\n');
  for (std::size_t i = 0; i < a.size() || i < b.size(); ++i) {
    const std::string_view left = i < a.size() ? a[i] : "(nothing)";
    const std::string_view right = i < b.size() ? b[i] : "(nothing)";
    if (left != right) {
      return "line " + std::to_string(i + 1) + "\n  golden: " + std::string(left) + "\n  now:    " + std::string(right);
    }
  }
  return "(none)";
}

}  // namespace

TestProgram::TestProgram() {
  environment = {{"AVISLOOP_CONFIG", folder.write("avisloop.toml", "")},
                 {"AVISLOOP_STORE_URL", "sqlite:" + folder.file("avisloop.db")},
                 {"AVISLOOP_OUTBOX_DIRECTORY", folder.file("outbox")},
                 {"USER", "tester"}};
}

Told TestProgram::run(std::string_view line, std::string_view input) {
  return run(words_of_line(line), input);
}

Told TestProgram::run(std::vector<std::string> arguments, std::string_view input) {
  for (std::string& argument : arguments)
    replace_all(argument, "<folder>", folder.path().string());
  MemoryTerminal terminal;
  terminal.is_terminal = is_terminal;
  terminal.width = width;
  terminal.input.str(std::string(input));
  const auto variables = make_fixed_environment(environment);
  App app(make_parts(*random_), *variables, terminal, *random_, std::make_unique<FakeClock>(now));
  const int code = run_command_line(arguments, app);
  return {code, terminal.output, terminal.errors};
}

std::string TestProgram::settled(std::string text) const {
  replace_all(text, folder.path().string(), "<folder>");
  constexpr std::size_t length = 36;
  std::vector<std::string> known;
  for (std::size_t at = 0; at + length <= text.size(); ++at) {
    const std::string word = text.substr(at, length);
    if (!parse_id(word)) continue;
    std::size_t index = 0;
    while (index < known.size() && known[index] != word)
      ++index;
    if (index == known.size()) known.push_back(word);
    // As long as an id, so that columns stay where they are.
    std::string name = "<id-" + std::to_string(index + 1) + ">";
    name.insert(name.size() - 1, length - name.size(), '-');
    text.replace(at, length, name);
  }
  return text;
}

std::string TestProgram::transcript(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    const Told told = run(line);
    text += "$ avisloop " + line + "\n" + told.out;
    if (!told.err.empty()) {
      for (const std::string_view part : split(trim(told.err), '\n'))
        text += "! " + std::string(part) + "\n";
    }
    if (told.code != 0) text += "[" + std::to_string(told.code) + "]\n";
  }
  return settled(std::move(text));
}

void TestProgram::furnish() {
  const std::vector<std::string> lines{
      "init --org-key acme --name 'Acme Plumbing' --time-zone America/Chicago --review-link "
      "https://g.page/r/acme/review --address '1 Main St, Austin TX 78701'",
      "create template ask_sms --channel sms --body 'Hi {{first_name}}, how did we do? {{review_link}}'",
      "create template ask_email --channel email --subject 'How did we do?' --body 'Hi {{first_name}}, "
      "{{review_link}}'",
      "create contact --external-id C-1 --name 'Ana Diaz' --phone '(512) 555-0142' --email ana@example.com "
      "--sms-consent-source 'paper form'"};
  for (const std::string& line : lines) {
    const Told told = run(line);
    if (told.code != 0) throw std::runtime_error(line + ": " + told.err);
  }
}

std::unique_ptr<Store> TestProgram::store() {
  auto opened = make_parts(*random_).open_store(environment.at("AVISLOOP_STORE_URL"), true);
  if (!opened) throw std::runtime_error(opened.error().message);
  return std::move(*opened);
}

bool matches_golden(std::string_view name, const std::string& text) {
  const std::filesystem::path path = std::filesystem::path(AVISLOOP_SOURCE_DIR) / "tests/cli/golden" / name;
  if (std::getenv("AVISLOOP_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << text;
    return true;
  }
  const std::string wanted = read_file(path);
  if (wanted != text) MESSAGE(path.string() << " differs in " << first_difference(wanted, text));
  return wanted == text;
}

}  // namespace avisloop
