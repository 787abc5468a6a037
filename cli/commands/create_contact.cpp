#include <fmt/format.h>

#include "cli/command.h"
#include "cli/contact_options.h"
#include "cli/output.h"
#include "cli/records.h"
#include "cli/session.h"

namespace avisloop {
namespace {

struct Options {
  ContactOptions contact;
};

/// An import would merge the rows; a person who creates a contact wants to know that it is there already.
Result<> refuse_known(const Session& session, const Contact& contact) {
  for (const std::string& key : {contact.external_id, contact.phone, contact.email}) {
    if (key.empty()) continue;
    AVIS_TRY_ASSIGN(const std::optional<Contact> known, session.catalog().find_contact_by_key(session.org.id, key));
    if (!known) continue;
    return fail(Fault::data, fmt::format("there is a contact with `{}` already: {}", key, to_string(known->id)),
                fmt::format("Change it with: avisloop update contact {}", to_string(known->id)));
  }
  return {};
}

Result<ExitCode> run(App& app, const Options& options) {
  AVIS_TRY_ASSIGN(const Session session, open_session(app));
  ContactRow row;
  Contact& contact = row.contact;
  contact.id = app.ids().make(session.now);
  contact.created_at = contact.updated_at = session.now;
  AVIS_TRY(options.contact.apply(app, contact));
  if (contact.external_id.empty() && contact.phone.empty() && contact.email.empty()) {
    return fail(Fault::usage, "a contact needs --phone, --email or --external-id");
  }
  AVIS_TRY_ASSIGN(row.consents, options.contact.consents(app, contact, session.now));
  AVIS_TRY(refuse_known(session, contact));
  AVIS_TRY_ASSIGN(const std::vector<ContactOutcome> outcomes,
                  session.intake().import_contacts(session.org.id, {&row, 1}, ConflictPolicy::update, session.now));
  Record record = record_of(contact);
  record.set("opted_out", outcomes.front().opted_out_kept);
  print_done(app, fmt::format("created contact {}", to_string(contact.id)), record);
  if (outcomes.front().opted_out_kept) {
    print_note(app, "note: an address of this contact is opted out and stays so");
  }
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  options->contact.bind(flags, false);
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command create_contact_command() {
  Command command;
  command.verb = "create";
  command.noun = "contact";
  command.summary = "adds a contact";
  command.description =
      "A text is sent only to a contact with a consent record: give --sms-consent-source, and the wording that was "
      "shown. An address that is opted out stays so, whatever is created with it.";
  command.examples = {{"avisloop create contact --name \"Ana Diaz\" --phone \"(512) 555-0142\" "
                       "--sms-consent-source \"paper form of 3 May\"",
                       "may be texted"},
                      {"avisloop create contact --email ana@example.com --tag vip --json", "prints the new contact"}};
  command.exit_codes = {{65, "a value cannot be used, or the contact is there already"}};
  command.changes = true;
  command.bind = bind;
  return command;
}

}  // namespace avisloop
