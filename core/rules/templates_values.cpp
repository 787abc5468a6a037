#include "core/rules/templates_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "core/base/text.h"
#include "core/base/zones.h"

namespace avisloop {
namespace {

constexpr std::string_view kCustom = "custom.";
constexpr std::string_view kRelative = "relative.";

std::string job_date(const Org* org, const Job* job) {
  const Zone* zone = org != nullptr && job != nullptr ? Zone::find(org->time_zone) : nullptr;
  if (zone == nullptr) return {};
  constexpr std::array<std::string_view, 7> days{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                 "Thursday", "Friday", "Saturday"};
  constexpr std::array<std::string_view, 12> months{"January",   "February", "March",    "April",
                                                    "May",       "June",     "July",     "August",
                                                    "September", "October",  "November", "December"};
  const LocalTime local = to_local(*zone, job->completed_at);
  return fmt::format("{}, {} {}", days[local.weekday.c_encoding()],
                     months[static_cast<unsigned>(local.date.month()) - 1], static_cast<unsigned>(local.date.day()));
}

std::string service_words(ServiceCategory service) {
  switch (service) {
    case ServiceCategory::hvac:
      return "HVAC";
    case ServiceCategory::general_contractor:
      return "general contractor";
    case ServiceCategory::other:
      return "service";
    case ServiceCategory::plumbing:
    case ServiceCategory::electrical:
    case ServiceCategory::roofing:
    case ServiceCategory::landscaping:
    case ServiceCategory::cleaning:
      break;
  }
  return std::string(to_string(service));
}

std::string full_name(const Contact& contact) {
  const std::string_view first = trim(contact.first_name);
  const std::string_view last = trim(contact.last_name);
  return std::string(first) + (first.empty() || last.empty() ? "" : " ") + std::string(last);
}

/// One name that the program knows, where its value comes from, and whether it is the owner's word (which may be a
/// link).
struct Builtin {
  std::string_view name;
  bool of_owner;
  std::string (*value)(const TemplateFacts&);
};
constexpr Builtin kBuiltins[] = {
    {"first_name", false, [](const TemplateFacts& f) { return f.contact ? f.contact->first_name : std::string(); }},
    {"last_name", false, [](const TemplateFacts& f) { return f.contact ? f.contact->last_name : std::string(); }},
    {"name", false, [](const TemplateFacts& f) { return f.contact ? full_name(*f.contact) : std::string(); }},
    {"business", true, [](const TemplateFacts& f) { return f.org ? f.org->name : std::string(); }},
    {"service", false, [](const TemplateFacts& f) { return f.job ? service_words(f.job->service) : std::string(); }},
    {"technician", false, [](const TemplateFacts& f) { return f.job ? f.job->technician : std::string(); }},
    {"job_date", false, [](const TemplateFacts& f) { return job_date(f.org, f.job); }},
    {"job_relative", false,
     [](const TemplateFacts& f) { return f.job ? relative_time(f.job->completed_at, f.now) : std::string(); }},
    {"review_link", true, [](const TemplateFacts& f) { return f.org ? f.org->review_link : std::string(); }},
    {"opt_out_line", true, [](const TemplateFacts&) { return std::string(kOptOutLine); }},
    {"business_address", true, [](const TemplateFacts& f) { return f.org ? f.org->address : std::string(); }},
};

const Builtin* find_builtin(std::string_view name) {
  const auto* found = std::find_if(std::begin(kBuiltins), std::end(kBuiltins),
                                   [&](const Builtin& entry) { return entry.name == name; });
  return found == std::end(kBuiltins) ? nullptr : found;
}

bool begins_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

const std::string* find_in(const std::map<std::string, std::string>* variables, const std::string& name) {
  if (variables == nullptr) return nullptr;
  const auto found = variables->find(name);
  return found == variables->end() || trim(found->second).empty() ? nullptr : &found->second;
}

bool has_link(std::string_view text) {
  return text.find("://") != std::string_view::npos || contains_ignoring_case(text, "www.") ||
         contains_ignoring_case(text, "http:") || contains_ignoring_case(text, "https:");
}

/// Characters that are seen as nothing: a name of them would be a hole, and some turn the text around them.
bool is_hidden_control(char32_t c) {
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f || c == 0x200b ||
         c == 0x2060 || c == 0xfeff;
}

FoundValue find_relative(const VariableName& name, const TemplateFacts& facts);

/// What the program or the contact knows, before the template's own variables are asked.
FoundValue find_known(const VariableName& name, const TemplateFacts& facts) {
  FoundValue value;
  bool may_link = false;
  if (name.kind == VariableName::Kind::builtin) {
    const Builtin* builtin = find_builtin(name.name);
    value.text = builtin->value(facts);
    may_link = builtin->of_owner;
  } else if (name.kind == VariableName::Kind::custom && facts.contact != nullptr) {
    if (const auto* text = find_in(&facts.contact->custom, name.inner)) value.text = *text;
  }
  if (!may_link && has_link(value.text)) {
    value.problem = "link_in_value";
    value.detail = name.name + " holds a link";
  }
  return value;
}

FoundValue find_relative(const VariableName& name, const TemplateFacts& facts) {
  FoundValue value;
  if (name.inner == "job_date") {
    if (facts.job != nullptr) value.text = relative_time(facts.job->completed_at, facts.now);
    return value;
  }
  const std::map<std::string, std::string> none;
  const auto inner =
      read_variable_name(name.inner, facts.template_variables != nullptr ? *facts.template_variables : none);
  VariableName source;
  source.name = name.inner;
  if (inner) source = *inner;
  value = find_value(source, facts);
  if (value.text.empty() || !value.problem.empty()) return value;
  if (const auto at = parse_instant(value.text)) {
    value.text = relative_time(*at, facts.now);
  } else {
    value.problem = "not_an_instant";
    value.detail = name.inner + " must be an instant such as 2026-11-24T15:00:00Z";
  }
  return value;
}

}  // namespace

const std::vector<std::string>& builtin_variables() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const Builtin& entry : kBuiltins)
      all.emplace_back(entry.name);
    return all;
  }();
  return names;
}

std::vector<std::string> known_names(const std::map<std::string, std::string>& own) {
  std::vector<std::string> names = builtin_variables();
  for (const auto& [name, value] : own) {
    if (find_builtin(name) == nullptr) names.push_back(name);
  }
  return names;
}

Result<VariableName> read_variable_name(std::string_view name, const std::map<std::string, std::string>& own) {
  VariableName result;
  result.name = name;
  const auto kind_with = [&](VariableName::Kind kind, std::string_view prefix) {
    result.kind = kind;
    result.inner = name.substr(prefix.size());
    return result;
  };
  if (find_builtin(name) != nullptr) return kind_with(VariableName::Kind::builtin, {});
  if (begins_with(name, kCustom) && name.size() > kCustom.size()) return kind_with(VariableName::Kind::custom, kCustom);
  if (begins_with(name, kRelative)) {
    const std::string_view inner = name.substr(kRelative.size());
    const bool known = inner == "job_date" || own.count(std::string(inner)) != 0 ||
                       (begins_with(inner, kCustom) && inner.size() > kCustom.size());
    if (known) return kind_with(VariableName::Kind::relative, kRelative);
    return fail(Fault::data, "unknown variable \"" + std::string(name) + '"',
                "relative.NAME needs a variable NAME of the template that holds an instant, relative.custom.NAME or "
                "relative.job_date");
  }
  if (own.count(std::string(name)) != 0) return kind_with(VariableName::Kind::own, {});
  const auto names = known_names(own);
  std::string message = "unknown variable \"" + std::string(name) + '"';
  if (const auto near = nearest(name, names)) message += ", the nearest is \"" + *near + '"';
  return fail(Fault::data, std::move(message),
              "known are " + join(names, ", ") + ", custom.NAME, relative.NAME and the template's own variables");
}

std::string cleaned(std::string_view value) {
  value = trim(value);
  const bool plain = std::all_of(value.begin(), value.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
  if (plain) return std::string(value);
  std::string result;
  char32_t before = 0;
  for (const char32_t c : decode_utf8(value)) {
    const bool line_end = c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
    if (line_end) {
      if (!(c == '\n' && before == '\r')) result += '\n';
    } else if (c == '\t' || c == 0xa0) {
      result += ' ';
    } else if (c >= 0x20 && !(c >= 0x7f && c < 0xa0) && !is_hidden_control(c)) {
      append_utf8(result, c);
    }
    before = c;
  }
  return std::string(trim(result));
}

FoundValue find_value(const VariableName& name, const TemplateFacts& facts) {
  FoundValue value;
  if (const auto* given = find_in(facts.message_variables, name.name)) {
    value.text = *given;
  } else {
    value = name.kind == VariableName::Kind::relative ? find_relative(name, facts) : find_known(name, facts);
    if (trim(value.text).empty()) {
      if (const auto* fallback = find_in(facts.template_variables, name.name)) value.text = *fallback;
    }
  }
  value.text = cleaned(value.text);
  return value;
}

std::string relative_time(Instant at, Instant now) {
  const bool future = at > now;
  const Micros distance = future ? at - now : now - at;
  if (distance < std::chrono::minutes{1}) return "now";
  struct Unit {
    Micros length;
    std::string_view word;
    std::int64_t least;  ///< how many there must be for the unit to be used
    Micros smaller;      ///< 59 and a half minutes round to 60, which the hour says shorter
  };
  constexpr Unit units[] = {{365 * kDay, "year", 2, 30 * kDay},
                            {30 * kDay, "month", 2, 7 * kDay},
                            {7 * kDay, "week", 2, kDay},
                            {kDay, "day", 1, kHour},
                            {kHour, "hour", 1, std::chrono::minutes{1}},
                            {std::chrono::minutes{1}, "minute", 1, Micros{0}}};
  for (const Unit& unit : units) {
    if (distance + unit.smaller / 2 < unit.least * unit.length) continue;
    const auto count = std::max(unit.least, (distance + unit.length / 2) / unit.length);
    const std::string text = fmt::format("{} {}{}", count, unit.word, count == 1 ? "" : "s");
    return future ? "in " + text : text + " ago";
  }
  return "now";
}

}  // namespace avisloop
