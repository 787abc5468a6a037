#include "cli/settings_file.h"

#include <fmt/format.h>

#include <vector>

#include "core/base/text.h"
#include "core/config/settings.h"

namespace avisloop {
namespace {

constexpr std::string_view kHead =
    R"(# The configuration of avisloop. Every line that is commented out shows the default.
# An option goes before an environment variable (AVISLOOP_SECTION_KEY), and that goes before this file.
# A secret may stand in a file of its own: KEY_file = "PATH". Overrides for one organization: [org.KEY.SECTION].
# Everything is explained in avisloop.toml(5).
)";
constexpr std::size_t kWidth = 100;

/// A comment of several lines, broken at spaces.
std::string comment(std::string_view text) {
  std::string result;
  std::string line = "#";
  for (const std::string_view word : split(text, ' ')) {
    if (line.size() + 1 + word.size() > kWidth && line != "#") {
      result += line + "\n";
      line = "#";
    }
    line += " " + std::string(word);
  }
  return result + line + "\n";
}

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

}  // namespace

std::string starting_settings_file(std::string_view store_url) {
  std::vector<std::string> sections;
  for (const SettingKey& key : setting_keys()) {
    if (!key.used) continue;
    if (std::find(sections.begin(), sections.end(), key.section) == sections.end()) sections.push_back(key.section);
  }
  std::string text(kHead);
  for (const std::string& section : sections) {
    text += fmt::format("\n[{}]\n", section);
    for (const SettingKey& key : setting_keys()) {
      if (!key.used || key.section != section) continue;
      text += comment(key.explanation);
      const bool is_set = section == "store" && key.key == "url" && !store_url.empty();
      text += is_set ? fmt::format("{} = {}\n", key.key, quoted(store_url))
                     : fmt::format("# {} = {}\n", key.key, key.fallback);
    }
  }
  return text;
}

}  // namespace avisloop
