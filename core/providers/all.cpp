#include "core/providers/all.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/net/mime.h"
#include "core/providers/vendors.h"

namespace avisloop {
namespace {

Result<> require(bool set, std::string_view section, std::string_view key, std::string_view provider) {
  if (set) return {};
  std::string variable = fmt::format("AVISLOOP_{}_{}", section, key);
  std::transform(variable.begin(), variable.end(), variable.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return fail(Fault::config, fmt::format("[{}] {} is not set", section, key),
              fmt::format("{} needs it: set it in the configuration file or as {}", provider, variable));
}

/// An email needs a sender that a mail program can show and answer.
Result<> require_sender(const OrgSettings& settings, std::string_view provider) {
  AVIS_TRY(require(!settings.email.from.empty(), "email", "from", provider));
  if (is_wire_safe_address(parse_mailbox(settings.email.from).address)) return {};
  return fail(Fault::config, fmt::format("[email] from is no sender: {}", settings.email.from),
              "write it as \"Name <address>\"");
}

Result<std::unique_ptr<Provider>> checked_twilio(const OrgSettings& settings) {
  const auto& twilio = settings.twilio;
  AVIS_TRY(require(!twilio.account_sid.empty(), "twilio", "account_sid", "twilio"));
  AVIS_TRY(require(!twilio.auth_token.empty(), "twilio", "auth_token", "twilio"));
  const bool has_sender = !twilio.messaging_service_sid.empty() || !twilio.from.empty();
  AVIS_TRY(require(has_sender, "twilio", "messaging_service_sid", "twilio"));
  AVIS_TRY(check_base_url("[twilio] base_url", twilio.base_url));
  return make_twilio(settings);
}

Result<std::unique_ptr<Provider>> checked_resend(const OrgSettings& settings) {
  AVIS_TRY(require(!settings.resend.api_key.empty(), "resend", "api_key", "resend"));
  AVIS_TRY(require_sender(settings, "resend"));
  AVIS_TRY(check_base_url("[resend] base_url", settings.resend.base_url));
  return make_resend(settings);
}

Result<std::unique_ptr<Provider>> checked_smtp(const OrgSettings& settings) {
  AVIS_TRY(require(!settings.smtp.url.empty(), "smtp", "url", "smtp"));
  if (!settings.smtp.url.starts_with("smtp://") && !settings.smtp.url.starts_with("smtps://")) {
    return fail(Fault::config, fmt::format("[smtp] url is no mail server: {}", settings.smtp.url),
                "write it as smtp://host:587 or smtps://host:465");
  }
  AVIS_TRY(require_sender(settings, "smtp"));
  return make_smtp(settings);
}

}  // namespace

Result<std::unique_ptr<Provider>> make_provider(Channel channel, const OrgSettings& settings) {
  if (channel == Channel::sms) {
    if (settings.sms.provider == SmsProvider::twilio) return checked_twilio(settings);
  } else {
    if (settings.email.provider == EmailProvider::resend) return checked_resend(settings);
    if (settings.email.provider == EmailProvider::smtp) return checked_smtp(settings);
  }
  AVIS_TRY(require(!settings.outbox.directory.empty(), "outbox", "directory", "outbox"));
  return make_outbox(channel, settings);
}

}  // namespace avisloop
