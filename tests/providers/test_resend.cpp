#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <ostream>

#include "core/providers/all.h"
#include "tests/providers/outgoing.h"

namespace avisloop {
namespace {

using Kind = SendOutcome::Kind;
using test::sample_email;
using test::sample_settings;

std::unique_ptr<Provider> make() {
  OrgSettings settings = sample_settings();
  settings.email.provider = EmailProvider::resend;
  return std::move(make_provider(Channel::email, settings).value());
}

std::vector<Outgoing> batch_of(int count) {
  std::vector<Outgoing> batch(static_cast<std::size_t>(count), sample_email());
  for (int i = 0; i < count; ++i) {
    batch[static_cast<std::size_t>(i)].message.bytes[15] = static_cast<std::uint8_t>(i + 1);
    batch[static_cast<std::size_t>(i)].to = "c" + std::to_string(i) + "@customer.test";
  }
  return batch;
}

WireResult answer(int status, std::string body, bool complete = true) {
  WireResult result;
  result.stage = WireStage::answered;
  result.status = status;
  result.body = std::move(body);
  result.body_complete = complete;
  return result;
}

std::string header(const HttpRequest& request, std::string_view wanted) {
  for (const auto& [name, value] : request.headers) {
    if (name == wanted) return value;
  }
  return {};
}

SendOutcome refused(int status, const std::string& name) {
  const auto batch = batch_of(1);
  return make()->read_send(batch, answer(status, nlohmann::json{{"name", name}, {"message", "no"}}.dump())).at(0);
}

}  // namespace

TEST_CASE("Resend: one email is sent alone, with key, tags and unsubscribe headers") {
  const auto batch = batch_of(1);
  const auto request = std::get<HttpRequest>(make()->build_send(batch));
  CHECK(request.url == "https://api.resend.com/emails");
  CHECK(request.repeatable);
  CHECK(header(request, "Authorization") == "Bearer re_key");
  CHECK(header(request, "Idempotency-Key") == "key-1");
  CHECK(header(request, "x-batch-validation").empty());
  const auto body = nlohmann::json::parse(request.body);
  CHECK(body["from"] == sample_email().from);
  CHECK(body["to"] == nlohmann::json::array({"c0@customer.test"}));
  CHECK(body["subject"] == sample_email().subject);
  CHECK(body["text"] == sample_email().text);
  CHECK(body["html"] == sample_email().html);
  CHECK(body["reply_to"] == "office@joes.test");
  CHECK(body["headers"]["List-Unsubscribe"] == "<https://joes.test/u/abc?x=1>");
  CHECK(body["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click");
  CHECK(body["tags"][0]["value"] == "joes");
  CHECK(body["tags"][1]["value"] == to_string(batch[0].message));
}

TEST_CASE("Resend: several emails are one batch in which the good ones go") {
  auto batch = batch_of(4);
  batch[1].to = "nobody";
  const auto request = std::get<HttpRequest>(make()->build_send(batch));
  CHECK(request.url == "https://api.resend.com/emails/batch");
  CHECK(header(request, "x-batch-validation") == "permissive");
  CHECK(nlohmann::json::parse(request.body).size() == 3);
  const auto outcomes = make()->read_send(
      batch, answer(200, R"({"data":[{"id":"a"},{"id":"b"}],"errors":[{"index":1,"message":"bad"}]})"));
  REQUIRE(outcomes.size() == 4);
  CHECK(outcomes[0].provider_id == "a");
  CHECK(outcomes[0].cost_micros == 400);
  CHECK(outcomes[1].kind == Kind::rejected);
  CHECK(outcomes[1].error_code == "unsendable");
  CHECK(outcomes[2].kind == Kind::rejected);
  CHECK(outcomes[2].error_text == "bad");
  CHECK(outcomes[3].kind == Kind::accepted);
  CHECK(outcomes[3].provider_id == "b");
}

TEST_CASE("Resend: a success that cannot be read is accepted without ids") {
  const auto batch = batch_of(2);
  for (const WireResult& result : {answer(200, "{"), answer(200, R"({"data":[{"id":"a"},{"id":"b"}]})", false),
                                   answer(200, R"({"data":7,"errors":"x"})")}) {
    for (const SendOutcome& outcome : make()->read_send(batch, result)) {
      CHECK(outcome.kind == Kind::accepted);
      CHECK(outcome.provider_id.empty());
    }
  }
}

TEST_CASE("Resend: every answer has its class") {
  const auto is = [](const SendOutcome& outcome, Kind kind, ErrorClass error_class) {
    CAPTURE(outcome.error_code);
    CHECK(outcome.kind == kind);
    CHECK(outcome.error_class == error_class);
  };
  is(refused(422, "validation_error"), Kind::rejected, ErrorClass::permanent);
  is(refused(403, "validation_error"), Kind::deferred, ErrorClass::account_stopped);
  is(refused(401, "missing_api_key"), Kind::deferred, ErrorClass::account_stopped);
  is(refused(409, "concurrent_idempotent_requests"), Kind::in_doubt, ErrorClass::unknown_outcome);
  is(refused(409, "invalid_idempotent_request"), Kind::in_doubt, ErrorClass::unknown_outcome);
  is(refused(429, "rate_limit_exceeded"), Kind::deferred, ErrorClass::rate_limited);
  is(refused(429, "monthly_quota_exceeded"), Kind::deferred, ErrorClass::account_stopped);
  is(refused(500, "application_error"), Kind::in_doubt, ErrorClass::unknown_outcome);
}

TEST_CASE("Resend: a doubt is settled by the same bytes under the same key") {
  const auto batch = batch_of(3);
  const auto provider = make();
  const auto sent = std::get<HttpRequest>(provider->build_send(batch));
  const auto asked = std::get<HttpRequest>(provider->build_lookup(batch[1], batch).value());
  CHECK(asked.body == sent.body);
  CHECK(asked.headers == sent.headers);
  CHECK(asked.url == sent.url);
  const auto told =
      provider->read_lookup(batch[1], batch, answer(200, R"({"data":[{"id":"a"},{"id":"b"},{"id":"c"}]})"));
  CHECK(told.kind == LookupAnswer::Kind::found);
  CHECK(told.candidates.at(0).provider_id == "b");
  CHECK(provider->read_lookup(batch[1], batch, answer(409, R"({"name":"concurrent_idempotent_requests"})")).kind ==
        LookupAnswer::Kind::unknown);
  CHECK(provider->read_lookup(batch[1], batch, answer(429, R"({"name":"rate_limit_exceeded"})")).kind ==
        LookupAnswer::Kind::unknown);
  CHECK(provider->read_lookup(batch[1], batch, answer(422, R"({"name":"validation_error"})")).candidates.at(0).kind ==
        Kind::rejected);
}

}  // namespace avisloop
