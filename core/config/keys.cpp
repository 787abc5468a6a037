#include "core/config/keys.h"

#include <algorithm>

namespace avisloop {
namespace {

using std::chrono::seconds;
using Reach = KeyRow::Reach;

constexpr std::int64_t kMostPerPeriod = 1'000'000'000;

Slot text(std::string& target, std::string_view type, std::string (*check)(std::string_view)) {
  return TextSlot{&target, type, check, true};
}
Slot needed_text(std::string& target, std::string_view type, std::string (*check)(std::string_view)) {
  return TextSlot{&target, type, check, false};
}
Slot count(std::int64_t& target) {
  return NumberSlot{&target, 0, kMostPerPeriod};
}

/// `log.format` is a word in the file and a switch in the program.
Slot log_format(bool& json) {
  return ChoiceSlot{
      &json,
      [](void* place, std::string_view word) {
        if (word != "json" && word != "text") return false;
        *static_cast<bool*>(place) = word == "json";
        return true;
      },
      [](const void* place) -> std::string_view { return *static_cast<const bool*>(place) ? "json" : "text"; },
      [] { return std::string("text or json"); }};
}

Slot unused_text(Settings&, OrgSettings&) {
  return UnusedSlot{"text", "\"\""};
}
Slot unused_duration(Settings&, OrgSettings&) {
  return UnusedSlot{"duration", "\"\""};
}

// The parameters of every slot function: `s` the program's settings, `o` those of the org (or of all orgs).
#define AVIS_SLOT(expression)               \
  [](Settings& s, OrgSettings& o) -> Slot { \
    (void)s, (void)o;                       \
    return expression;                      \
  }

std::vector<KeyRow> sending_rows() {
  return {
      {"sms", "provider", AVIS_SLOT(choice_slot(o.sms.provider)),
       "What carries texts: \"outbox\" writes them into a folder, \"twilio\" sends them."},
      {"sms",
       "enabled",
       AVIS_SLOT(ToggleSlot{&o.sms.enabled}),
       "false stops all texts; sms.on_disabled says what "
       "becomes of them.",
       Reach::org,
       {"SMS_ENABLED"}},
      {"sms", "on_disabled", AVIS_SLOT(choice_slot(o.sms.on_disabled)),
       "While texts are stopped: \"hold\" them, send an \"email\" instead, or \"skip\" them."},
      {"email", "provider", AVIS_SLOT(choice_slot(o.email.provider)),
       "What carries emails: \"outbox\" writes them into a folder, \"resend\" and \"smtp\" send them."},
      {"email", "from", AVIS_SLOT(text(o.email.from, "email address", check_mailbox)),
       "Sender of emails, such as \"Acme Plumbing <hello@acme.example>\"."},
      {"email", "reply_to", AVIS_SLOT(text(o.email.reply_to, "email address", check_mailbox)),
       "Where answers to emails go; the sender if it is not set."},
      {"outbox", "directory", AVIS_SLOT(needed_text(o.outbox.directory, "path", check_any)),
       "Folder of the outbox carrier. A relative path starts at the current folder: use an absolute one for cron."},
      {"twilio",
       "account_sid",
       AVIS_SLOT(text(o.twilio.account_sid, "text", check_account_sid)),
       "Account SID, from the first page of Twilio's console; begins with AC.",
       Reach::org,
       {"TWILIO_ACCOUNT_SID"}},
      {"twilio",
       "auth_token",
       AVIS_SLOT(SecretSlot{&o.twilio.auth_token}),
       "Auth token of that account.",
       Reach::org,
       {"TWILIO_AUTH_TOKEN"}},
      {"twilio",
       "messaging_service_sid",
       AVIS_SLOT(text(o.twilio.messaging_service_sid, "text", check_service_sid)),
       "Messaging service that picks the sender; begins with MG. Goes before twilio.from.",
       Reach::org,
       {"TWILIO_MESSAGING_SERVICE_SID"}},
      {"twilio",
       "from",
       AVIS_SLOT(text(o.twilio.from, "phone number", check_sender_number)),
       "Number that texts come from, such as \"+15125550142\", or a short code.",
       Reach::org,
       {"TWILIO_PHONE_NUMBER"}},
      {"twilio",
       "status_callback_url",
       AVIS_SLOT(text(o.twilio.status_callback_url, "URL", check_https_url)),
       "Where Twilio reports deliveries to.",
       Reach::org,
       {"TWILIO_STATUS_CALLBACK_URL"}},
      {"twilio", "base_url", AVIS_SLOT(needed_text(o.twilio.base_url, "URL", check_https_url)),
       "Address of Twilio's interface. https, or http at the loopback address for tests."},
      {"resend",
       "api_key",
       AVIS_SLOT(SecretSlot{&o.resend.api_key}),
       "API key, from Resend's dashboard.",
       Reach::org,
       {"RESEND_API_KEY"}},
      {"resend", "base_url", AVIS_SLOT(needed_text(o.resend.base_url, "URL", check_https_url)),
       "Address of Resend's interface. https, or http at the loopback address for tests."},
      {"smtp", "url", AVIS_SLOT(text(o.smtp.url, "URL", check_smtp_url)),
       "Mail server: \"smtp://mail.example.com:587\" (STARTTLS) or \"smtps://mail.example.com:465\"."},
      {"smtp", "username", AVIS_SLOT(text(o.smtp.username, "text", check_any)), "User at the mail server."},
      {"smtp", "password", AVIS_SLOT(SecretSlot{&o.smtp.password}), "Password at the mail server."},
      {"smtp", "tls", AVIS_SLOT(choice_slot(o.smtp.tls)),
       "\"none\" sends mail unencrypted: only for a server on this machine or network, and never with a password "
       "beyond the loopback address."},
      {"smtp", "in_doubt", AVIS_SLOT(choice_slot(o.smtp.in_doubt)),
       "An email that may have been sent, when the server fell silent: \"hold\" it for a person, or \"resend\" it "
       "(somebody may get it twice)."},
  };
}

std::vector<KeyRow> rule_rows() {
  return {
      {"limits", "sms_per_second", AVIS_SLOT(count(o.limits.sms_per_second)),
       "Most texts in any second; 0 = no limit."},
      {"limits",
       "sms_per_minute",
       AVIS_SLOT(count(o.limits.sms_per_minute)),
       "Most texts in any minute; 0 = no limit.",
       Reach::org,
       {"SMS_RATE_LIMIT_PER_MINUTE"}},
      {"limits",
       "sms_per_hour",
       AVIS_SLOT(count(o.limits.sms_per_hour)),
       "Most texts in any hour; 0 = no limit.",
       Reach::org,
       {"SMS_RATE_LIMIT_PER_HOUR"}},
      {"limits", "sms_per_day", AVIS_SLOT(count(o.limits.sms_per_day)), "Most texts in any 24 hours; 0 = no limit."},
      {"limits", "email_per_minute", AVIS_SLOT(count(o.limits.email_per_minute)),
       "Most emails in any minute; 0 = no limit."},
      {"limits", "contact_sms_per_day", AVIS_SLOT(count(o.limits.contact_sms_per_day)),
       "Most texts to one person in any 24 hours; 0 = no limit."},
      {"limits", "contact_email_per_day", AVIS_SLOT(count(o.limits.contact_email_per_day)),
       "Most emails to one person in any 24 hours; 0 = no limit."},
      {"quiet_hours", "profile", AVIS_SLOT(choice_slot(o.quiet_hours.profile)),
       "\"safe\" keeps the house's own narrower hours, \"legal\" only those of the law."},
      {"quiet_hours", "closed_dates", AVIS_SLOT(DatesSlot{&o.quiet_hours.closed_dates}),
       "Days on which nothing goes out, in the customer's own date: [2026-12-25, 2027-01-01]."},
      {"quiet_hours", "stopped_states", AVIS_SLOT(StatesSlot{&o.quiet_hours.stopped_states}),
       "States to which nothing goes out, for instance after a disaster: [\"US-FL\"]."},
      {"prices", "sms_segment_usd", AVIS_SLOT(MoneySlot{&o.prices.sms_segment_micros}),
       "What a segment of a text costs, for estimates and reports."},
      {"prices", "email_usd", AVIS_SLOT(MoneySlot{&o.prices.email_micros}),
       "What an email costs, for estimates and reports."},
  };
}

std::vector<KeyRow> program_rows() {
  return {
      {"store",
       "url",
       AVIS_SLOT(needed_text(s.store_url, "store address", check_store_url)),
       "Where everything is kept: \"sqlite:PATH\". A relative path starts at the current folder: use an absolute one "
       "for cron.",
       Reach::program,
       {"DATABASE_URL"}},
      {"run", "max_runtime", AVIS_SLOT((DurationSlot{&s.run.max_runtime, seconds{1}, kDay})),
       "A run ends before this, so that the next one of cron finds the way free.", Reach::program},
      {"run", "max_in_flight", AVIS_SLOT((NumberSlot{&s.run.max_in_flight, 1, 500})),
       "Most requests under way at once.", Reach::program},
      {"run", "absent", AVIS_SLOT(choice_slot(s.run.absent)),
       "A text in doubt that the provider's list does not have, in two looks an hour apart: \"resend\" it, or "
       "\"hold\" it for a person.",
       Reach::program},
      {"log", "level", AVIS_SLOT(choice_slot(s.log.level)), "How much is written to standard error.", Reach::program},
      {"log", "format", AVIS_SLOT(log_format(s.log.json)), "Lines for people, or JSON for a log collector.",
       Reach::program},
  };
}

/// Keys that scripts and files may have already, because the contract names them.
std::vector<KeyRow> unused_rows() {
  return {
      {"twilio",
       "verify_service_sid",
       unused_text,
       "Service for phone verification.",
       Reach::org,
       {"TWILIO_VERIFY_SERVICE_SID"}},
      {"twilio", "verify_base_url", unused_text, "Address of Twilio's verification interface."},
      {"twilio", "messaging_base_url", unused_text, "Address of Twilio's messaging service interface."},
      {"resend", "webhook_secret", unused_text, "Signing secret of Resend's webhook.", Reach::org, {}, true},
      {"openai", "api_key", unused_text, "API key of OpenAI.", Reach::org, {"OPENAI_API_KEY"}, true},
      {"openai", "model", unused_text, "Model of OpenAI that writes."},
      {"openai", "base_url", unused_text, "Address of OpenAI's interface."},
      {"anthropic", "api_key", unused_text, "API key of Anthropic.", Reach::org, {"ANTHROPIC_API_KEY"}, true},
      {"anthropic", "model", unused_text, "Model of Anthropic that writes."},
      {"anthropic", "base_url", unused_text, "Address of Anthropic's interface."},
      {"writing", "order", AVIS_SLOT((UnusedSlot{"list of providers", "[]"})), "Which writer is asked first."},
      {"writing", "timeout", unused_duration, "How long a writer may take."},
      {"writing", "daily_budget_usd", AVIS_SLOT((UnusedSlot{"US dollars", "0.0"})),
       "Most that writing may cost a day."},
      {"run", "lateness", unused_duration, "How late a message may still be sent.", Reach::program},
      {"run", "blast_guard", AVIS_SLOT((UnusedSlot{"whole number", "0"})),
       "How many overdue messages make a run stop and ask.", Reach::program},
      {"inbound", "poll", unused_duration, "How often replies are fetched."},
      {"inbound", "max_age", unused_duration, "How old the last look at replies may be."},
      {"webhook", "listen", unused_text, "Address on which the webhook listener waits.", Reach::program},
      {"webhook", "public_url", unused_text, "How the listener is reached from outside.", Reach::program},
      {"webhook", "secret", unused_text, "Secret that signs links.", Reach::program, {}, true},
  };
}

#undef AVIS_SLOT

/// The key's slot in settings that nobody changes: to ask for its kind and its default.
Slot slot_of_defaults(const KeyRow& row) {
  static Settings defaults;
  return row.slot(defaults, defaults.base);
}

std::string shouted(std::string_view text) {
  std::string result;
  for (const char c : text)
    result += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return result;
}

}  // namespace

const std::vector<KeyRow>& key_rows() {
  static const std::vector<KeyRow> rows = [] {
    std::vector<KeyRow> all = program_rows();
    for (auto&& part : {sending_rows(), rule_rows(), unused_rows()})
      all.insert(all.end(), part.begin(), part.end());
    return all;
  }();
  return rows;
}

const KeyRow* find_key(std::string_view section, std::string_view key) {
  const auto& rows = key_rows();
  const auto found = std::find_if(rows.begin(), rows.end(),
                                  [&](const KeyRow& row) { return row.section == section && row.key == key; });
  return found == rows.end() ? nullptr : &*found;
}

bool is_secret(const KeyRow& row) {
  return row.secret_unused || std::holds_alternative<SecretSlot>(slot_of_defaults(row));
}

bool is_used(const KeyRow& row) {
  return !std::holds_alternative<UnusedSlot>(slot_of_defaults(row));
}

std::string environment_name(const KeyRow& row) {
  return "AVISLOOP_" + shouted(row.section) + '_' + shouted(row.key);
}

const std::vector<SettingKey>& setting_keys() {
  static const std::vector<SettingKey> keys = [] {
    std::vector<SettingKey> all;
    for (const KeyRow& row : key_rows()) {
      const Slot slot = slot_of_defaults(row);
      SettingKey key;
      key.section = row.section;
      key.key = row.key;
      key.type = type_of(slot);
      key.fallback = as_toml(slot);
      key.explanation = row.explanation;
      key.secret = is_secret(row);
      key.per_org = row.reach == KeyRow::Reach::org;
      key.used = is_used(row);
      for (const std::string_view name : row.usual_names)
        key.usual_names.emplace_back(name);
      all.push_back(std::move(key));
    }
    return all;
  }();
  return keys;
}

const OrgSettings& Settings::of(std::string_view org_key) const {
  const auto found = orgs.find(std::string(org_key));
  return found == orgs.end() ? base : found->second;
}

}  // namespace avisloop
