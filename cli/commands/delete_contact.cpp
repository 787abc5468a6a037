#include <fmt/format.h>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/records.h"
#include "cli/session.h"

namespace avisloop {
namespace {

struct Options {
  std::string name;
};

Result<ExitCode> run(App& app, const Options& options) {
  AVIS_TRY_ASSIGN(const Session session, open_session(app));
  AVIS_TRY_ASSIGN(const Contact contact, require_contact(app, session, options.name));
  AVIS_TRY(confirm(app, fmt::format("Delete contact {} ({})?", to_string(contact.id), full_name(contact))));
  AVIS_TRY_ASSIGN(const CancelOutcome outcome,
                  session.catalog().delete_contact(session.org.id, contact.id, session.now));
  Record record;
  record.set("deleted", contact.id).set("cancelled", outcome.cancelled).set("in_flight", outcome.in_flight);
  print_done(app,
             fmt::format("deleted contact {}; {} cancelled", to_string(contact.id),
                         counted(outcome.cancelled, "message", "messages")),
             record);
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.argument("CONTACT", options->name, "Id, external id, phone or email of the contact");
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command delete_contact_command() {
  Command command;
  command.verb = "delete";
  command.noun = "contact";
  command.summary = "removes a contact and cancels what has not left";
  command.description = "Messages that were sent, consents and opt-outs stay: an opted-out address never comes back.";
  command.examples = {{"avisloop delete contact C-1001 --dry-run", "shows what would be cancelled"}};
  command.exit_codes = {{65, "there is no such contact"}};
  command.changes = true;
  command.destructive = true;
  command.bind = bind;
  return command;
}

}  // namespace avisloop
