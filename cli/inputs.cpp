#include "cli/inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "core/base/text.h"
#include "core/intake/cells.h"

namespace avisloop {
namespace {

constexpr std::size_t kLongestKey = 64;
constexpr std::size_t kLargestFile = 1U << 20U;
constexpr std::string_view kKeyCharacters = "abcdefghijklmnopqrstuvwxyz0123456789_";

}  // namespace

Result<std::string> read_key(std::string_view what, std::string_view key) {
  if (key.empty() || key.size() > kLongestKey || key.find_first_not_of(kKeyCharacters) != std::string_view::npos) {
    return fail(Fault::data, fmt::format("`{}` cannot be the key of a {}", printable(key), what),
                fmt::format("A key has 1 to {} characters: a-z, 0-9 and _.", kLongestKey));
  }
  return std::string(key);
}

Result<std::string> read_org_key(std::string_view key) {
  std::string plain(key);
  if (!plain.starts_with('-') && !plain.ends_with('-')) std::replace(plain.begin(), plain.end(), '-', '_');
  if (!read_key("organization", plain)) {
    return fail(Fault::data, fmt::format("`{}` cannot be the key of an organization", printable(key)),
                fmt::format("A key has 1 to {} characters: a-z, 0-9, _ and, inside, -.", kLongestKey));
  }
  return std::string(key);
}

Result<std::string> read_link(std::string_view text) {
  constexpr std::string_view scheme = "https://";
  const bool blank = std::any_of(text.begin(), text.end(), [](char c) { return c == ' ' || c == '"' || c == '<'; });
  if (!text.starts_with(scheme) || text.size() <= scheme.size() || blank || has_control_characters(text) ||
      text.find('.', scheme.size()) == std::string_view::npos) {
    return fail(Fault::data, fmt::format("is `{}`, which is not an https link", printable(text)));
  }
  return std::string(text);
}

std::vector<std::string> read_list(const std::vector<std::string>& given) {
  std::vector<std::string> parts;
  for (const std::string& item : given) {
    for (const std::string_view part : split(item, ',')) {
      const std::string word(trim(part));
      if (!word.empty() && std::find(parts.begin(), parts.end(), word) == parts.end()) parts.push_back(word);
    }
  }
  return parts;
}

Result<std::map<std::string, std::string>> read_pairs(std::string_view option, const std::vector<std::string>& given) {
  std::map<std::string, std::string> pairs;
  for (const std::string& item : given) {
    const auto sign = item.find('=');
    const std::string name = item.substr(0, sign);
    if (sign == std::string::npos || name.empty() || name.find_first_not_of(kKeyCharacters) != std::string::npos) {
      return fail(Fault::data, fmt::format("{} is `{}`, but takes NAME=VALUE", option, printable(item)),
                  "A name has characters of a-z, 0-9 and _.");
    }
    pairs[name] = item.substr(sign + 1);
  }
  return pairs;
}

Result<std::string> read_whole_file(App& app, const std::string& path) {
  std::ifstream opened;
  if (path != "-") {
    opened.open(path, std::ios::binary);
    if (!opened) return fail(Fault::data, fmt::format("{} cannot be read: {}", printable(path), std::strerror(errno)));
  }
  std::istream& in = path == "-" ? app.terminal().in() : opened;
  std::string content(kLargestFile + 1, '\0');
  in.read(content.data(), static_cast<std::streamsize>(content.size()));
  content.resize(static_cast<std::size_t>(in.gcount()));
  if (in.bad()) return fail(Fault::data, fmt::format("{} cannot be read to its end", printable(path)));
  if (content.size() > kLargestFile) {
    return fail(Fault::data, fmt::format("{} is larger than {} bytes", printable(path), kLargestFile));
  }
  if (!is_utf8(content)) return fail(Fault::data, fmt::format("{} is not UTF-8 text", printable(path)));
  return content;
}

std::string acting_person(App& app, std::string_view by) {
  if (!by.empty()) return std::string(by);
  for (const std::string_view name : {"USER", "LOGNAME"}) {
    if (const auto user = app.environment().get(name); user && !user->empty()) return *user;
  }
  return "unknown";
}

Result<Address> read_address(App& app, std::string_view text) {
  if (text.find('@') != std::string_view::npos) {
    AVIS_TRY_ASSIGN(std::string email, named("the address", read_email(text)));
    return Address{Channel::email, std::move(email)};
  }
  AVIS_TRY_ASSIGN(PhoneReading reading, read_phone(text, app.parts().check_foreign_number));
  return Address{Channel::sms, std::move(reading.e164)};
}

}  // namespace avisloop
