#include "cli/contact_options.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/inputs.h"
#include "core/base/text.h"
#include "core/intake/cells.h"
#include "core/rules/place.h"

namespace avisloop {
namespace {

constexpr std::size_t kLongestField = 200;
constexpr std::size_t kLongestWording = 2000;

Result<> apply_line(std::string_view option, const std::optional<std::string>& given, std::string& target) {
  if (!given) return {};
  AVIS_TRY_ASSIGN(target, named(option, read_line(*given, kLongestField)));
  return {};
}

Result<> apply_phone(App& app, const std::optional<std::string>& given, Contact& contact) {
  if (!given) return {};
  contact.phone.clear();
  contact.phone_raw = *given;
  contact.phone_problem.clear();
  if (given->empty()) return {};
  AVIS_TRY_ASSIGN(PhoneReading reading, named("--phone:", read_phone(*given, app.parts().check_foreign_number)));
  contact.phone = std::move(reading.e164);
  return {};
}

Result<> apply_email(const std::optional<std::string>& given, Contact& contact) {
  if (!given) return {};
  contact.email.clear();
  contact.email_problem.clear();
  if (given->empty()) return {};
  AVIS_TRY_ASSIGN(contact.email, named("--email", read_email(*given)));
  return {};
}

Result<> apply_place(const ContactOptions& given, Contact& contact) {
  if (given.state) {
    contact.state = read_state(*given.state);
    if (contact.state.empty() && !given.state->empty()) {
      return fail(Fault::data, fmt::format("--state is `{}`, which is not a state", printable(*given.state)),
                  "Write it as TX, Texas or US-TX.");
    }
  }
  if (given.time_zone) {
    contact.time_zone.clear();
    if (!given.time_zone->empty()) {
      AVIS_TRY_ASSIGN(const Zone* const zone, named("--time-zone", read_time_zone(*given.time_zone)));
      contact.time_zone = zone->name();
    }
  }
  if (given.language) {
    contact.language.clear();
    if (!given.language->empty()) {
      AVIS_TRY_ASSIGN(contact.language, named("--language", read_language(*given.language)));
    }
  }
  return {};
}

void apply_tags(const ContactOptions& given, Contact& contact) {
  for (const std::string& tag : read_list(given.tags)) {
    if (std::find(contact.tags.begin(), contact.tags.end(), tag) == contact.tags.end()) contact.tags.push_back(tag);
  }
  for (const std::string& tag : read_list(given.dropped_tags))
    std::erase(contact.tags, tag);
}

}  // namespace

void ContactOptions::bind(Flags& flags, bool updates) {
  flags.option("--external-id", "ID", external_id, "The contact's id in your own system")
      .option("--name", "NAME", name, "Full name, split into first and last")
      .option("--first-name", "NAME", first_name, "Given name")
      .option("--last-name", "NAME", last_name, "Family name")
      .option("--email", "ADDRESS", email, "Email address")
      .option("--phone", "NUMBER", phone, "Phone number as it is written; kept in E.164")
      .option("--state", "STATE", state, "State of the service address: TX, Texas or US-TX")
      .option("--zip", "ZIP", zip, "Postal code")
      .option("--time-zone", "ZONE", time_zone, "Time zone, such as America/Chicago")
      .option("--language", "TAG", language, "Language, such as es")
      .list("--tag", "TAG", tags, "A tag, or several between commas")
      .list("--custom", "NAME=VALUE", custom, "A field of your own, {{custom.NAME}} in templates");
  if (updates) flags.list("--remove-tag", "TAG", dropped_tags, "A tag to take away");
  flags.option("--sms-consent-source", "TEXT", sms_consent_source, "Records consent to texts: where it comes from")
      .option("--sms-consent-text", "TEXT", sms_consent_text, "The wording that was shown")
      .instant("--sms-consent-at", sms_consent_at, "When it was given (default: now)")
      .option("--email-consent-source", "TEXT", email_consent_source, "Records consent to emails: where it comes from")
      .option("--by", "NAME", by, "Who records the consent (default: your user name)");
}

Result<> ContactOptions::apply(App& app, Contact& contact) const {
  AVIS_TRY(apply_line("--external-id", external_id, contact.external_id));
  if (name) {
    AVIS_TRY_ASSIGN(const std::string line, named("--name", read_line(*name, kLongestField)));
    std::tie(contact.first_name, contact.last_name) = split_name(line);
  }
  AVIS_TRY(apply_line("--first-name", first_name, contact.first_name));
  AVIS_TRY(apply_line("--last-name", last_name, contact.last_name));
  AVIS_TRY(apply_line("--zip", zip, contact.zip));
  AVIS_TRY(apply_email(email, contact));
  AVIS_TRY(apply_phone(app, phone, contact));
  AVIS_TRY(apply_place(*this, contact));
  apply_tags(*this, contact);
  AVIS_TRY_ASSIGN(const auto fields, read_pairs("--custom", custom));
  for (const auto& [field, value] : fields) {
    AVIS_TRY_ASSIGN(contact.custom[field], named("--custom " + field, read_line(value, kLongestField)));
  }
  return {};
}

Result<std::vector<Consent>> ContactOptions::consents(App& app, const Contact& contact, Instant now) const {
  std::vector<Consent> records;
  if (!sms_consent_source && (sms_consent_text || sms_consent_at)) {
    return fail(Fault::usage, "--sms-consent-text and --sms-consent-at need --sms-consent-source TEXT");
  }
  const auto add = [&](Channel channel, const std::string& address, const std::string& source) -> Result<> {
    if (address.empty()) {
      return fail(Fault::data,
                  fmt::format("consent is given for {}, but the contact has no such address", to_string(channel)));
    }
    Consent consent;
    consent.id = app.ids().make(now);
    consent.channel = channel;
    consent.address = address;
    consent.method = "operator";
    AVIS_TRY_ASSIGN(consent.source, named("the consent source", read_line(source, kLongestField)));
    if (consent.source.empty()) return fail(Fault::data, "the source of a consent is empty");
    consent.at = now;
    consent.recorded_by = acting_person(app, by);
    consent.recorded_at = now;
    records.push_back(std::move(consent));
    return {};
  };
  if (sms_consent_source) {
    AVIS_TRY(add(Channel::sms, contact.phone, *sms_consent_source));
    Consent& consent = records.back();
    AVIS_TRY_ASSIGN(consent.wording,
                    named("--sms-consent-text", read_text(sms_consent_text.value_or(""), kLongestWording)));
    consent.at = sms_consent_at.value_or(now);
    if (consent.at > now) return fail(Fault::data, "--sms-consent-at lies in the future");
  }
  if (email_consent_source) AVIS_TRY(add(Channel::email, contact.email, *email_consent_source));
  return records;
}

}  // namespace avisloop
