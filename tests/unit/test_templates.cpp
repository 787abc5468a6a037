#include <ostream>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "core/base/text.h"
#include "core/rules/segments.h"
#include "core/rules/templates.h"

using namespace avisloop;

namespace {

const Instant kNow = *parse_instant("2026-11-27T15:00:00Z");

Org acme() {
  Org org;
  org.key = "acme";
  org.name = "Acme Plumbing";
  org.time_zone = "America/Chicago";
  org.address = "1 Main St\nAustin, TX 78701";
  org.review_link = "https://g.page/r/acme";
  return org;
}

Contact maria() {
  Contact contact;
  contact.first_name = "Maria";
  contact.last_name = "O'Neil";
  contact.custom = {{"gate", "4711"}, {"visit", "2026-11-27T18:00:00Z"}, {"empty", ""}};
  return contact;
}

Job boiler() {
  Job job;
  job.service = ServiceCategory::general_contractor;
  job.technician = "Sam";
  // 03:30 UTC on the 25th is still the evening of the 24th in Chicago.
  job.completed_at = *parse_instant("2026-11-25T03:30:00Z");
  return job;
}

struct Sent {
  Org org = acme();
  Contact contact = maria();
  Job job = boiler();
  std::map<std::string, std::string> variables;
  MessageClass message_class = MessageClass::service;

  Rendering of(const Template& source) const {
    const auto parsed = parse_template(source);
    REQUIRE_MESSAGE(parsed.has_value(), parsed.error().message);
    return (*parsed)->render(facts(), message_class);
  }
  TemplateFacts facts() const {
    TemplateFacts facts;
    facts.org = &org;
    facts.contact = &contact;
    facts.job = &job;
    facts.message_variables = &variables;
    facts.now = kNow;
    return facts;
  }
};

Template sms(std::string body) {
  Template source;
  source.channel = Channel::sms;
  source.body = std::move(body);
  return source;
}

Template email(std::string subject, std::string body, std::string html = {}) {
  Template source;
  source.channel = Channel::email;
  source.subject = std::move(subject);
  source.body = std::move(body);
  source.html = std::move(html);
  return source;
}

std::string text_of(const std::string& body) {
  const Rendering rendering = Sent{}.of(sms(body));
  CHECK(rendering.problem.empty());
  return rendering.text;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("every built-in variable has its value") {
  const std::vector<std::pair<const char*, const char*>> cases{
      {"{{first_name}}", "Maria"},
      {"{{ last_name }}", "O'Neil"},
      {"{{name}}", "Maria O'Neil"},
      {"{{business}}", "Acme Plumbing"},
      {"{{service}}", "general contractor"},
      {"{{technician}}", "Sam"},
      {"{{job_date}}", "Tuesday, November 24"},
      {"{{job_relative}}", "2 days ago"},
      {"{{review_link}}", "https://g.page/r/acme"},
      {"{{opt_out_line}}", "Reply STOP to opt out."},
      {"{{business_address}}", "1 Main St\nAustin, TX 78701"},
      {"{{custom.gate}}", "4711"},
      {"{{relative.custom.visit}}", "in 3 hours"},
      {"{{relative.job_date}}", "2 days ago"},
      {"{{{last_name}}}", "O'Neil"},
      {"{{&last_name}}", "O'Neil"},
      {"a{{! a comment }}b", "ab"},
      {"{{#technician}}by {{technician}}{{/technician}}", "by Sam"},
      {"x{{#custom.none}} {{custom.none}}{{/custom.none}}", "x"},
      {"{{#custom.empty}}x{{/custom.empty}}{{^custom.empty}}y{{/custom.empty}}", "y"},
      {"{{#technician}}{{#custom.gate}}{{first_name}}{{/custom.gate}}{{/technician}}", "Maria"},
      {"a\r\nb\rc", "a\nb\nc"},
  };
  for (const auto& [body, text] : cases) {
    CAPTURE(body);
    CHECK(text_of(body) == text);
  }
  std::string all;
  for (const std::string& name : builtin_variables())
    all += "{{" + name + "}} ";
  CHECK(parse_template(sms(all)).has_value());
}

TEST_CASE("services are named as a customer says them") {
  const std::map<ServiceCategory, std::string> words{{ServiceCategory::plumbing, "plumbing"},
                                                     {ServiceCategory::hvac, "HVAC"},
                                                     {ServiceCategory::general_contractor, "general contractor"},
                                                     {ServiceCategory::other, "service"}};
  for (const auto& [service, word] : words) {
    Sent sent;
    sent.job.service = service;
    CHECK(sent.of(sms("{{service}}")).text == word);
  }
}

TEST_CASE("a message's variable goes before what is known, and the template's own is the fallback") {
  Template source = sms("{{first_name}} {{gift}}");
  source.variables = {{"first_name", "there"}, {"gift", "a mug"}};
  Sent sent;
  CHECK(sent.of(source).text == "Maria a mug");
  sent.variables = {{"gift", "https://example.com/mug"}};
  CHECK(sent.of(source).text == "Maria https://example.com/mug");
  sent.contact.first_name = " ";
  CHECK(sent.of(source).text == "there https://example.com/mug");
  sent.variables = {{"first_name", "Bo"}};
  CHECK(sent.of(source).text == "Bo a mug");
}

TEST_CASE("a value that is not there, or empty, is a problem that names it, and nothing is rendered") {
  for (const char* name : {"first_name", "name", "technician", "custom.none", "custom.empty", "own", "review_link",
                           "job_date", "service", "relative.custom.none"}) {
    Sent sent;
    sent.contact.first_name = sent.contact.last_name = "";
    sent.job.technician = "\x1b \u200b\u00a0\n\x1b";
    sent.org.review_link = "";
    sent.org.time_zone = "";
    Template source = sms("Hello {{" + std::string(name) + "}}!");
    source.variables = {{"own", ""}};
    const auto parsed = parse_template(source);
    REQUIRE(parsed);
    TemplateFacts facts = sent.facts();
    if (name == std::string("service")) facts.job = nullptr;
    const Rendering rendering = (*parsed)->render(facts, MessageClass::service);
    CHECK(rendering.problem == "missing_variable");
    CHECK(rendering.detail == name);
    CHECK(rendering.text.empty());
  }
  const auto parsed = parse_template(sms("{{first_name}} {{service}} {{business}} {{custom.x}}"));
  CHECK((*parsed)->render({}, MessageClass::marketing).problem == "missing_variable");
}

TEST_CASE("an instant that is none is a problem") {
  Sent sent;
  sent.contact.custom["visit"] = "tomorrow";
  const Rendering rendering = sent.of(sms("{{relative.custom.visit}}"));
  CHECK(rendering.problem == "not_an_instant");
  CHECK(has(rendering.detail, "custom.visit"));
}

TEST_CASE("what is wrong with a template is told with part, line and column") {
  struct Case {
    Template source;
    const char* says;
  };
  Template many = sms("x");
  many.max_segments = 11;
  Template badly_named = sms("x");
  badly_named.variables = {{"Gift!", ""}};
  const std::vector<Case> cases{
      {sms("Hi {{frist_name}}"),
       "text, line 1, column 4: unknown variable \"frist_name\", the nearest is \"first_name\""},
      {sms("é\nab {{nobody_knows_this}}"), "text, line 2, column 4: unknown variable \"nobody_knows_this\""},
      {sms("{{#frist_name}}x{{/frist_name}}"), "text, line 1, column 1: unknown variable"},
      {sms("{{custom.}}"), "unknown variable \"custom.\""},
      {sms("{{relative.first_name}}"), "unknown variable \"relative.first_name\""},
      {sms("Hi {first_name}"), "text, line 1, column 4: a single brace"},
      {sms("Hi }}"), "column 4: a single brace"},
      {sms("Hi {{first_name"), "column 4: a tag is not closed"},
      {sms("Hi {{{first_name}}"), "column 4: a tag is not closed"},
      {sms("Hi {{}}"), "an empty tag"},
      {sms("Hi {{.}}"), "\".\" is not a name"},
      {sms("Hi {{first name}}"), "\"first name\" is not a name"},
      {sms("Hi {{> foot}}"), "there are no partials"},
      {sms("Hi {{=<% %>=}}"), "delimiters cannot be changed"},
      {sms("Hi {{#name}}x"), "column 4: section \"name\" is not closed"},
      {sms("Hi {{/name}}"), "section \"name\" was not opened"},
      {sms("{{#name}}{{#service}}{{/name}}{{/service}}"),
       "column 22: section \"service\" must be closed before \"name\""},
      {sms("a\x01"), "column 2: a control character"},
      {sms("\xff"), "text is not UTF-8"},
      {sms("  "), "the template has no text"},
      {many, "1 to 10 segments, not 11"},
      {badly_named, "\"Gift!\" is not a name"},
      {email("", "x"), "an email needs a subject"},
      {email("a\nb", "x"), "line break"},
      {email("{{frist_name}}", "x"), "subject, line 1, column 1: unknown variable"},
      {email("s", ""), "the template has no text"},
      {email("s", "x", "<p>{{{name}}}</p>"), "HTML, line 1, column 4: values in HTML are always escaped"},
      {email("s", "x", "<p>{{&name}}</p>"), "HTML, line 1, column 4: values in HTML are always escaped"},
      {email("s", "x", "<p>{name}</p>"), "HTML, line 1, column 4: {name} has single braces"},
      {email("s", "x", "<style>@media x{a{b:c}}</style>"), "}} without {{"},
  };
  for (const Case& item : cases) {
    const auto parsed = parse_template(item.source);
    CAPTURE(item.says);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().fault == Fault::data);
    CHECK_MESSAGE(has(parsed.error().message, item.says), parsed.error().message);
  }
  Template with_subject = sms("x");
  with_subject.subject = "s";
  CHECK(has(parse_template(with_subject).error().message, "no subject"));
  Template with_html = sms("x");
  with_html.html = "<p>x</p>";
  CHECK(has(parse_template(with_html).error().message, "no HTML"));
  CHECK(parse_template(email("s", "x", "<style>a{b:c} @media x{ a{b:c} }</style>")).has_value());
}

TEST_CASE("the names of a template are listed in order, and those it cannot do without") {
  const auto parsed = parse_template(email("{{business}}",
                                           "{{first_name}} {{#technician}}{{technician}}{{/technician}} "
                                           "{{#service}}{{custom.x}}{{/service}} {{first_name}}"));
  REQUIRE(parsed);
  CHECK((*parsed)->variables() == std::vector<std::string>{"business", "first_name", "technician", "custom.x"});
  CHECK((*parsed)->required() == std::vector<std::string>{"business", "first_name", "custom.x"});
}

TEST_CASE("values are escaped in HTML only") {
  Sent sent;
  sent.contact.first_name = "<b>&\"'";
  const Rendering rendering = sent.of(email("Hi {{first_name}}", "Hi {{first_name}}", "<p>{{first_name}} & co</p>"));
  CHECK(rendering.problem.empty());
  CHECK(rendering.subject == "Hi <b>&\"'");
  CHECK(rendering.text == "Hi <b>&\"'");
  CHECK(rendering.html == "<p>&lt;b&gt;&amp;&quot;&#39; & co</p>");
}

TEST_CASE("values cannot inject headers, control characters or template syntax") {
  Sent sent;
  sent.contact.first_name = "Eve\r\nBcc: x@example.com\x1b[31m\u202e\t.";
  const Rendering rendering = sent.of(email("Hi {{first_name}}", "Hi {{first_name}}"));
  CHECK(rendering.subject == "Hi Eve Bcc: x@example.com[31m .");
  CHECK(rendering.text == "Hi Eve\nBcc: x@example.com[31m .");

  sent.contact.first_name = "{{business}}";
  CHECK(sent.of(sms("Hi {{first_name}}")).problem == "braces");
  CHECK(sent.of(sms("Hi {{first_name}}")).detail == "first_name has braces in it");
  CHECK(sent.of(sms("Hi {{first_name}}")).text.empty());
  CHECK(sent.of(email("{{first_name}}", "x")).problem == "braces");
  const Rendering html = sent.of(email("s", "x", "<p>{{first_name}}</p>"));
  CHECK(html.problem.empty());
  CHECK(html.html == "<p>&#123;&#123;business&#125;&#125;</p>");

  Sent business;
  business.message_class = MessageClass::marketing;
  business.org.name = "Acme {now}";
  CHECK(business.of(sms("Hi")).problem == "braces");
}

TEST_CASE("a customer's data cannot bring a link, the owner's can") {
  for (const char* link : {"http://evil.example", "x HTTPS://evil.example", "see www.evil.example", "ftp://x"}) {
    Sent sent;
    sent.contact.custom["note"] = link;
    sent.contact.last_name = link;
    sent.job.technician = link;
    CHECK(sent.of(sms("{{custom.note}}")).problem == "link_in_value");
    CHECK(sent.of(sms("{{custom.note}}")).detail == "custom.note holds a link");
    CHECK(sent.of(sms("{{name}}")).problem == "link_in_value");
    CHECK(sent.of(sms("{{technician}}")).problem == "link_in_value");
    Template own = sms("{{page}}");
    own.variables = {{"page", link}};
    CHECK(sent.of(own).problem.empty());
    sent.variables = {{"technician", link}};
    CHECK(sent.of(sms("{{technician}}")).problem.empty());
    CHECK(sent.of(sms("{{#custom.note}}hello{{/custom.note}}")).problem.empty());
  }
}

TEST_CASE("a marketing text gets business name and opt-out line when it has none") {
  const auto text = [](const std::string& body) {
    Sent sent;
    sent.message_class = MessageClass::marketing;
    return sent.of(sms(body)).text;
  };
  const std::string line = "\nReply STOP to opt out.";
  CHECK(text("Hi!") == "Acme Plumbing: Hi!" + line);
  CHECK(text("Hi from ACME plumbing") == "Hi from ACME plumbing" + line);
  CHECK(text("{{business}}: hi. {{opt_out_line}}") == "Acme Plumbing: hi. Reply STOP to opt out.");
  for (const char* way : {"reply stop", "Text \"STOP\" to end", "Send STOP", "Reply with STOP.", "STOP to unsubscribe",
                          "txt Stop 2 end"}) {
    CHECK(text("{{business}} " + std::string(way)) == "Acme Plumbing " + std::string(way));
  }
  for (const char* none : {"We will stop the leak", "Text us, stop by any time", "reply if we should stop the water",
                           "nonstop service", "Reply to stopcock@example.com"}) {
    CHECK(text("{{business}} " + std::string(none)) == "Acme Plumbing " + std::string(none) + line);
  }
  CHECK(Sent{}.of(sms("Hi!")).text == "Hi!");
}

TEST_CASE("segments are counted with what was added, and a text that has too many is a problem") {
  Sent sent;
  sent.message_class = MessageClass::marketing;
  const std::string added = "Acme Plumbing: \nReply STOP to opt out.";
  const Rendering fits = sent.of(sms(std::string(160 - added.size(), 'x')));
  CHECK(fits.segments == 1);
  CHECK(sent.of(sms(std::string(161 - added.size(), 'x'))).segments == 2);
  CHECK(sent.of(sms(std::string(459 - added.size(), 'x'))).problem.empty());
  const Rendering four = sent.of(sms(std::string(460 - added.size(), 'x')));
  CHECK(four.problem == "too_long");
  CHECK(four.detail == "4 segments, and at most 3 are allowed");
  Template strict = sms(std::string(161, 'x'));
  strict.max_segments = 1;
  CHECK(Sent{}.of(strict).detail == "2 segments, and at most 1 are allowed");
  Template wide = sms(std::string(1530, 'x'));
  wide.max_segments = 10;
  CHECK(Sent{}.of(wide).problem.empty());
}

TEST_CASE("a marketing email gets business, postal address and how to stop, in both parts") {
  Sent sent;
  sent.message_class = MessageClass::marketing;
  const Rendering plain = sent.of(email("s", "Hi", "<html><body><p>Hi</p></BODY></html>"));
  CHECK(
      plain.text ==
      "Hi\n\nAcme Plumbing\n1 Main St, Austin, TX 78701\nReply with \"unsubscribe\" to get no more of these emails.\n");
  CHECK(plain.html ==
        "<html><body><p>Hi</p>\n<p>Acme Plumbing<br>\n1 Main St, Austin, TX 78701<br>\n"
        "Reply with &quot;unsubscribe&quot; to get no more of these emails.</p>\n</BODY></html>");
  const std::string whole = "Acme Plumbing, 1 Main St, Austin, TX 78701. Unsubscribe by answering.";
  CHECK(sent.of(email("s", whole)).text == whole);
  CHECK(has(sent.of(email("s", "Unsubscribe by answering.")).text, "1 Main St"));
  sent.org.address = "";
  CHECK(sent.of(email("s", "Acme Plumbing says hi; unsubscribe any time")).text ==
        "Acme Plumbing says hi; unsubscribe any time");
  CHECK(Sent{}.of(email("s", "Hi")).text == "Hi");
}

TEST_CASE("an email whose subject or text comes out empty is a problem") {
  CHECK(Sent{}.of(email("{{#custom.none}}x{{/custom.none}}", "Hi")).problem == "empty_subject");
  CHECK(Sent{}.of(email("s", "{{#custom.none}}x{{/custom.none}}")).problem == "empty_text");
  Sent sent;
  sent.contact.first_name = std::string(1000, 'x');
  CHECK(sent.of(email("{{first_name}}", "Hi")).problem == "too_long");
}

TEST_CASE("relative times are rounded to the largest unit that fits") {
  using namespace std::chrono;
  const std::vector<std::pair<Micros, std::string>> cases{{seconds{0}, "now"},
                                                          {seconds{59}, "now"},
                                                          {seconds{-59}, "now"},
                                                          {minutes{1}, "in 1 minute"},
                                                          {-minutes{2}, "2 minutes ago"},
                                                          {minutes{45}, "in 45 minutes"},
                                                          {seconds{3569}, "in 59 minutes"},
                                                          {seconds{3570}, "in 1 hour"},
                                                          {minutes{89}, "in 1 hour"},
                                                          {minutes{90}, "in 2 hours"},
                                                          {3 * kHour, "in 3 hours"},
                                                          {23 * kHour, "in 23 hours"},
                                                          {-24 * kHour, "1 day ago"},
                                                          {-2 * kDay, "2 days ago"},
                                                          {13 * kDay, "in 13 days"},
                                                          {14 * kDay, "in 2 weeks"},
                                                          {-21 * kDay, "3 weeks ago"},
                                                          {60 * kDay, "in 2 months"},
                                                          {-800 * kDay, "2 years ago"}};
  for (const auto& [distance, words] : cases)
    CHECK(relative_time(kNow + distance, kNow) == words);
}

TEST_CASE("what can be known at creation is told: what the org cannot fill, and what makes a text costly") {
  const auto notes = [](const Template& source, const Org& org) {
    const auto parsed = parse_template(source);
    REQUIRE(parsed);
    return check_template(source, **parsed, org);
  };
  CHECK(notes(sms("{{business}}: thanks, {{first_name}}! {{opt_out_line}}"), acme()).empty());

  Org bare = acme();
  bare.review_link = bare.address = "";
  const auto missing = notes(sms("{{first_name}}: {{review_link}}"), bare);
  REQUIRE(missing.size() == 1);
  CHECK(missing[0].fatal);
  CHECK(has(missing[0].line, "{{review_link}} is used but the organization acme has none"));
  CHECK(notes(sms("{{#review_link}}{{review_link}}{{/review_link}}x"), bare).empty());
  Template with_fallback = sms("{{review_link}}");
  with_fallback.variables = {{"review_link", "https://example.com"}};
  CHECK(notes(with_fallback, bare).empty());

  const auto costly = notes(sms("Don’t forget: " + std::string(60, 'x')), acme());
  REQUIRE(costly.size() == 2);
  CHECK_FALSE(costly[0].fatal);
  CHECK(costly[0].line == "with typical values a text has 2 segments (112 characters)");
  CHECK(has(costly[1].line, "\"’\" makes every text costly"));
  CHECK(has(costly[1].line, "write \"'\", and it has 1 segment instead of 2"));

  const auto too_long = notes(sms(std::string(500, 'x')), acme());
  REQUIRE(too_long.size() == 1);
  CHECK_FALSE(too_long[0].fatal);
  CHECK(has(too_long[0].line, "4 segments, and at most 3 are allowed, so it would be skipped"));

  CHECK(notes(sms("{{relative.custom.visit}} {{custom.gate}} {{job_date}} {{technician}}"), acme()).empty());
  CHECK(notes(email("{{custom.gate}}", "{{name}} {{business_address}}"), acme()).empty());
  Org braces = acme();
  braces.name = "Acme {}";
  const auto never = notes(sms("Hi"), braces);
  REQUIRE(never.size() == 1);
  CHECK(never[0].fatal);
}

TEST_CASE("nothing that is rendered has a hole or braces, and subjects are one line, whatever the data") {
  const auto word = rc::gen::container<std::string>(
      rc::gen::element('a', 'Z', ' ', '{', '}', '<', '&', '"', '\n', '\r', '\t', '\x1b', '\x7f', '\xc3', '\xa9', '.'));
  const auto sms_template =
      parse_template(sms("Hi {{first_name}}{{#custom.x}}, {{custom.x}}{{/custom.x}} {{technician}}"));
  const auto email_template = parse_template(
      email("{{first_name}} {{custom.x}}", "Hi {{technician}}", "<p title=\"{{custom.x}}\">{{first_name}}</p>"));
  REQUIRE(sms_template);
  REQUIRE(email_template);
  CHECK(rc::check([&] {
    Sent sent;
    sent.contact.first_name = *word;
    sent.contact.custom["x"] = *word;
    sent.job.technician = *word;
    sent.org.name = "Acme" + *word;
    const auto message_class = *rc::gen::element(MessageClass::marketing, MessageClass::service);
    for (const auto* parsed : {&*sms_template, &*email_template}) {
      const Rendering rendering = (*parsed)->render(sent.facts(), message_class);
      if (!rendering.problem.empty()) {
        RC_ASSERT(rendering.text.empty() || rendering.problem == "too_long");
        continue;
      }
      RC_ASSERT(rendering.text.find_first_of("{}") == std::string::npos);
      RC_ASSERT(rendering.subject.find_first_of("{}\r\n") == std::string::npos);
      RC_ASSERT(rendering.html.find_first_of("{}") == std::string::npos);
      RC_ASSERT(!has_control_characters(rendering.text, "\n"));
      RC_ASSERT(!has_control_characters(rendering.subject));
      RC_ASSERT(!rendering.text.empty());
      RC_ASSERT(is_utf8(rendering.text));
    }
  }));
}

TEST_CASE("no template text breaks the reader, and what it takes the library takes") {
  const auto piece = rc::gen::element<std::string>("{{", "}}", "{", "}", "{{{", "}}}", "#", "/", "^", "&", "!", "=",
                                                   ">", "name", "service", "custom.x", ".", " ", "\n", "x", "\"", "é");
  CHECK(rc::check([&] {
    std::string body = "x";
    for (const auto& part : *rc::gen::container<std::vector<std::string>>(piece))
      body += part;
    for (const Template& source : {sms(body), email("s", "t", body)}) {
      const auto parsed = parse_template(source);
      if (!parsed) {
        RC_ASSERT(parsed.error().fault == Fault::data);
        continue;
      }
      Sent sent;
      sent.contact.custom["x"] = "y";
      const Rendering rendering = (*parsed)->render(sent.facts(), MessageClass::service);
      RC_ASSERT(rendering.problem.empty() || rendering.problem == "missing_variable");
    }
  }));
}
