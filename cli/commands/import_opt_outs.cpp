#include "cli/command.h"
#include "cli/importing.h"

namespace avisloop {
namespace {

Runner bind(Flags& flags) {
  auto options = std::make_shared<ImportOptions>();
  options->bind(flags, FileKind::opt_outs);
  return [options](App& app) { return run_import(app, *options, FileKind::opt_outs); };
}

}  // namespace

Command import_opt_outs_command() {
  Command command;
  command.verb = "import";
  command.noun = "opt-outs";
  command.summary = "reads addresses that must not be written to";
  command.description =
      "Columns: address (a phone number or an email), or phone and email; channel, reason, at and source if there are "
      "any; opted_out (also unsubscribed) where only some rows are opt-outs. Other columns are left out, and a plain "
      "list of addresses needs no first line of names. Each address is suppressed for this organization, and messages "
      "that wait for it are cancelled. The same file again changes nothing.";
  command.examples = {{"avisloop import opt-outs stop-list.csv", "from another sender, before the first message"},
                      {"avisloop import opt-outs - < audience.csv", "an export with a column unsubscribed"}};
  command.exit_codes = {{1, "some rows were rejected"}, {65, "the file cannot be used at all"}};
  command.changes = true;
  command.bind = bind;
  return command;
}

}  // namespace avisloop
