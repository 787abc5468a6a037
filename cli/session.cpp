#include "cli/session.h"

#include <fmt/format.h>

#include "core/base/text.h"

namespace avisloop {
namespace {

std::string suggestion(std::string_view word, const std::vector<std::string>& known, std::string_view list_command) {
  if (const auto near = nearest(word, known)) return fmt::format("Did you mean `{}`?", *near);
  return fmt::format("See: {}", list_command);
}

Result<Id> require_id(std::string_view text, std::string_view thing) {
  const auto id = parse_id(text);
  if (!id) {
    return fail(Fault::usage, fmt::format("`{}` is not the id of a {}", printable(text), thing),
                "An id looks like 0192f7a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b.");
  }
  return *id;
}

}  // namespace

Result<Session> open_session(App& app) {
  Session session;
  AVIS_TRY_ASSIGN(session.store, app.store());
  AVIS_TRY_ASSIGN(session.org, app.org());
  AVIS_TRY_ASSIGN(Clock* const clock, app.clock());
  session.now = std::chrono::floor<std::chrono::seconds>(clock->now());
  return session;
}

Result<Contact> require_contact(App& app, const Session& session, std::string_view name) {
  if (const auto id = parse_id(name)) {
    AVIS_TRY_ASSIGN(const std::optional<Contact> found, session.catalog().find_contact(session.org.id, *id));
    if (found) return *found;
  }
  AVIS_TRY_ASSIGN(const std::optional<Contact> by_key, session.catalog().find_contact_by_key(session.org.id, name));
  if (by_key) return *by_key;
  if (const auto phone = read_phone(name, app.parts().check_foreign_number)) {
    AVIS_TRY_ASSIGN(const std::optional<Contact> by_phone,
                    session.catalog().find_contact_by_key(session.org.id, phone->e164));
    if (by_phone) return *by_phone;
  }
  return fail(Fault::data, fmt::format("{} has no contact `{}`", session.org.key, printable(name)),
              "A contact is named by id, external id, phone or email; see: avisloop list contacts --search TEXT");
}

Result<Campaign> require_campaign(const Session& session, std::string_view key) {
  AVIS_TRY_ASSIGN(const std::optional<Campaign> found, session.catalog().find_campaign(session.org.id, key));
  if (found) return *found;
  AVIS_TRY_ASSIGN(const std::vector<Campaign> all, session.catalog().list_campaigns(session.org.id));
  std::vector<std::string> keys;
  for (const Campaign& campaign : all)
    keys.push_back(campaign.key);
  return fail(Fault::data, fmt::format("{} has no campaign `{}`", session.org.key, printable(key)),
              suggestion(key, keys, "avisloop list campaigns"));
}

Result<Template> require_template(const Session& session, std::string_view key) {
  AVIS_TRY_ASSIGN(const std::optional<Template> found, session.catalog().find_template(session.org.id, key));
  if (found) return *found;
  AVIS_TRY_ASSIGN(const std::vector<Template> all, session.catalog().list_templates(session.org.id));
  std::vector<std::string> keys;
  for (const Template& item : all)
    keys.push_back(item.key);
  return fail(Fault::data, fmt::format("{} has no template `{}`", session.org.key, printable(key)),
              suggestion(key, keys, "avisloop list templates"));
}

Result<Job> require_job(const Session& session, std::string_view id) {
  AVIS_TRY_ASSIGN(const Id read, require_id(id, "job"));
  AVIS_TRY_ASSIGN(const std::optional<Job> found, session.catalog().find_job(session.org.id, read));
  if (found) return *found;
  return fail(Fault::data, fmt::format("{} has no job {}", session.org.key, to_string(read)),
              "See: avisloop list jobs");
}

Result<MessageView> require_message(const Session& session, std::string_view id) {
  AVIS_TRY_ASSIGN(const Id read, require_id(id, "message"));
  AVIS_TRY_ASSIGN(const std::optional<MessageView> found, session.catalog().find_message(session.org.id, read));
  if (found) return *found;
  return fail(Fault::data, fmt::format("{} has no message {}", session.org.key, to_string(read)),
              "See: avisloop list messages");
}

}  // namespace avisloop
