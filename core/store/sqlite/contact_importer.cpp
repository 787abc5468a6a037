#include "core/store/sqlite/contact_importer.h"

#include <algorithm>

#include "core/store/codec.h"
#include "core/store/sqlite/intake.h"
#include "core/store/sqlite/rows.h"
#include "core/store/sqlite/stopping.h"

namespace avisloop::sqlite {
namespace {

/// A text field of a contact and its column in the statements that answer contacts.
struct TextField {
  std::string Contact::*member;
  int column;
};

constexpr int kPhoneColumn = 5;
constexpr int kTagsColumn = 11;
constexpr int kCustomColumn = 12;
constexpr TextField kTextFields[] = {{&Contact::external_id, 1}, {&Contact::first_name, 2}, {&Contact::last_name, 3},
                                     {&Contact::email, 4},       {&Contact::phone, 5},      {&Contact::phone_raw, 6},
                                     {&Contact::state, 7},       {&Contact::zip, 8},        {&Contact::time_zone, 9},
                                     {&Contact::language, 10}};

/// Whether the row's field is to be taken: it says something, and it is not the text of a number that could not be read
/// beside one that could.
bool speaks(const TextField& field, const Contact& row, std::string_view stored_phone) {
  if ((row.*field.member).empty()) return false;
  return field.member != &Contact::phone_raw || !row.phone.empty() || stored_phone.empty();
}

bool texts_differ(const Contact& row, const Query& stored) {
  return std::any_of(std::begin(kTextFields), std::end(kTextFields), [&](const TextField& field) {
    return speaks(field, row, stored.view(kPhoneColumn)) && stored.view(field.column) != row.*field.member;
  });
}

/// Whether the row's tags or custom fields may add something; when in doubt, yes.
bool lists_differ(const Contact& row, const Query& stored) {
  return (!row.tags.empty() && encode_list(row.tags) != stored.view(kTagsColumn)) ||
         (!row.custom.empty() && encode_map(row.custom) != stored.view(kCustomColumn));
}

/// Lays what the row says over the stored contact; true = that changed something.
bool lay_over(Contact& stored, const Contact& row) {
  bool changed = false;
  const std::string stored_phone = stored.phone;
  for (const TextField& field : kTextFields) {
    if (!speaks(field, row, stored_phone) || stored.*field.member == row.*field.member) continue;
    stored.*field.member = row.*field.member;
    changed = true;
  }
  for (const std::string& tag : row.tags) {
    if (std::find(stored.tags.begin(), stored.tags.end(), tag) != stored.tags.end()) continue;
    stored.tags.push_back(tag);
    changed = true;
  }
  for (const auto& [name, value] : row.custom) {
    if (value.empty()) continue;
    std::string& known = stored.custom[name];
    changed = changed || known != value;
    known = value;
  }
  return changed;
}

bool place_differs(const Contact& a, const Contact& b) {
  return a.state != b.state || a.zip != b.zip || a.time_zone != b.time_zone || a.phone != b.phone;
}

}  // namespace

ContactImporter::ContactImporter(Shared& shared, OrgId org, ConflictPolicy policy, Instant now)
    : shared_(shared), org_(org), policy_(policy), now_(now) {
  Query query = connection().query("org_has_suppressions");
  org_has_suppressions_ = query.with(org).next();
}

Result<ContactOutcome> ContactImporter::store(const ContactRow& row) {
  ContactOutcome outcome;
  if (std::optional<Query> stored = find_same(row.contact)) {
    if (policy_ == ConflictPolicy::skip) {
      outcome.contact = stored->id(0);
      store_consents(row, true);
    } else {
      AVIS_TRY_ASSIGN(outcome, merge(row.contact, std::move(*stored)));
      if (store_consents(row, false)) outcome.effect = RowEffect::updated;
    }
  } else {
    insert(row.contact);
    store_consents(row, false);
    outcome.effect = RowEffect::created;
    outcome.contact = row.contact.id;
  }
  outcome.opted_out_kept =
      is_suppressed(Channel::sms, row.contact.phone) || is_suppressed(Channel::email, row.contact.email);
  return outcome;
}

std::optional<Query> ContactImporter::find_same(const Contact& row) {
  const std::pair<std::string_view, const std::string&> looks[] = {
      {"contact_by_external_id", row.external_id}, {"contact_by_phone", row.phone}, {"contact_by_email", row.email}};
  for (const auto& [statement, value] : looks) {
    if (value.empty()) continue;
    Query query = connection().query(statement);
    if (query.with(org_, value, row.external_id).next()) return query;
  }
  return std::nullopt;
}

Result<ContactOutcome> ContactImporter::merge(const Contact& row, Query stored) {
  ContactOutcome outcome;
  outcome.contact = stored.id(0);
  if (!texts_differ(row, stored) && !lists_differ(row, stored)) return outcome;
  AVIS_TRY_ASSIGN(const Contact before, read_contact(stored));
  Contact contact = before;
  if (!lay_over(contact, row)) return outcome;
  update(contact);
  if (place_differs(contact, before)) release_place_waits(connection(), org_, contact.id, now_);
  outcome.effect = RowEffect::updated;
  return outcome;
}

void ContactImporter::insert(const Contact& contact) {
  connection()
      .query("insert_contact")
      .with(org_, contact.id, contact.external_id, contact.first_name, contact.last_name, contact.email, contact.phone,
            contact.phone_raw, contact.state, contact.zip, contact.time_zone, contact.language,
            encode_list(contact.tags), encode_map(contact.custom), contact.phone_problem, contact.email_problem,
            contact.created_at, contact.updated_at)
      .run();
}

void ContactImporter::update(const Contact& contact) {
  connection()
      .query("update_contact")
      .with(org_, contact.id, contact.external_id, contact.first_name, contact.last_name, contact.email, contact.phone,
            contact.phone_raw, contact.state, contact.zip, contact.time_zone, contact.language,
            encode_list(contact.tags), encode_map(contact.custom), contact.phone_problem, contact.email_problem, now_)
      .run();
}

/// Evidence belongs to the address, so a withdrawal is kept even where the contact is to be left as it is.
bool ContactImporter::store_consents(const ContactRow& row, bool only_withdrawals) {
  bool any = false;
  const auto store_all = [&](const std::vector<Consent>& consents, bool dated) {
    for (const Consent& consent : consents) {
      if (only_withdrawals && consent.given) continue;
      if (insert_consent(connection(), org_, consent, dated)) any = true;
    }
  };
  store_all(row.consents, true);
  store_all(row.undated_consents, false);
  return any;
}

bool ContactImporter::is_suppressed(Channel channel, const std::string& address) {
  if (!org_has_suppressions_ || address.empty()) return false;
  const std::vector<std::uint8_t> hash = shared_.hasher.hash(channel, address);
  Query query = connection().query("is_suppressed");
  return query.with(org_, to_string(channel), hash).next();
}

}  // namespace avisloop::sqlite
