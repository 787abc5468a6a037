#include <doctest/doctest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <ostream>

#include "core/providers/all.h"
#include "core/providers/mail_dates.h"
#include "tests/providers/outgoing.h"

namespace avisloop {
namespace {

using Kind = SendOutcome::Kind;
using test::sample_email;
using test::sample_settings;
using test::sample_text;

std::unique_ptr<Provider> make(SmsProvider provider, OrgSettings settings = sample_settings()) {
  settings.sms.provider = provider;
  auto made = make_provider(Channel::sms, settings);
  REQUIRE(made.has_value());
  return std::move(*made);
}

std::unique_ptr<Provider> make(EmailProvider provider, OrgSettings settings = sample_settings()) {
  settings.email.provider = provider;
  auto made = make_provider(Channel::email, settings);
  REQUIRE(made.has_value());
  return std::move(*made);
}

/// Calls `check` with every provider and a message that it carries.
void for_each_provider(const std::function<void(const Provider&, const Outgoing&)>& check) {
  check(*make(SmsProvider::outbox), sample_text());
  check(*make(SmsProvider::twilio), sample_text());
  check(*make(EmailProvider::outbox), sample_email());
  check(*make(EmailProvider::resend), sample_email());
  check(*make(EmailProvider::smtp), sample_email());
}

WireResult answer(int status, std::string body = {}) {
  WireResult result;
  result.stage = WireStage::answered;
  result.status = status;
  result.body = std::move(body);
  result.body_complete = true;
  return result;
}

WireResult broken(WireStage stage) {
  WireResult result;
  result.stage = stage;
  result.error = "it broke";
  return result;
}

SendOutcome read(const Provider& provider, const Outgoing& message, const WireResult& result) {
  auto outcomes = provider.read_send(std::span(&message, 1), result);
  REQUIRE(outcomes.size() == 1);
  return outcomes.front();
}

/// All that a request puts on the wire, as text.
std::string bytes_of(const WireRequest& request) {
  if (const auto* http = std::get_if<HttpRequest>(&request)) {
    std::string all = http->method + http->url + http->body + http->user;
    for (const auto& [name, value] : http->headers)
      all += name + value;
    return all;
  }
  if (const auto* mail = std::get_if<MailRequest>(&request)) {
    std::string all = mail->url + mail->envelope_from + mail->envelope_to + mail->text + mail->html;
    for (const auto& [name, value] : mail->headers)
      all += name + value;
    return all;
  }
  const auto& drop = std::get<FileDrop>(request);
  return drop.look_only ? std::string() : drop.directory + drop.name + drop.content + drop.log_line;
}

bool leaves_nothing(const WireRequest& request) {
  if (const auto* http = std::get_if<HttpRequest>(&request)) return http->url.empty();
  if (const auto* mail = std::get_if<MailRequest>(&request)) return mail->url.empty();
  return std::get<FileDrop>(request).look_only;
}

}  // namespace

TEST_CASE("Every provider: evidence from the wire decides when there is no answer") {
  for_each_provider([](const Provider& provider, const Outgoing& message) {
    CAPTURE(provider.capabilities().name);
    const SendOutcome not_sent = read(provider, message, broken(WireStage::not_sent));
    CHECK(not_sent.kind == Kind::deferred);
    CHECK(not_sent.error_class == ErrorClass::temporary);
    CHECK(not_sent.error_text == "it broke");
    const SendOutcome unclear = read(provider, message, broken(WireStage::unclear));
    CHECK(unclear.kind == Kind::in_doubt);
    CHECK(unclear.error_class == ErrorClass::unknown_outcome);
  });
}

TEST_CASE("Every provider: the same message gives the same bytes, and its limits make sense") {
  for_each_provider([](const Provider& provider, const Outgoing& message) {
    const Capabilities& limits = provider.capabilities();
    CAPTURE(limits.name);
    const std::span one(&message, 1);
    CHECK(bytes_of(provider.build_send(one)) == bytes_of(provider.build_send(one)));
    CHECK_FALSE(leaves_nothing(provider.build_send(one)));
    CHECK(limits.request_lifetime > Micros{0});
    CHECK(limits.most_in_flight > 0);
    CHECK(limits.can_look_up == provider.build_lookup(message, one).has_value());
    if (limits.absence_is_final) CHECK(limits.can_look_up);
    const WireRequest request = provider.build_send(one);
    if (const auto* http = std::get_if<HttpRequest>(&request)) CHECK(http->repeatable == limits.idempotent);
  });
}

TEST_CASE("Every provider: what could inject a header or an address never leaves and is refused for good") {
  for_each_provider([](const Provider& provider, const Outgoing& good) {
    CAPTURE(provider.capabilities().name);
    std::vector<Outgoing> bad(6, good);
    bad[0].to += "\r\nBcc: evil@evil.test";
    bad[1].to.clear();
    bad[2].from = "Joe\r\nBcc: evil@evil.test <joe@joes.test>";
    bad[3].org_key = "a\nb";
    bad[4].text.clear();
    bad[4].html.clear();
    bad[5].idempotency_key = "a\r\nX-Evil: 1";
    if (good.channel == Channel::email) {
      for (const char* to : {"a@b@c.test", "a b@c.test", "<a@c.test>", "a@c.test>", "ä@c.test", "a@", "@c.test"}) {
        bad.push_back(good);
        bad.back().to = to;
      }
      bad.push_back(good);
      bad.back().subject = "x\nBcc: evil@evil.test";
      bad.push_back(good);
      bad.back().to_name = "x\rBcc: evil@evil.test";
      bad.push_back(good);
      bad.back().reply_to = "nobody";
      bad.push_back(good);
      bad.back().unsubscribe = "https://x.test/>,<mailto:evil@evil.test";
    }
    for (const Outgoing& message : bad) {
      CHECK(leaves_nothing(provider.build_send(std::span(&message, 1))));
      const SendOutcome outcome = read(provider, message, answer(200, R"({"id":"x","sid":"SM1"})"));
      CHECK(outcome.kind == Kind::rejected);
      CHECK(outcome.error_code == "unsendable");
      CHECK_FALSE(outcome.error_text.empty());
    }
  });
}

TEST_CASE("A missing setting is named") {
  const auto message_of = [](Channel channel, const std::function<void(OrgSettings&)>& change) {
    OrgSettings settings = sample_settings();
    settings.sms.provider = SmsProvider::twilio;
    change(settings);
    const auto made = make_provider(channel, settings);
    REQUIRE_FALSE(made.has_value());
    CHECK(made.error().fault == Fault::config);
    return made.error().message;
  };
  CHECK(message_of(Channel::sms, [](auto& s) { s.twilio.account_sid.clear(); }) == "[twilio] account_sid is not set");
  CHECK(message_of(Channel::sms, [](auto& s) { s.twilio.auth_token = {}; }) == "[twilio] auth_token is not set");
  CHECK(message_of(Channel::sms, [](auto& s) { s.twilio.from.clear(); }) ==
        "[twilio] messaging_service_sid is not set");
  CHECK(message_of(Channel::email, [](auto& s) {
          s.email.provider = EmailProvider::resend;
          s.resend.api_key = {};
        }) == "[resend] api_key is not set");
  CHECK(message_of(Channel::email, [](auto& s) {
          s.email.provider = EmailProvider::smtp;
          s.email.from = "nobody";
        }) == "[email] from is no sender: nobody");
}

TEST_CASE("The outbox writes an email and a text under the message's name, and asks for them by it") {
  const auto texts = make(SmsProvider::outbox);
  const Outgoing text = sample_text();
  const auto note = std::get<FileDrop>(texts->build_send(std::span(&text, 1)));
  CHECK(note.name == "0192f7a0-0000-7000-8000-000000000001.txt");
  CHECK(note.content.ends_with("\n\nHi Ana & Bo, 100% done + paid? é\n"));
  const auto line = nlohmann::json::parse(note.log_line);
  CHECK(line["channel"] == "sms");
  CHECK(line["text"] == text.text);
  CHECK(line["segments"] == 1);
  CHECK(line["org"] == "joes");
  CHECK(line["at"] == "2026-11-24T15:00:00Z");
  for (const int status : {201, 200}) {
    const SendOutcome outcome = read(*texts, text, answer(status));
    CHECK(outcome.kind == Kind::accepted);
    CHECK(outcome.provider_id == note.name);
    CHECK(outcome.segments == 1);
    CHECK(outcome.cost_micros == 7900);
  }
  const auto look = std::get<FileDrop>(texts->build_lookup(text, std::span(&text, 1)).value());
  CHECK(look.look_only);
  CHECK(look.name == note.name);
  CHECK(texts->read_lookup(text, {}, answer(404)).kind == LookupAnswer::Kind::absent);
  CHECK(texts->read_lookup(text, {}, answer(200)).candidates.at(0).provider_id == note.name);
  CHECK(texts->read_lookup(text, {}, broken(WireStage::unclear)).kind == LookupAnswer::Kind::unknown);

  const Outgoing email = sample_email();
  const auto letter = std::get<FileDrop>(make(EmailProvider::outbox)->build_send(std::span(&email, 1)));
  CHECK(letter.name == "0192f7a0-0000-7000-8000-000000000001.eml");
  CHECK(nlohmann::json::parse(letter.log_line)["subject"] == email.subject);
}

TEST_CASE("Dates of mails and of HTTP are read and written") {
  const auto at = parse_instant("2026-11-20T15:04:05Z");
  CHECK(parse_mail_date("Fri, 20 Nov 2026 15:04:05 +0000") == at);
  CHECK(parse_mail_date("Fri, 20 Nov 2026 15:04:05 GMT") == at);
  CHECK(parse_mail_date("20 Nov 2026 09:04:05 -0600") == at);
  CHECK(parse_mail_date("Sat, 21 Nov 2026 00:34:05 +0930") == at);
  CHECK(format_mail_date(*at) == "Fri, 20 Nov 2026 15:04:05 +0000");
  for (const char* bad :
       {"", "Fri", "Fri, 31 Feb 2026 15:04:05 GMT", "Fri, 20 Nov 2026 25:04:05 GMT", "Fri, 20 Foo 2026 15:04:05 GMT",
        "Fri, 20 Nov 2026 15:04 GMT", "Fri, 20 Nov 2026 15:04:05 PST"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_mail_date(bad).has_value());
  }
}

}  // namespace avisloop
