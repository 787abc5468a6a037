#include <fmt/format.h>

#include "cli/command.h"
#include "cli/contact_options.h"
#include "cli/output.h"
#include "cli/records.h"
#include "cli/session.h"

namespace avisloop {
namespace {

struct Options {
  std::string name;
  ContactOptions contact;
};

Result<ExitCode> run(App& app, const Options& options) {
  AVIS_TRY_ASSIGN(const Session session, open_session(app));
  ContactRow row;
  AVIS_TRY_ASSIGN(row.contact, require_contact(app, session, options.name));
  AVIS_TRY(options.contact.apply(app, row.contact));
  AVIS_TRY_ASSIGN(row.consents, options.contact.consents(app, row.contact, session.now));
  row.contact.updated_at = session.now;
  AVIS_TRY(session.catalog().update_contact(session.org.id, row.contact, session.now));
  if (!row.consents.empty()) {
    AVIS_TRY(session.intake().import_contacts(session.org.id, {&row, 1}, ConflictPolicy::update, session.now));
  }
  print_done(app, fmt::format("updated contact {}", to_string(row.contact.id)), record_of(row.contact));
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.argument("CONTACT", options->name, "Id, external id, phone or email of the contact");
  options->contact.bind(flags, true);
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command update_contact_command() {
  Command command;
  command.verb = "update";
  command.noun = "contact";
  command.summary = "changes what is given of a contact";
  command.description =
      "What is not given stays; an empty value erases. A new phone or email is free of the old one's problems, but an "
      "opt-out belongs to the address and stays with it.";
  command.examples = {{"avisloop update contact ana@example.com --phone 512-555-0142 --tag vip", "two changes"},
                      {"avisloop update contact C-1001 --email \"\"", "erases the email address"}};
  command.exit_codes = {{65, "there is no such contact, or a value cannot be used"}};
  command.changes = true;
  command.bind = bind;
  return command;
}

}  // namespace avisloop
