#include "core/rules/templates.h"

#include <algorithm>
#include <kainjow/mustache.hpp>
#include <optional>
#include <utility>

#include "core/base/text.h"
#include "core/rules/segments.h"
#include "core/rules/templates_foot.h"
#include "core/rules/templates_scan.h"
#include "core/rules/templates_values.h"

namespace avisloop {
namespace {

namespace ms = kainjow::mustache;

constexpr std::size_t kMostSmsCharacters = 1600;  // Twilio's limit of a message body
constexpr int kMostSegments = 10;                 // as many as those characters can take
constexpr std::size_t kMostSubjectBytes = 900;    // RFC 5322, 2.1.1: a line has at most 998
constexpr std::size_t kMostPartBytes = 256 << 10;

/// Answers the library's look-ups while one message is rendered: each name is worked out once, for all parts.
class Values : public ms::basic_context<std::string> {
 public:
  Values(const std::vector<VariableName>& names, const TemplateFacts& facts)
      : names_(names), facts_(facts), found_(names.size()) {}

  void push(const ms::data*) override {}
  void pop() override {}
  const ms::data* get_partial(const std::string&) const override { return nullptr; }

  const ms::data* get(const std::string& name) const override {
    static const ms::data yes{true};
    static const ms::data no{false};
    if (name.front() == '?') {
      const Found* found = find(std::string_view(name).substr(1));
      return found != nullptr && !found->is_empty ? &yes : &no;
    }
    const Found* found = find(name);
    if (found == nullptr) return nullptr;
    if (problem.empty() && !found->problem.empty()) {
      problem = found->problem;
      detail = found->detail;
    } else if (problem.empty() && found->is_empty) {
      problem = "missing_variable";
      detail = name;
    } else if (problem.empty() && !escaped && found->text.string_value().find_first_of("{}") != std::string::npos) {
      problem = "braces";
      detail = name + " has braces in it";
    }
    return one_line && found->flat ? &*found->flat : &found->text;
  }

  bool one_line = false;  ///< the subject is being rendered: line feeds become spaces
  bool escaped = false;   ///< the HTML is being rendered: braces become entities
  mutable std::string problem;
  mutable std::string detail;

 private:
  struct Found {
    ms::data text;
    std::optional<ms::data> flat;  ///< without line feeds, if there are any
    bool is_empty = true;
    std::string problem;
    std::string detail;
  };

  const Found* find(std::string_view name) const {
    const auto known =
        std::find_if(names_.begin(), names_.end(), [&](const VariableName& entry) { return entry.name == name; });
    if (known == names_.end()) return nullptr;
    auto& found = found_[static_cast<std::size_t>(known - names_.begin())];
    if (!found) {
      FoundValue value = find_value(*known, facts_);
      found.emplace(Found{ms::data(value.text), std::nullopt, value.text.empty(), std::move(value.problem),
                          std::move(value.detail)});
      if (value.text.find('\n') != std::string::npos) {
        std::replace(value.text.begin(), value.text.end(), '\n', ' ');
        found->flat.emplace(value.text);
      }
    }
    return &*found;
  }

  const std::vector<VariableName>& names_;
  const TemplateFacts& facts_;
  mutable std::vector<std::optional<Found>> found_;
};

/// What the library writes to.
struct Sink {
  std::string text;
  Sink& operator<<(const std::string& part) {
    text += part;
    return *this;
  }
};

/// Subject, text or HTML.
class Part {
 public:
  Part() = default;
  Part(const ScannedPart& scanned, bool is_html) : plain_(scanned.mustache) {
    if (!scanned.has_tags) return;
    tags_.emplace(scanned.mustache);
    tags_->set_custom_escape(is_html ? [](const std::string& text) { return escape_html(text); }
                                     : [](const std::string& text) { return text; });
  }

  bool is_valid() const { return !tags_ || tags_->is_valid(); }
  bool is_absent() const { return plain_.empty(); }

  std::string render(Values& values) const {
    if (!tags_) return plain_;
    Sink sink;
    tags_->render(values, sink);
    return std::move(sink.text);
  }

 private:
  std::string plain_;
  mutable std::optional<ms::mustache> tags_;  ///< the library renders through a non-const member, and changes nothing
};

class Parsed : public ParsedTemplate {
 public:
  Channel channel = Channel::email;
  int most_segments = kDefaultMaxSegments;
  std::map<std::string, std::string> own;
  Part subject;
  Part text;
  Part html;
  std::vector<VariableName> names;
  std::vector<std::string> values;
  std::vector<std::string> needed;

  const std::vector<std::string>& variables() const override { return values; }
  const std::vector<std::string>& required() const override { return needed; }

  Rendering render(const TemplateFacts& facts, MessageClass message_class) const override {
    TemplateFacts with_own = facts;
    if (with_own.template_variables == nullptr) with_own.template_variables = &own;
    Values look_up(names, with_own);
    Rendering result;
    result.text = std::string(trim(text.render(look_up)));
    look_up.escaped = true;
    if (!html.is_absent()) result.html = html.render(look_up);
    look_up.escaped = false;
    look_up.one_line = true;
    if (!subject.is_absent()) result.subject = std::string(trim(subject.render(look_up)));
    result.problem = std::move(look_up.problem);
    result.detail = std::move(look_up.detail);
    if (result.problem.empty() && result.text.empty()) note(result, "empty_text", "there is nothing to say");
    if (result.problem.empty() && message_class == MessageClass::marketing) add_marks(result, facts.org);
    if (channel == Channel::sms) {
      check_sms(result);
    } else {
      check_email(result);
    }
    check_braces(result);
    if (!result.problem.empty() && result.problem != "too_long") {
      result.subject.clear();
      result.text.clear();
      result.html.clear();
    }
    return result;
  }

 private:
  static void note(Rendering& result, std::string_view problem, std::string detail) {
    if (!result.problem.empty()) return;
    result.problem = problem;
    result.detail = std::move(detail);
  }

  void add_marks(Rendering& result, const Org* org) const {
    Sender sender;
    if (org != nullptr) sender = {cleaned(org->name), cleaned(org->address)};
    std::replace(sender.business.begin(), sender.business.end(), '\n', ' ');
    if (sender.business.empty()) return note(result, "missing_variable", "business");
    if (channel == Channel::sms) {
      add_sms_marks(result.text, sender);
    } else {
      add_email_foot(result.text, result.html, sender);
    }
  }

  void check_sms(Rendering& result) const {
    const SegmentCount count = count_segments(result.text);
    result.segments = count.segments;
    if (count.segments > most_segments) {
      note(result, "too_long",
           std::to_string(count.segments) + " segments, and at most " + std::to_string(most_segments) + " are allowed");
    } else if (static_cast<std::size_t>(count.characters) > kMostSmsCharacters) {
      note(result, "too_long",
           std::to_string(count.characters) + " characters, and at most " + std::to_string(kMostSmsCharacters) +
               " are allowed");
    }
  }

  static void check_email(Rendering& result) {
    if (result.subject.empty()) note(result, "empty_subject", "the subject is empty");
    if (has_control_characters(result.subject)) note(result, "header", "the subject has a control character");
    if (result.subject.size() > kMostSubjectBytes) {
      note(result, "too_long",
           "the subject has " + std::to_string(result.subject.size()) + " bytes, and at most " +
               std::to_string(kMostSubjectBytes) + " are allowed");
    }
  }

  /// Whatever went wrong before: nobody gets a text that looks like a template.
  static void check_braces(Rendering& result) {
    constexpr std::string_view braces = "{}";
    const bool in_html = result.html.find("{{") != std::string::npos || result.html.find("}}") != std::string::npos;
    if (result.text.find_first_of(braces) != std::string::npos)
      note(result, "braces", "the text would have braces in it");
    if (result.subject.find_first_of(braces) != std::string::npos) {
      note(result, "braces", "the subject would have braces in it");
    }
    if (in_html) note(result, "braces", "the HTML would have {{ or }} in it");
  }
};

Result<> check_own_names(const std::map<std::string, std::string>& own) {
  for (const auto& [name, value] : own) {
    const bool good = !name.empty() &&
                      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos &&
                      !(name[0] >= '0' && name[0] <= '9');
    const bool custom = name.substr(0, 7) == "custom." && name.size() > 7;
    if (!good && !custom) {
      return fail(Fault::data, "\"" + printable(name) + "\" is not a name for a variable",
                  "names have small letters, digits and _");
    }
  }
  return {};
}

Result<> check_shape(const Template& source) {
  const bool sms = source.channel == Channel::sms;
  if (trim(source.body).empty()) return fail(Fault::data, "the template has no text", "give it one with --body");
  if (sms && !source.subject.empty())
    return fail(Fault::data, "a text message has no subject", "leave the subject out");
  if (sms && !source.html.empty()) return fail(Fault::data, "a text message has no HTML", "leave the HTML out");
  if (!sms && trim(source.subject).empty()) {
    return fail(Fault::data, "an email needs a subject", "give it one with --subject");
  }
  if (source.subject.find_first_of("\r\n\t") != std::string::npos) {
    return fail(Fault::data, "the subject has a line break or a tab", "write it on one line");
  }
  for (const std::string* part : {&source.subject, &source.body, &source.html}) {
    if (part->size() > kMostPartBytes) return fail(Fault::data, "a part of the template is longer than 256 KiB");
  }
  if (source.max_segments < 0 || source.max_segments > kMostSegments) {
    return fail(Fault::data, "the longest length must be 1 to " + std::to_string(kMostSegments) + " segments, not " +
                                 std::to_string(source.max_segments));
  }
  return check_own_names(source.variables);
}

/// Adds the names of one part to those of the template.
Result<> add_names(Parsed& parsed, const ScannedPart& scanned) {
  const auto add = [&](const ScannedPart::Use& use) -> Result<> {
    auto name = read_variable_name(use.name, parsed.own);
    if (!name) {
      return fail(Fault::data, use.place + ": " + name.error().message, name.error().remedy);
    }
    const bool known = std::any_of(parsed.names.begin(), parsed.names.end(),
                                   [&](const VariableName& entry) { return entry.name == use.name; });
    if (!known) parsed.names.push_back(std::move(*name));
    return {};
  };
  const auto add_once = [](std::vector<std::string>& list, const std::string& name) {
    if (std::find(list.begin(), list.end(), name) == list.end()) list.push_back(name);
  };
  for (const auto& use : scanned.sections)
    AVIS_TRY(add(use));
  for (const auto& use : scanned.values) {
    AVIS_TRY(add(use));
    add_once(parsed.values, use.name);
    if (!use.guarded) add_once(parsed.needed, use.name);
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<ParsedTemplate>> parse_template(const Template& source) {
  AVIS_TRY(check_shape(source));
  auto parsed = std::make_unique<Parsed>();
  parsed->channel = source.channel;
  if (source.max_segments > 0) parsed->most_segments = source.max_segments;
  parsed->own = source.variables;
  const auto known = known_names(source.variables);
  const auto read = [&](std::string_view label, const std::string& text, bool is_html, Part& part) -> Result<> {
    if (text.empty()) return {};
    AVIS_TRY_ASSIGN(const ScannedPart scanned, scan_part(label, text, is_html, known));
    AVIS_TRY(add_names(*parsed, scanned));
    part = Part(scanned, is_html);
    if (part.is_valid()) return {};
    return fail(Fault::bug, std::string(label) + " passed the check but the template library refuses it");
  };
  AVIS_TRY(read("subject", source.subject, false, parsed->subject));
  AVIS_TRY(read("text", source.body, false, parsed->text));
  AVIS_TRY(read("HTML", source.html, true, parsed->html));
  return parsed;
}

}  // namespace avisloop
