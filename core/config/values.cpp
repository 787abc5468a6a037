#include "core/config/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "core/base/text.h"

namespace avisloop {
namespace {

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : printable(text)) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

std::optional<std::int64_t> whole_number(const Given& given) {
  if (given.kind == Given::Kind::number) return given.number;
  if (!given.loose) return std::nullopt;
  const std::string_view text = trim(given.text);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<bool> yes_or_no(const Given& given) {
  if (given.kind == Given::Kind::toggle) return given.toggle;
  if (!given.loose) return std::nullopt;
  const std::string word = lower_ascii(trim(given.text));
  if (word == "true" || word == "1" || word == "yes" || word == "on") return true;
  if (word == "false" || word == "0" || word == "no" || word == "off") return false;
  return std::nullopt;
}

/// Reads `0.0079` exactly: up to six decimals.
std::optional<std::int64_t> dollars(std::string_view text) {
  constexpr std::int64_t most = 1'000'000;
  std::int64_t whole = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), whole);
  if (error != std::errc{} || text.front() == '-' || whole > most) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  std::int64_t micros = whole * 1'000'000;
  if (text.empty()) return micros;
  if (text.front() != '.' || text.size() < 2 || text.size() > 7) return std::nullopt;
  std::int64_t unit = 100'000;
  for (const char c : text.substr(1)) {
    if (c < '0' || c > '9') return std::nullopt;
    micros += (c - '0') * unit;
    unit /= 10;
  }
  return micros;
}

std::optional<std::int64_t> money(const Given& given) {
  switch (given.kind) {
    case Given::Kind::text:
      return dollars(trim(given.text));
    case Given::Kind::number:
      return dollars(std::to_string(given.number));
    case Given::Kind::decimal:
      if (!(given.decimal >= 0 && given.decimal <= 1e6)) return std::nullopt;
      return std::llround(given.decimal * 1e6);
    default:
      return std::nullopt;
  }
}

constexpr std::size_t kMostShown = 80;
constexpr std::string_view kPlainText = "text in quotation marks, without control characters";
constexpr std::string_view kDollars =
    "an amount of US dollars from 0 to 1000000 with at most six decimals, such as 0.0079";

/// The items of a list; an environment variable separates them by commas.
std::optional<std::vector<Given>> list_items(const Given& given) {
  if (given.kind == Given::Kind::list) return given.items;
  if (!given.loose) return std::nullopt;
  std::vector<Given> items;
  for (const std::string_view part : split(given.text, ','))
    items.push_back(given_text(std::string(trim(part)), true));
  return items;
}

/// States, federal district and territories of the USA, provinces of Canada: a stop order with a typing error would
/// stop nothing, so only known ones are taken.
constexpr std::string_view kStates =
    "US-AL US-AK US-AZ US-AR US-CA US-CO US-CT US-DE US-DC US-FL US-GA US-HI US-ID US-IL US-IN US-IA US-KS US-KY US-LA "
    "US-ME US-MD US-MA US-MI US-MN US-MS US-MO US-MT US-NE US-NV US-NH US-NJ US-NM US-NY US-NC US-ND US-OH US-OK US-OR "
    "US-PA US-RI US-SC US-SD US-TN US-TX US-UT US-VT US-VA US-WA US-WV US-WI US-WY US-PR US-VI US-GU US-AS US-MP "
    "CA-AB CA-BC CA-MB CA-NB CA-NL CA-NS CA-NT CA-NU CA-ON CA-PE CA-QC CA-SK CA-YT";

std::optional<std::string> state_code(const Given& given) {
  if (given.kind != Given::Kind::text) return std::nullopt;
  std::string code;
  for (const char c : given.text)
    code += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  if (code.size() == 2) code.insert(0, "US-");
  const auto known = split(kStates, ' ');
  if (std::find(known.begin(), known.end(), code) == known.end()) return std::nullopt;
  return code;
}

bool is_plain_text(const Given& given) {
  return given.kind == Given::Kind::text && is_utf8(given.text) && !has_control_characters(given.text);
}

std::string put_text(const TextSlot& slot, const Given& given) {
  if (!is_plain_text(given)) return std::string(kPlainText);
  if (given.text.empty() && !slot.may_be_empty) return std::string("not empty");
  std::string wanted = given.text.empty() ? std::string{} : slot.check(given.text);
  if (wanted.empty()) *slot.target = given.text;
  return wanted;
}

std::string put_secret(const SecretSlot& slot, const Given& given) {
  if (!is_plain_text(given)) return std::string(kPlainText);
  slot.target->value = given.text;
  return {};
}

std::string put_toggle(const ToggleSlot& slot, const Given& given) {
  const auto value = yes_or_no(given);
  if (!value) return std::string("true or false");
  *slot.target = *value;
  return {};
}

std::string put_duration(const DurationSlot& slot, const Given& given) {
  const auto value = given.kind == Given::Kind::text ? parse_duration(given.text) : std::nullopt;
  if (!value || *value < slot.least || *value > slot.most) {
    return fmt::format("a duration such as \"90s\", \"15m\", \"24h\" or \"30d\", from {} to {}",
                       format_duration(slot.least), format_duration(slot.most));
  }
  *slot.target = *value;
  return {};
}

std::string put_choice(const ChoiceSlot& slot, const Given& given) {
  if (given.kind == Given::Kind::text && slot.set(slot.target, given.text)) return {};
  return slot.words();
}

std::string put_money(const MoneySlot& slot, const Given& given) {
  const auto value = money(given);
  if (!value) return std::string(kDollars);
  *slot.micros = *value;
  return {};
}

std::string put_number(const NumberSlot& slot, const Given& given) {
  const auto value = whole_number(given);
  if (!value || *value < slot.least || *value > slot.most) {
    return fmt::format("a whole number from {} to {}", slot.least, slot.most);
  }
  std::visit([&](auto* target) { *target = static_cast<std::remove_reference_t<decltype(*target)>>(*value); },
             slot.target);
  return {};
}

std::string put_dates(const DatesSlot& slot, const Given& given) {
  constexpr std::string_view wanted = "a list of dates such as [2026-12-25]";
  const auto items = list_items(given);
  if (!items) return std::string(wanted);
  std::vector<std::chrono::year_month_day> dates;
  for (const Given& item : *items) {
    const bool is_text = item.kind == Given::Kind::date || item.kind == Given::Kind::text;
    const auto date = is_text ? parse_date(item.text) : std::nullopt;
    if (!date) return fmt::format("{}; {} is none", wanted, shown(item));
    dates.push_back(*date);
  }
  std::sort(dates.begin(), dates.end());
  *slot.target = std::move(dates);
  return {};
}

std::string put_states(const StatesSlot& slot, const Given& given) {
  constexpr std::string_view wanted = "a list of states such as [\"US-TX\", \"US-FL\"]";
  const auto items = list_items(given);
  if (!items) return std::string(wanted);
  std::vector<std::string> states;
  for (const Given& item : *items) {
    auto code = state_code(item);
    if (!code) return fmt::format("{}; {} is none", wanted, shown(item));
    states.push_back(std::move(*code));
  }
  *slot.target = std::move(states);
  return {};
}

std::string toml_list(const std::vector<std::string>& items) {
  return '[' + join(items, ", ") + ']';
}

}  // namespace

Given given_text(std::string text, bool loose) {
  Given given;
  given.kind = Given::Kind::text;
  given.loose = loose;
  given.text = std::move(text);
  return given;
}

std::string shown(const Given& given) {
  switch (given.kind) {
    case Given::Kind::text:
      return given.text.size() > kMostShown ? quoted(given.text.substr(0, kMostShown)) + "..." : quoted(given.text);
    case Given::Kind::number:
      return std::to_string(given.number);
    case Given::Kind::decimal:
      return fmt::format("{}", given.decimal);
    case Given::Kind::toggle:
      return given.toggle ? "true" : "false";
    case Given::Kind::date:
      return given.text;
    case Given::Kind::list:
      return "a list";
    case Given::Kind::other:
      break;
  }
  return "a value of another kind";
}

std::string put(const Slot& slot, const Given& given) {
  return std::visit(Overloaded{
                        [&](const TextSlot& s) { return put_text(s, given); },
                        [&](const SecretSlot& s) { return put_secret(s, given); },
                        [&](const ToggleSlot& s) { return put_toggle(s, given); },
                        [&](const NumberSlot& s) { return put_number(s, given); },
                        [&](const DurationSlot& s) { return put_duration(s, given); },
                        [&](const ChoiceSlot& s) { return put_choice(s, given); },
                        [&](const MoneySlot& s) { return put_money(s, given); },
                        [&](const DatesSlot& s) { return put_dates(s, given); },
                        [&](const StatesSlot& s) { return put_states(s, given); },
                        [](const UnusedSlot&) { return std::string{}; },
                    },
                    slot);
}

std::string type_of(const Slot& slot) {
  return std::visit(Overloaded{
                        [](const TextSlot& s) { return std::string(s.type); },
                        [](const SecretSlot&) { return std::string("text"); },
                        [](const ToggleSlot&) { return std::string("true or false"); },
                        [](const NumberSlot& s) { return fmt::format("whole number from {} to {}", s.least, s.most); },
                        [](const DurationSlot& s) {
                          return fmt::format("duration from {} to {}", format_duration(s.least),
                                             format_duration(s.most));
                        },
                        [](const ChoiceSlot& s) { return "one of " + s.words(); },
                        [](const MoneySlot&) { return std::string("US dollars"); },
                        [](const DatesSlot&) { return std::string("list of dates"); },
                        [](const StatesSlot&) { return std::string("list of states"); },
                        [](const UnusedSlot& s) { return std::string(s.type); },
                    },
                    slot);
}

std::string as_toml(const Slot& slot) {
  return std::visit(
      Overloaded{
          [](const TextSlot& s) { return quoted(*s.target); },
          [](const SecretSlot&) { return std::string("\"\""); },
          [](const ToggleSlot& s) { return std::string(*s.target ? "true" : "false"); },
          [](const NumberSlot& s) {
            return std::visit([](const auto* target) { return std::to_string(*target); }, s.target);
          },
          [](const DurationSlot& s) { return quoted(format_duration(*s.target)); },
          [](const ChoiceSlot& s) { return quoted(s.get(s.target)); },
          [](const MoneySlot& s) {
            std::string text = fmt::format("{}.{:06}", *s.micros / 1'000'000, *s.micros % 1'000'000);
            while (text.back() == '0' && text[text.size() - 2] != '.')
              text.pop_back();
            return text;
          },
          [](const DatesSlot& s) {
            std::vector<std::string> items;
            for (const auto& date : *s.target) {
              items.push_back(fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                                          static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day())));
            }
            return toml_list(items);
          },
          [](const StatesSlot& s) {
            std::vector<std::string> items;
            for (const std::string& state : *s.target)
              items.push_back(quoted(state));
            return toml_list(items);
          },
          [](const UnusedSlot& s) { return std::string(s.fallback); },
      },
      slot);
}

}  // namespace avisloop
