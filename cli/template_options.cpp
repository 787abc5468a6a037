#include "cli/template_options.h"

#include <fmt/format.h>

#include "cli/definition_file.h"
#include "cli/inputs.h"
#include "cli/output.h"
#include "core/rules/templates.h"

namespace avisloop {
namespace {

constexpr int kMostSegments = 10;  ///< what carriers put together again

Result<> set_max_segments(long long value, Template& item) {
  if (value < 0 || value > kMostSegments) {
    return fail(Fault::data, fmt::format("max segments is {}, but takes 1 to {} (0 = {})", value, kMostSegments,
                                         kDefaultMaxSegments));
  }
  item.max_segments = static_cast<int>(value);
  return {};
}

Result<> apply_file(App& app, const std::string& file, Template& item) {
  AVIS_TRY_ASSIGN(const std::string toml, read_whole_file(app, file));
  const DefinitionShape shape{
      {"key", "name", "channel", "subject", "body", "html", "max_segments", "active"}, {"variables"}, {}};
  AVIS_TRY_ASSIGN(const Definition given, read_definition(toml, file, shape));
  if (given.has("channel")) {
    AVIS_TRY_ASSIGN(item.channel, named("`channel`", read_word<Channel>(given.text("channel"))));
  }
  if (item.key.empty()) item.key = given.text("key");
  if (given.has("subject")) item.subject = given.text("subject");
  if (given.has("body")) item.body = given.text("body");
  if (given.has("html")) item.html = given.text("html");
  if (given.has("active")) item.active = given.text("active") == "yes";
  if (given.has("max_segments")) {
    const std::string text = given.text("max_segments");
    const bool digits = !text.empty() && text.size() < 4 && text.find_first_not_of("0123456789") == std::string::npos;
    AVIS_TRY(set_max_segments(digits ? std::stoll(text) : -1, item));
  }
  constexpr std::string_view prefix = "variables.";
  for (const auto& [name, values] : given.values) {
    if (name.starts_with(prefix)) item.variables[name.substr(prefix.size())] = values.front();
  }
  return {};
}

}  // namespace

void TemplateOptions::bind(Flags& flags, bool updates) {
  if (!updates) flags.choice("--channel", {"sms", "email"}, channel, "What it is for");
  flags.option("--subject", "TEXT", subject, "Subject of the email")
      .option("--body", "TEXT", body, "The plain text")
      .option("--body-file", "FILE", body_file, "The plain text, from a file; - is standard input")
      .option("--html-file", "FILE", html_file, "The HTML part of an email, from a file")
      .list("--var", "NAME=VALUE", variables, "A variable of the template's own, with its default")
      .number("--max-segments", "N", max_segments, "Longest text message, in segments (default 3)")
      .choice("--active", {"yes", "no"}, active, "Whether campaigns may use it")
      .option("--file", "FILE", file, "All of these as TOML: channel, subject, body, html, [variables], max_segments");
}

Result<> TemplateOptions::apply(App& app, Template& item) const {
  if (!file.empty()) AVIS_TRY(apply_file(app, file, item));
  if (!channel.empty()) item.channel = *parse_enum<Channel>(channel);
  if (subject) item.subject = *subject;
  if (body && body_file) return fail(Fault::usage, "--body and --body-file exclude each other");
  if (body) item.body = *body;
  if (body_file) {
    AVIS_TRY_ASSIGN(item.body, read_whole_file(app, *body_file));
    while (item.body.ends_with('\n'))
      item.body.pop_back();  // an editor's last line break is not meant
  }
  if (html_file) {
    AVIS_TRY_ASSIGN(item.html, read_whole_file(app, *html_file));
  }
  AVIS_TRY_ASSIGN(const auto given, read_pairs("--var", variables));
  for (const auto& [name, value] : given)
    item.variables[name] = value;
  if (max_segments) AVIS_TRY(set_max_segments(*max_segments, item));
  if (!active.empty()) item.active = active == "yes";
  return {};
}

Result<> check_wording(App& app, const Template& item, const Org& org) {
  AVIS_TRY_ASSIGN(const std::unique_ptr<ParsedTemplate> parsed, parse_template(item));
  for (const TemplateNote& note : check_template(item, *parsed, org)) {
    if (note.fatal) return fail(Fault::data, note.line);
    print_note(app, "note: " + note.line);
  }
  return {};
}

}  // namespace avisloop
