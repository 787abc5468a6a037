#include "cli/command.h"
#include "cli/importing.h"

namespace avisloop {
namespace {

Runner bind(Flags& flags) {
  auto options = std::make_shared<ImportOptions>();
  options->bind(flags, FileKind::contacts);
  return [options](App& app) { return run_import(app, *options, FileKind::contacts); };
}

}  // namespace

Command import_contacts_command() {
  Command command;
  command.verb = "import";
  command.noun = "contacts";
  command.summary = "reads contacts from a CSV file or a pipe";
  command.description =
      "The first line names the columns, in any order, case and spacing: external_id, name, first_name, last_name, "
      "email, phone, state, zip, timezone, language, tags, sms_consent, sms_consent_at, sms_consent_source, "
      "sms_consent_text, the same four for email, and custom.NAME. A contact is the same if its external_id, else its "
      "phone, else its email is the same; an empty cell never erases what is known.\n"
      "A row that cannot be used is rejected with its line, column and reason, and the rest goes on. The same file "
      "again changes nothing, and a killed import is simply run again. Addresses that opted out stay opted out.\n"
      "sms_consent = yes is stored only with where it comes from: the column sms_consent_source or --consent-source. "
      "A date without a time in sms_consent_at is the start of that day where the organization is.\n"
      "A mended --rejects file can be imported as it is.";
  command.examples = {
      {"avisloop import contacts customers.csv --rejects rejects.csv", "keeps what could not be used for mending"},
      {"avisloop import contacts export.csv --preset housecall-pro", "another program's export as it is"},
      {"avisloop import contacts list.csv --map phone='Cell #' --map custom.gate='Gate Code'", "headers of your own"},
      {"zcat customers.csv.gz | avisloop import contacts -", "any size, from a pipe"}};
  command.exit_codes = {{1, "some rows were rejected"}, {65, "the file cannot be used at all"}};
  command.changes = true;
  command.bind = bind;
  return command;
}

}  // namespace avisloop
