#include "tests/providers/outgoing.h"

namespace avisloop::test {

Outgoing sample_text() {
  Outgoing message;
  message.message = parse_id("0192f7a0-0000-7000-8000-000000000001").value();
  message.attempt = 2;
  message.channel = Channel::sms;
  message.to = "+15125550142";
  message.text = "Hi Ana & Bo, 100% done + paid? é";
  message.org_key = "joes";
  message.idempotency_key = "key-1";
  message.started_at = parse_instant("2026-11-24T15:00:00Z").value();
  message.not_after = message.started_at + kHour;
  message.window_end = Instant::max();
  return message;
}

Outgoing sample_email() {
  Outgoing message = sample_text();
  message.channel = Channel::email;
  message.to = "ana@customer.test";
  message.to_name = "Ana Núñez";
  message.from = "Joe's Plumbing, Inc. <joe@joes.test>";
  message.reply_to = "office@joes.test";
  message.subject =
      "Merci für Ihren Auftrag – wie war es? 🔧 A long subject that has to be cut into several encoded words";
  message.text = "Hello Ana,\n.a dot at the start\n\nhow was it? = équals " + std::string(200, 'x') + " \nBye\t\n";
  message.html = "<p>Hello <b>Ana</b>, how was it? é</p>";
  message.unsubscribe = "https://joes.test/u/abc?x=1";
  return message;
}

OrgSettings sample_settings() {
  OrgSettings settings;
  settings.twilio.account_sid = "AC00000000000000000000000000000001";
  settings.twilio.auth_token.value = "token";
  settings.twilio.from = "+15125550100";
  settings.resend.api_key.value = "re_key";
  settings.email.from = "Joe's Plumbing <joe@joes.test>";
  settings.smtp.url = "smtp://127.0.0.1:2525";
  settings.prices.email_micros = 400;
  return settings;
}

}  // namespace avisloop::test
