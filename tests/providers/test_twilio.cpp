#include <doctest/doctest.h>

#include <fmt/format.h>

#include <ostream>

#include "core/providers/all.h"
#include "tests/providers/outgoing.h"

namespace avisloop {
namespace {

using Kind = SendOutcome::Kind;
using test::sample_settings;
using test::sample_text;

std::unique_ptr<Provider> make(OrgSettings settings = sample_settings()) {
  settings.sms.provider = SmsProvider::twilio;
  return std::move(make_provider(Channel::sms, settings).value());
}

WireResult answer(int status, std::string body, bool complete = true) {
  WireResult result;
  result.stage = WireStage::answered;
  result.status = status;
  result.body = std::move(body);
  result.body_complete = complete;
  return result;
}

SendOutcome read(const WireResult& result) {
  const Outgoing message = sample_text();
  return make()->read_send(std::span(&message, 1), result).at(0);
}

SendOutcome refused(int status, std::string_view code) {
  return read(answer(status, fmt::format(R"({{"code":{},"message":"no","status":{}}})", code, status)));
}

std::string form_of(const Provider& provider, const Outgoing& message) {
  return std::get<HttpRequest>(provider.build_send(std::span(&message, 1))).body;
}

std::string item(std::string_view sid, std::string_view created, std::string_view changes = {}) {
  return fmt::format(
      R"({{"sid":"{}","direction":"outbound-api","to":"+15125550142","from":"+15125550100","messaging_service_sid":null,)"
      R"("body":"Hi Ana & Bo, 100% done + paid? é","status":"delivered","num_segments":"2","date_created":"{}"{}}})",
      sid, created, changes);
}

LookupAnswer look(std::string_view items, std::string_view next = "null") {
  const Outgoing doubt = sample_text();
  return make()->read_lookup(doubt, std::span(&doubt, 1),
                             answer(200, fmt::format(R"({{"messages":[{}],"next_page_uri":{}}})", items, next)));
}

}  // namespace

TEST_CASE("Twilio: a create is a form with every character encoded, and Basic authorization") {
  const Outgoing message = sample_text();
  const auto request = std::get<HttpRequest>(make()->build_send(std::span(&message, 1)));
  CHECK(request.method == "POST");
  CHECK(request.url == "https://api.twilio.com/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json");
  CHECK(request.user == "AC00000000000000000000000000000001");
  CHECK(request.password == "token");
  CHECK_FALSE(request.repeatable);
  CHECK(request.body ==
        "To=%2B15125550142&From=%2B15125550100&Body=Hi%20Ana%20%26%20Bo%2C%20100%25%20done%20%2B%20paid%3F%20%C3%A9");
}

TEST_CASE("Twilio: a messaging service goes before a number, and what the message names before both") {
  OrgSettings settings = sample_settings();
  settings.twilio.messaging_service_sid = "MG00000000000000000000000000000001";
  Outgoing message = sample_text();
  CHECK(form_of(*make(settings), message).find("&MessagingServiceSid=MG0") != std::string::npos);
  CHECK(form_of(*make(settings), message).find("&From=") == std::string::npos);
  message.from = "+15125550199";
  CHECK(form_of(*make(settings), message).find("&From=%2B15125550199&") != std::string::npos);
}

TEST_CASE("P3 never at night: the validity period at Twilio ends before the window does") {
  Outgoing message = sample_text();
  const auto validity = [&](Micros left) {
    message.window_end = message.started_at + left;
    const std::string form = form_of(*make(), message);
    return form.substr(form.find("&ValidityPeriod=") + 16);
  };
  CHECK(validity(kHour) == "3540");
  CHECK(validity(std::chrono::milliseconds{90'900}) == "30");
  CHECK(validity(std::chrono::seconds{5}) == "1");
  CHECK(validity(std::chrono::hours{20}) == "36000");
}

TEST_CASE("Twilio: the status callback names message and attempt") {
  OrgSettings settings = sample_settings();
  settings.twilio.status_callback_url = "https://joes.test/cb";
  const std::string tail = "m%3D0192f7a0-0000-7000-8000-000000000001%26a%3D2";
  CHECK(form_of(*make(settings), sample_text()).ends_with("&StatusCallback=https%3A%2F%2Fjoes.test%2Fcb%3F" + tail));
  settings.twilio.status_callback_url = "https://joes.test/cb?k=1";
  CHECK(form_of(*make(settings), sample_text()).ends_with("%3Fk%3D1%26" + tail));
}

TEST_CASE(
    "Twilio: an accepted message has an id, segments and a price; without a readable body only the id is missing") {
  const SendOutcome accepted = read(answer(201, R"({"sid":"SM1","num_segments":"2","status":"queued"})"));
  CHECK(accepted.kind == Kind::accepted);
  CHECK(accepted.provider_id == "SM1");
  CHECK(accepted.segments == 2);
  CHECK(accepted.cost_micros == 15'800);
  CHECK(read(answer(201, R"({"sid":"SM1","num_segments":"0"})")).segments == 1);
  for (const WireResult& unreadable : {answer(201, R"({"sid":"SM)"), answer(201, R"({"sid":"SM1"})", false),
                                       answer(201, "<html>"), answer(200, std::string(300'000, '['))}) {
    const SendOutcome outcome = read(unreadable);
    CHECK(outcome.kind == Kind::accepted);
    CHECK(outcome.provider_id.empty());
    CHECK(outcome.segments == 1);
  }
}

TEST_CASE("Twilio: every answer has its class") {
  struct Case {
    int status;
    const char* code;
    Kind kind;
    ErrorClass error_class;
  };
  for (const Case& c : {Case{400, "21610", Kind::rejected, ErrorClass::recipient_opted_out},
                        Case{400, "21211", Kind::rejected, ErrorClass::number_invalid},
                        Case{400, "99999", Kind::rejected, ErrorClass::permanent},
                        Case{401, "20003", Kind::deferred, ErrorClass::account_stopped},
                        Case{403, "null", Kind::deferred, ErrorClass::account_stopped},
                        Case{429, "20429", Kind::deferred, ErrorClass::rate_limited},
                        Case{500, "20500", Kind::in_doubt, ErrorClass::unknown_outcome},
                        Case{503, "21610", Kind::in_doubt, ErrorClass::unknown_outcome},
                        Case{408, "null", Kind::in_doubt, ErrorClass::unknown_outcome},
                        Case{307, "null", Kind::in_doubt, ErrorClass::unknown_outcome}}) {
    CAPTURE(c.status);
    CAPTURE(c.code);
    const SendOutcome outcome = refused(c.status, c.code);
    CHECK(outcome.kind == c.kind);
    CHECK(outcome.error_class == c.error_class);
  }
  CHECK(refused(400, "21610").error_code == "21610");
  CHECK(refused(400, "21610").error_text == "no");
  CHECK(read(answer(502, "<html>")).error_code == "http_502");
}

TEST_CASE("Twilio: Retry-After is read as seconds and as a date counted from the answer's own Date") {
  WireResult limited = answer(429, R"({"code":20429})");
  limited.headers["retry-after"] = "17";
  CHECK(read(limited).retry_after == std::chrono::seconds{17});
  limited.headers.clear();
  CHECK_FALSE(read(limited).retry_after.has_value());
}

TEST_CASE("Twilio: a doubt is looked for by recipient, without a date") {
  const Outgoing doubt = sample_text();
  const auto by_number = std::get<HttpRequest>(make()->build_lookup(doubt, std::span(&doubt, 1)).value());
  CHECK(by_number.method == "GET");
  CHECK(by_number.repeatable);
  CHECK(by_number.url.ends_with("/Messages.json?To=%2B15125550142&From=%2B15125550100&PageSize=100"));
  OrgSettings settings = sample_settings();
  settings.twilio.messaging_service_sid = "MG00000000000000000000000000000001";
  const auto by_service = std::get<HttpRequest>(make(settings)->build_lookup(doubt, std::span(&doubt, 1)).value());
  CHECK(by_service.url.ends_with("/Messages.json?To=%2B15125550142&PageSize=100"));
}

TEST_CASE("Twilio: only what the attempt can have made is a candidate, oldest first") {
  const LookupAnswer found =
      look(item("SM3", "Tue, 24 Nov 2026 15:09:00 +0000") + "," + item("SM2", "Tue, 24 Nov 2026 14:56:00 +0000") + "," +
           item("SM1", "Tue, 24 Nov 2026 14:54:00 +0000"));
  CHECK(found.kind == LookupAnswer::Kind::found);
  REQUIRE(found.candidates.size() == 2);
  CHECK(found.candidates[0].provider_id == "SM2");
  CHECK(found.candidates[0].segments == 2);
  CHECK(found.candidates[1].provider_id == "SM3");
  const std::string_view at = "Tue, 24 Nov 2026 15:00:10 +0000";
  for (const char* change : {R"(,"direction":"inbound")", R"(,"to":"+15125550143")", R"(,"body":"other")",
                             R"(,"from":"+15125550101")", R"(,"date_created":null)"}) {
    CAPTURE(change);
    CHECK(look(item("SM1", at, change)).kind == LookupAnswer::Kind::absent);
  }
  CHECK(look(item("SM1", at, R"(,"body":"Sent from your Twilio trial account - Hi Ana & Bo, 100% done + paid? é")"))
            .kind == LookupAnswer::Kind::found);
}

TEST_CASE("Twilio: a message that failed there is found as refused") {
  for (const char* status : {"failed", "undelivered", "canceled"}) {
    const LookupAnswer found = look(
        item("SM1", "Tue, 24 Nov 2026 15:00:10 +0000", fmt::format(R"(,"status":"{}","error_code":21610)", status)));
    REQUIRE(found.candidates.size() == 1);
    CHECK(found.candidates[0].kind == Kind::rejected);
    CHECK(found.candidates[0].provider_id == "SM1");
    CHECK(found.candidates[0].error_class == ErrorClass::recipient_opted_out);
    CHECK(found.candidates[0].error_code == "21610");
  }
}

TEST_CASE("Twilio: further pages are asked for, at the same host, and what a page told is kept") {
  const LookupAnswer more = look(item("SM1", "Tue, 24 Nov 2026 15:00:10 +0000"), R"("/2010-04-01/x.json?Page=1")");
  CHECK(more.kind == LookupAnswer::Kind::more);
  CHECK(more.candidates.size() == 1);
  REQUIRE(more.next.has_value());
  CHECK(std::get<HttpRequest>(*more.next).url == "https://api.twilio.com/2010-04-01/x.json?Page=1");
}

TEST_CASE("Twilio: a list that cannot be read settles nothing") {
  const Outgoing doubt = sample_text();
  for (const WireResult& result : {answer(500, "{}"), answer(200, "{"), answer(200, R"({"messages":5})"),
                                   answer(200, R"({"messages":[]})", false), WireResult{}}) {
    const LookupAnswer told = make()->read_lookup(doubt, std::span(&doubt, 1), result);
    CHECK(told.kind == LookupAnswer::Kind::unknown);
    CHECK_FALSE(told.error.empty());
  }
}

}  // namespace avisloop
