#include <algorithm>

#include "core/base/text.h"
#include "core/rules/segments.h"
#include "core/rules/templates.h"

namespace avisloop {
namespace {

/// Variables that this org can never fill: every message of the template would be skipped.
void note_unfillable(const Template& source, const ParsedTemplate& parsed, const Org& org,
                     std::vector<TemplateNote>& notes) {
  struct Need {
    std::string_view variable;
    const std::string& value;
    std::string_view remedy;
  };
  const Need needs[] = {{"review_link", org.review_link, "set one: avisloop update org --review-link https://..."},
                        {"business_address", org.address, "set one: avisloop update org --address ..."},
                        {"business", org.name, "set one: avisloop update org --name ..."}};
  for (const Need& need : needs) {
    const auto& used = parsed.required();
    const auto own = source.variables.find(std::string(need.variable));
    const bool has_fallback = own != source.variables.end() && !trim(own->second).empty();
    if (!trim(need.value).empty() || has_fallback) continue;
    if (std::find(used.begin(), used.end(), need.variable) == used.end()) continue;
    notes.push_back({true, "{{" + std::string(need.variable) + "}} is used but the organization " + org.key +
                               " has none; " + std::string(need.remedy)});
  }
}

/// A message as most will be: a first name of ten letters, and so on.
Rendering render_typical(const Template& source, const ParsedTemplate& parsed, const Org& org) {
  const Instant now = from_micros(1'795'532'400'000'000);  // any: an instant of November 2026
  Contact contact;
  contact.first_name = "Alexandria";
  contact.last_name = "Richardson";
  Job job;
  job.service = ServiceCategory::plumbing;
  job.technician = "Alexandria";
  job.completed_at = now - 2 * kDay;
  std::map<std::string, std::string> variables;
  for (const auto& [name, fallback] : source.variables)
    variables[name] = fallback.empty() ? "Alexandria" : fallback;
  for (const std::string& name : parsed.variables()) {
    constexpr std::string_view relative = "relative.";
    if (name.substr(0, 7) == "custom.") variables.emplace(name, "Alexandria");
    if (name.substr(0, relative.size()) == relative) variables[name] = "in 3 hours";
  }
  Org known = org;
  if (known.name.empty()) known.name = "Alexandria Plumbing";
  if (known.address.empty()) known.address = "1 Main Street, Austin, TX 78701";
  if (known.review_link.empty()) known.review_link = "https://example.com/reviews";
  if (known.time_zone.empty()) known.time_zone = "UTC";
  TemplateFacts facts;
  facts.org = &known;
  facts.contact = &contact;
  facts.job = &job;
  facts.message_variables = &variables;
  facts.now = now;
  return parsed.render(facts, MessageClass::marketing);
}

/// The text with each costly character in its cheap spelling.
std::string spelled_cheaply(std::string text, const SegmentCount& count) {
  for (const CostlyCharacter& costly : count.costly) {
    if (costly.instead.empty()) continue;
    for (auto at = text.find(costly.character); at != std::string::npos;
         at = text.find(costly.character, at + costly.instead.size())) {
      text.replace(at, costly.character.size(), costly.instead);
    }
  }
  return text;
}

std::string segments_text(int count) {
  return std::to_string(count) + (count == 1 ? " segment" : " segments");
}

void note_cost(const Rendering& typical, std::vector<TemplateNote>& notes) {
  const SegmentCount count = count_segments(typical.text);
  const std::string size = "with typical values a text has " + segments_text(count.segments) + " (" +
                           std::to_string(count.characters) + " characters)";
  if (typical.problem == "too_long") {
    notes.push_back({false, size + ": " + typical.detail + ", so it would be skipped"});
  } else if (count.segments > 1) {
    notes.push_back({false, size});
  }
  const int cheap = count_segments(spelled_cheaply(typical.text, count)).segments;
  for (const CostlyCharacter& costly : count.costly) {
    std::string line =
        "\"" + printable(costly.character) + "\" makes every text costly: 70 characters to a segment instead of 160";
    if (!costly.instead.empty()) {
      line += "; write \"" + costly.instead + '"';
      if (cheap < count.segments)
        line += ", and it has " + segments_text(cheap) + " instead of " + std::to_string(count.segments);
    }
    notes.push_back({false, std::move(line)});
  }
}

}  // namespace

std::vector<TemplateNote> check_template(const Template& source, const ParsedTemplate& parsed, const Org& org) {
  std::vector<TemplateNote> notes;
  note_unfillable(source, parsed, org, notes);
  const Rendering typical = render_typical(source, parsed, org);
  if (!typical.problem.empty() && typical.problem != "too_long") {
    notes.push_back({true, "with typical values it cannot be sent: " + typical.detail + " (" + typical.problem + ")"});
  } else if (source.channel == Channel::sms) {
    note_cost(typical, notes);
  }
  return notes;
}

}  // namespace avisloop
