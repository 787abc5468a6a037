#include "core/rules/templates_scan.h"

#include <algorithm>

#include "core/base/text.h"

namespace avisloop {
namespace {

bool is_name(std::string_view name) {
  return !name.empty() && name != "." &&
         name.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
             "0123456789_.-") == std::string_view::npos;
}

class Scanner {
 public:
  Scanner(std::string_view part, std::string_view source, bool is_html, const std::vector<std::string>& names)
      : part_(part), source_(source), is_html_(is_html), names_(names) {}

  Result<ScannedPart> scan() {
    if (!is_utf8(source_)) return fail(Fault::data, std::string(part_) + " is not UTF-8", "save it as UTF-8");
    while (at_ < source_.size()) {
      if (source_.substr(at_, 2) == "{{") {
        AVIS_TRY(take_tag());
      } else {
        AVIS_TRY(take_text());
      }
    }
    if (!open_.empty()) {
      return wrong(open_.back().at, "section \"" + open_.back().name + "\" is not closed",
                   "end it with {{/" + open_.back().name + "}}");
    }
    return std::move(result_);
  }

 private:
  struct Section {
    std::string name;
    bool positive = true;
    std::size_t at = 0;
  };

  std::string place(std::size_t at) const {
    const std::string_view before = source_.substr(0, at);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const auto start = before.rfind('\n');
    const auto column = decode_utf8(start == std::string_view::npos ? before : before.substr(start + 1)).size() + 1;
    return std::string(part_) + ", line " + std::to_string(line) + ", column " + std::to_string(column);
  }

  tl::unexpected<Error> wrong(std::size_t at, std::string_view what, std::string remedy) const {
    return fail(Fault::data, place(at) + ": " + std::string(what), std::move(remedy));
  }

  /// One character of plain text.
  Result<> take_text() {
    const char c = source_[at_];
    const bool control = (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' && c != '\r') || c == 0x7f;
    if (control) return wrong(at_, "a control character", "delete it and type the text anew");
    if (c == '\r') {  // CR LF and CR are line ends, and a septet less when they are one character
      if (source_.substr(at_ + 1, 1) != "\n") result_.mustache += '\n';
      ++at_;
      return {};
    }
    if (c == '{' || c == '}') AVIS_TRY(check_brace());
    result_.mustache += c;
    ++at_;
    return {};
  }

  Result<> check_brace() const {
    if (!is_html_) {
      return wrong(at_, "a single brace", "variables have two: {{first_name}}; braces of other kinds cannot be sent");
    }
    if (source_.substr(at_, 2) == "}}") return wrong(at_, "}} without {{", "put a space between braces of a style");
    const auto end = source_.find('}', at_);
    if (source_[at_] == '{' && end != std::string_view::npos) {
      const std::string name(trim(source_.substr(at_ + 1, end - at_ - 1)));
      if (std::find(names_.begin(), names_.end(), name) != names_.end()) {
        return wrong(at_, "{" + name + "} has single braces", "variables have two: {{" + name + "}}");
      }
    }
    return {};
  }

  Result<> take_tag() {
    const std::size_t start = at_;
    const bool triple = source_.substr(start, 3) == "{{{";
    const std::string_view closing = triple ? "}}}" : "}}";
    const auto end = source_.find(closing, start + closing.size());
    if (end == std::string_view::npos) {
      return wrong(start, "a tag is not closed", "end it with " + std::string(closing));
    }
    std::string_view inside = trim(source_.substr(start + closing.size(), end - start - closing.size()));
    at_ = end + closing.size();
    result_.has_tags = true;
    if (inside.empty()) return wrong(start, "an empty tag", "name a variable: {{first_name}}");
    const char kind = triple ? '&' : inside.front();
    if (kind == '!') return {};
    if (kind == '=') return wrong(start, "delimiters cannot be changed", "use {{ and }}");
    if (kind == '>') return wrong(start, "there are no partials", "write the text out");
    const bool marked = !triple && (kind == '#' || kind == '^' || kind == '/' || kind == '&');
    if (marked) inside = trim(inside.substr(1));
    const std::string name(inside);
    if (!is_name(name)) {
      return wrong(start, "\"" + printable(name) + "\" is not a name", "names have letters, digits, _ and .");
    }
    if (kind == '&' && is_html_) {
      return wrong(start, "values in HTML are always escaped, so {{{...}}} and {{&...}} are not allowed",
                   "write {{" + name + "}}");
    }
    if (marked && kind != '&') return take_section(kind, name, start);
    result_.values.push_back({name, is_guarded(name), place(start)});
    result_.mustache += "{{" + name + "}}";
    return {};
  }

  Result<> take_section(char kind, const std::string& name, std::size_t start) {
    if (kind == '/') {
      if (open_.empty()) return wrong(start, "section \"" + name + "\" was not opened", "delete the tag");
      if (open_.back().name != name) {
        return wrong(start, "section \"" + open_.back().name + "\" must be closed before \"" + name + '"',
                     "sections may lie in each other, but not overlap");
      }
      open_.pop_back();
    } else {
      open_.push_back({name, kind == '#', start});
      result_.sections.push_back({name, false, place(start)});
    }
    result_.mustache += std::string("{{") + kind + '?' + name + "}}";
    return {};
  }

  bool is_guarded(const std::string& name) const {
    return std::any_of(open_.begin(), open_.end(),
                       [&](const Section& section) { return section.positive && section.name == name; });
  }

  std::string_view part_;
  std::string_view source_;
  bool is_html_;
  const std::vector<std::string>& names_;
  std::size_t at_ = 0;
  std::vector<Section> open_;
  ScannedPart result_;
};

}  // namespace

Result<ScannedPart> scan_part(std::string_view part, std::string_view source, bool is_html,
                              const std::vector<std::string>& names) {
  return Scanner(part, source, is_html, names).scan();
}

}  // namespace avisloop
