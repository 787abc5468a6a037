#include "core/intake/cells.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "core/base/text.h"

namespace avisloop {
namespace {

constexpr std::size_t kLongestEmail = 254;

std::string quoted(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  return "`" + printable(text.substr(0, kLongest)) + (text.size() > kLongest ? "…`" : "`");
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](auto word) { return equals_ignoring_case(text, word); });
}

bool has_blank_or_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || byte == 0x7f;
  });
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Takes a number of `least` to `most` digits off the front.
std::optional<int> take_number(std::string_view& text, std::size_t least, std::size_t most) {
  std::size_t length = 0;
  while (length < text.size() && length < most && is_digit(text[length]))
    ++length;
  if (length < least) return std::nullopt;
  int value = 0;
  std::from_chars(text.data(), text.data() + length, value);
  text.remove_prefix(length);
  return value;
}

bool take(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

/// `11/20/2026` or `11-20-2026`: the American order, as the exports of American programs have it.
std::optional<std::chrono::year_month_day> take_american_date(std::string_view& text) {
  const auto month = take_number(text, 1, 2);
  if (!month || text.empty() || (text.front() != '/' && text.front() != '-')) return std::nullopt;
  const char sign = text.front();
  text.remove_prefix(1);
  const auto day = take_number(text, 1, 2);
  if (!day || !take(text, sign)) return std::nullopt;
  const auto year = take_number(text, 4, 4);
  if (!year) return std::nullopt;
  return std::chrono::year{*year} / *month / *day;
}

std::optional<std::chrono::year_month_day> take_date(std::string_view& text) {
  constexpr std::size_t kIsoLength = 10;
  if (text.size() >= kIsoLength && text[4] == '-') {
    const auto date = parse_date(text.substr(0, kIsoLength));
    if (date) text.remove_prefix(kIsoLength);
    return date;
  }
  return take_american_date(text);
}

/// `14:30`, `14:30:05`, `2:30 PM`, up to the end of the text; the second of the day.
std::optional<int> read_clock(std::string_view text) {
  const auto hour = take_number(text, 1, 2);
  if (!hour || !take(text, ':')) return std::nullopt;
  const auto minute = take_number(text, 2, 2);
  if (!minute || *minute > 59) return std::nullopt;
  int second = 0;
  if (take(text, ':')) {
    const auto given = take_number(text, 2, 2);
    if (!given || *given > 59) return std::nullopt;
    second = *given;
  }
  const std::string_view half = trim(text);
  int hours = *hour;
  if (is_one_of(half, {"am", "a.m.", "pm", "p.m."})) {
    if (hours < 1 || hours > 12) return std::nullopt;
    hours = hours % 12 + (is_one_of(half, {"pm", "p.m."}) ? 12 : 0);
  } else if (!half.empty() || hours > 23) {
    return std::nullopt;
  }
  return (hours * 60 + *minute) * 60 + second;
}

/// A part that can stand alone where several values share a cell.
bool is_value(std::string_view part) {
  if (part.find('@') != std::string_view::npos) return true;
  return std::count_if(part.begin(), part.end(), is_digit) >= 7;
}

bool is_title(std::string_view word) {
  return is_one_of(word, {"mr", "mr.", "mrs", "mrs.", "ms", "ms.", "miss", "dr", "dr."});
}

}  // namespace

std::optional<bool> read_yes_no(std::string_view text) {
  const std::string_view word = trim(text);
  if (is_one_of(word, {"yes", "y", "true", "t", "1", "x", "on"})) return true;
  if (is_one_of(word, {"no", "n", "false", "f", "0", "off"})) return false;
  return std::nullopt;
}

Result<std::string> read_email(std::string_view text) {
  const std::string_view address = trim(text);
  const auto wrong = [&](std::string_view what) { return fail(Fault::data, fmt::format("{} {}", quoted(text), what)); };
  if (address.size() > kLongestEmail) return wrong("is longer than 254 characters");
  if (has_blank_or_control(address)) return wrong("has a space or control character in it");
  const auto at = address.find('@');
  if (at == std::string_view::npos) return wrong("has no @");
  if (address.find('@', at + 1) != std::string_view::npos) return wrong("has more than one @");
  if (at == 0) return wrong("has nothing before the @");
  if (address.find_first_of("<>,;\"()[]\\") != std::string_view::npos) return wrong("is not one plain address");
  const std::string domain = lower_ascii(address.substr(at + 1));
  const bool dotted = domain.find('.') != std::string::npos && domain.front() != '.' && domain.back() != '.' &&
                      domain.find("..") == std::string::npos;
  if (!dotted && domain != "localhost") return wrong("has no domain such as example.com");
  return std::string(address.substr(0, at + 1)) + domain;
}

std::string_view first_value(std::string_view cell) {
  const std::string_view whole = trim(cell);
  const auto cut = whole.find_first_of(",;\n");
  const auto colons = whole.find(":::");
  const auto end = std::min(cut, colons);
  if (end == std::string_view::npos) return whole;
  const std::string_view first = trim(whole.substr(0, end));
  const std::string_view rest = trim(whole.substr(end == colons ? end + 3 : end + 1));
  if (first.empty()) return first_value(rest);
  // `512-555-0142, ext 3` is one value: what follows the comma cannot stand alone.
  return rest.empty() || is_value(rest) || end == colons ? first : whole;
}

std::pair<std::string, std::string> split_name(std::string_view name) {
  std::string_view text = trim(name);
  if (const auto comma = text.find(','); comma != std::string_view::npos) {
    const std::string_view given = trim(text.substr(comma + 1));
    const std::string_view family = trim(text.substr(0, comma));
    if (!is_one_of(given, {"jr", "jr.", "sr", "sr.", "ii", "iii", "inc", "inc.", "llc", "co", "co.", "ltd"})) {
      return {std::string(given), std::string(family)};
    }
    text = family;
  }
  auto space = text.find(' ');
  if (space != std::string_view::npos && is_title(text.substr(0, space))) {
    text = trim(text.substr(space));
    space = text.find(' ');
  }
  if (space == std::string_view::npos) return {std::string(text), {}};
  return {std::string(text.substr(0, space)), std::string(trim(text.substr(space)))};
}

std::vector<std::string> read_tags(std::string_view cell) {
  std::vector<std::string> tags;
  std::string_view rest = cell;
  while (!rest.empty()) {
    const auto end = std::min(rest.find_first_of(",;\n"), rest.find(":::"));
    std::string tag(trim(rest.substr(0, end)));
    // Google marks its own groups with a star: `* myContacts`.
    if (tag.starts_with("* ")) tag.erase(0, 2);
    if (!tag.empty() && std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(std::move(tag));
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + (rest[end] == ':' ? 3 : 1));
  }
  return tags;
}

Result<std::string> read_language(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kNames{{{"english", "en"},
                                                                                         {"spanish", "es"},
                                                                                         {"español", "es"},
                                                                                         {"french", "fr"},
                                                                                         {"german", "de"},
                                                                                         {"chinese", "zh"},
                                                                                         {"vietnamese", "vi"},
                                                                                         {"korean", "ko"},
                                                                                         {"russian", "ru"},
                                                                                         {"portuguese", "pt"},
                                                                                         {"arabic", "ar"},
                                                                                         {"tagalog", "tl"}}};
  const std::string word = lower_ascii(trim(text));
  for (const auto& [name, tag] : kNames) {
    if (word == name) return std::string(tag);
  }
  std::string tag;
  std::size_t position = 0;
  for (const std::string_view part : split(word, word.find('_') != std::string::npos ? '_' : '-')) {
    const bool fits = part.size() <= 8 && part.size() >= (position == 0 ? 2U : 1U) &&
                      std::all_of(part.begin(), part.end(),
                                  [&](char c) { return (c >= 'a' && c <= 'z') || (position > 0 && is_digit(c)); });
    if (!fits || (position == 0 && part.size() > 3)) {
      return fail(Fault::data, fmt::format("{} is not a language such as en, es or pt-BR", quoted(text)));
    }
    if (position > 0) tag += '-';
    for (const char c : part)
      tag += position > 0 && part.size() == 2 && !is_digit(c) ? static_cast<char>(c - 'a' + 'A') : c;
    ++position;
  }
  return tag;
}

Result<Instant> read_when(std::string_view text, const Zone& zone, int second_of_day) {
  const std::string_view whole = trim(text);
  if (const auto instant = parse_instant(whole)) return *instant;
  std::string_view rest = whole;
  const auto date = take_date(rest);
  if (date && date->ok()) {
    if (rest.empty()) return from_local(zone, *date, second_of_day);
    if (take(rest, 'T') || take(rest, ' ')) {
      if (const auto second = read_clock(trim(rest))) return from_local(zone, *date, *second);
    }
  }
  return fail(Fault::data, fmt::format("{} is not an instant or a date such as 2026-11-20T14:30:00Z, 2026-11-20 or "
                                       "11/20/2026",
                                       quoted(text)));
}

Result<ServiceCategory> read_service(std::string_view text) {
  std::string word;
  for (const char c : lower_ascii(trim(text)))
    word += c == ' ' || c == '-' || c == '/' || c == '&' ? '_' : c;
  if (const auto service = parse_enum<ServiceCategory>(word)) return *service;
  static constexpr std::array<std::pair<std::string_view, ServiceCategory>, 25> kNames{
      {{"plumber", ServiceCategory::plumbing},
       {"drain", ServiceCategory::plumbing},
       {"drains", ServiceCategory::plumbing},
       {"sewer", ServiceCategory::plumbing},
       {"water_heater", ServiceCategory::plumbing},
       {"ac", ServiceCategory::hvac},
       {"a_c", ServiceCategory::hvac},
       {"heating", ServiceCategory::hvac},
       {"cooling", ServiceCategory::hvac},
       {"heating_cooling", ServiceCategory::hvac},
       {"heating___cooling", ServiceCategory::hvac},
       {"heating_and_cooling", ServiceCategory::hvac},
       {"air_conditioning", ServiceCategory::hvac},
       {"furnace", ServiceCategory::hvac},
       {"electric", ServiceCategory::electrical},
       {"electrician", ServiceCategory::electrical},
       {"roof", ServiceCategory::roofing},
       {"roofer", ServiceCategory::roofing},
       {"contractor", ServiceCategory::general_contractor},
       {"general_contracting", ServiceCategory::general_contractor},
       {"remodeling", ServiceCategory::general_contractor},
       {"lawn", ServiceCategory::landscaping},
       {"lawn_care", ServiceCategory::landscaping},
       {"house_cleaning", ServiceCategory::cleaning},
       {"home_cleaning", ServiceCategory::cleaning}}};
  for (const auto& [name, service] : kNames) {
    if (word == name) return service;
  }
  return fail(Fault::data,
              fmt::format("{} is not a service; known are {}", quoted(text), list_words<ServiceCategory>()));
}

Result<const Zone*> read_time_zone(std::string_view text) {
  const std::string name(trim(text));
  if (const Zone* zone = Zone::find(name)) return zone;
  static const std::vector<std::string> kZones{
      "America/New_York",   "America/Detroit", "America/Indiana/Indianapolis", "America/Chicago",   "America/Denver",
      "America/Boise",      "America/Phoenix", "America/Los_Angeles",          "America/Anchorage", "Pacific/Honolulu",
      "America/Puerto_Rico"};
  const auto near = nearest(name, kZones);
  return fail(Fault::data, near ? fmt::format("{} is not a time zone; did you mean {}?", quoted(text), *near)
                                : fmt::format("{} is not a time zone such as America/Chicago", quoted(text)));
}

namespace {

Result<> check_length(std::string_view text, std::size_t longest) {
  if (text.size() <= longest) return {};
  return fail(Fault::data, fmt::format("is longer than {} characters", longest));
}

}  // namespace

Result<std::string> read_line(std::string_view text, std::size_t longest) {
  const std::string_view whole = trim(text);
  AVIS_TRY(check_length(whole, longest));
  std::string line;
  line.reserve(whole.size());
  bool plain = true;  // printable ASCII, as nearly every cell is: then there is nothing more to look for
  for (const char c : whole) {
    const bool blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    plain = plain && (blank || (c > ' ' && c < '\x7f'));
    if (!blank) {
      line += c;
    } else if (line.back() != ' ') {  // never empty: the text is trimmed
      line += ' ';
    }
  }
  if (!plain && has_control_characters(line)) return fail(Fault::data, "has a control character in it");
  return line;
}

Result<std::string> read_text(std::string_view text, std::size_t longest) {
  const std::string_view whole = trim(text);
  AVIS_TRY(check_length(whole, longest));
  if (has_control_characters(whole, "\r\n\t")) return fail(Fault::data, "has a control character in it");
  return std::string(whole);
}

}  // namespace avisloop
