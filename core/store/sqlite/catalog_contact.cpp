#include <fmt/format.h>

#include "core/base/text.h"
#include "core/store/codec.h"
#include "core/store/sqlite/catalog.h"
#include "core/store/sqlite/rows.h"
#include "core/store/sqlite/stopping.h"

namespace avisloop::sqlite {
namespace {

std::string taken(const Contact& contact) {
  return fmt::format("a contact with the external id `{}` exists already", contact.external_id);
}

tl::unexpected<Error> missing(const Id& id) {
  return fail(Fault::data, fmt::format("the contact {} does not exist", to_string(id)));
}

/// A LIKE pattern (escape `\`) for text that has `part` in it, in lower case.
std::string like_pattern(std::string_view part) {
  if (part.empty()) return {};
  std::string pattern = "%";
  for (const char c : lower_ascii(part)) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern += '%';
}

}  // namespace

Result<> Catalog::create_contact(OrgId org, const Contact& contact) {
  return written(connection(), taken(contact), [&]() -> Result<> {
    connection()
        .query("insert_contact")
        .with(org, contact.id, contact.external_id, contact.first_name, contact.last_name, contact.email, contact.phone,
              contact.phone_raw, contact.state, contact.zip, contact.time_zone, contact.language,
              encode_list(contact.tags), encode_map(contact.custom), contact.phone_problem, contact.email_problem,
              contact.created_at, contact.updated_at)
        .run();
    return {};
  });
}

Result<> Catalog::update_contact(OrgId org, const Contact& contact, Instant now) {
  return written(connection(), taken(contact), [&]() -> Result<> {
    const int changed = connection()
                            .query("update_contact")
                            .with(org, contact.id, contact.external_id, contact.first_name, contact.last_name,
                                  contact.email, contact.phone, contact.phone_raw, contact.state, contact.zip,
                                  contact.time_zone, contact.language, encode_list(contact.tags),
                                  encode_map(contact.custom), contact.phone_problem, contact.email_problem, now)
                            .run();
    if (changed == 0) return missing(contact.id);
    release_place_waits(connection(), org, contact.id, now);
    return {};
  });
}

Result<std::optional<Contact>> Catalog::find_contact(OrgId org, const Id& id) {
  return guarded(connection(), [&] {
    Query query = connection().query("find_contact");
    return read_one(query.with(org, id), read_contact);
  });
}

Result<std::optional<Contact>> Catalog::find_contact_by_key(OrgId org, std::string_view key) {
  return guarded(connection(), [&]() -> Result<std::optional<Contact>> {
    const std::string lower_key = lower_ascii(key);
    const std::pair<std::string_view, std::string_view> looks[] = {{"contact_by_external_id", key},
                                                                   {"contact_by_phone", key},
                                                                   {"contact_by_email", key},
                                                                   {"contact_by_email", lower_key}};
    Read read(connection());
    for (const auto& [statement, value] : looks) {
      Query query = connection().query(statement);
      AVIS_TRY_ASSIGN(std::optional<Contact> found, read_one(query.with(org, value, ""), read_contact));
      if (found) return found;
    }
    return std::nullopt;
  });
}

Result<std::vector<Contact>> Catalog::list_contacts(OrgId org, const ContactFilter& filter, Page page) {
  return guarded(connection(), [&] {
    std::string tag;
    if (!filter.tag.empty()) append_json_text(tag, filter.tag);
    const std::string pattern = like_pattern(filter.search);
    Query query = connection().query("list_contacts");
    return read_all(query.with(org, tag, pattern, page.limit, page.offset), read_contact);
  });
}

Result<CancelOutcome> Catalog::delete_contact(OrgId org, const Id& id, Instant now) {
  return written(connection(), [&]() -> Result<CancelOutcome> {
    const CancelOutcome outcome = stop_contact(connection(), org, id, {"contact_deleted", {}, now, std::nullopt});
    connection().query("delete_contact_jobs").with(org, id).run();
    if (connection().query("delete_contact").with(org, id).run() == 0) return missing(id);
    return outcome;
  });
}

}  // namespace avisloop::sqlite
