#include <doctest/doctest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <ostream>

#include "core/providers/all.h"
#include "tests/providers/outgoing.h"

// What tests/contract/run drives through Prism, which compares each exchange with the provider's own description. The
// cases do nothing without it.

namespace avisloop {
namespace {

using Kind = SendOutcome::Kind;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

/// Sends and answers the outcomes, through a transport of its own.
std::vector<SendOutcome> send(const Provider& provider, const std::vector<Outgoing>& messages) {
  return provider.read_send(messages, exchange(*make_transport(2), provider.build_send(messages)));
}

LookupAnswer look_up(const Provider& provider, const Outgoing& doubt, const std::vector<Outgoing>& batch) {
  const auto transport = make_transport(2);
  LookupAnswer answer = provider.read_lookup(doubt, batch, exchange(*transport, *provider.build_lookup(doubt, batch)));
  while (answer.kind == LookupAnswer::Kind::more) {
    answer = provider.read_lookup(doubt, batch, exchange(*transport, *answer.next));
  }
  return answer;
}

}  // namespace

TEST_CASE("contract: Twilio's description holds for a text from a number and from a service, and for the list") {
  const std::string url = variable("AVISLOOP_CONTRACT_TWILIO_URL");
  if (url.empty()) return;
  OrgSettings settings = test::sample_settings();
  settings.sms.provider = SmsProvider::twilio;
  settings.twilio.base_url = url;
  settings.twilio.status_callback_url = "https://joes.test/callback?key=1&x=2";
  for (const char* service : {"", "MG00000000000000000000000000000001"}) {
    settings.twilio.messaging_service_sid = service;
    const auto provider = std::move(make_provider(Channel::sms, settings).value());
    Outgoing message = test::sample_text();
    message.text += service;
    message.window_end = message.started_at + kHour;
    message.started_at = Instant{};  // the emulator's clock is the host's
    const auto sent = send(*provider, {message});
    CHECK(sent.at(0).kind == Kind::accepted);
    CHECK(sent.at(0).provider_id.starts_with("SM"));
    const LookupAnswer found = look_up(*provider, message, {message});
    CHECK(found.kind == LookupAnswer::Kind::found);
    CHECK(found.candidates.at(0).provider_id == sent.at(0).provider_id);
    message.to = "+15005550004";
    CHECK(send(*provider, {message}).at(0).error_class == ErrorClass::recipient_opted_out);
    CHECK(look_up(*provider, message, {message}).kind == LookupAnswer::Kind::absent);
  }
}

TEST_CASE("contract: Resend's description holds for one email, a batch and their repeats") {
  const std::string url = variable("AVISLOOP_CONTRACT_RESEND_URL");
  if (url.empty()) return;
  OrgSettings settings = test::sample_settings();
  settings.email.provider = EmailProvider::resend;
  settings.resend.base_url = url;
  const auto provider = std::move(make_provider(Channel::email, settings).value());
  for (const std::size_t count : {1U, 3U}) {
    std::vector<Outgoing> batch(count, test::sample_email());
    for (std::size_t i = 0; i < count; ++i) {
      batch[i].message.bytes[15] = static_cast<std::uint8_t>(i);
      batch[i].idempotency_key = "contract-" + std::to_string(count);
    }
    if (count > 1) batch[1].to = "refused@example.com";
    const auto sent = send(*provider, batch);
    CHECK(sent.front().kind == Kind::accepted);
    CHECK_FALSE(sent.back().provider_id.empty());
    if (count > 1) CHECK(sent[1].kind == Kind::rejected);
    const LookupAnswer again = look_up(*provider, batch.back(), batch);
    CHECK(again.candidates.at(0).provider_id == sent.back().provider_id);
  }
}

}  // namespace avisloop
