#include <fmt/format.h>

#include "cli/command.h"
#include "cli/inputs.h"
#include "cli/output.h"
#include "cli/session.h"

namespace avisloop {
namespace {

struct Options {
  std::string address;
  std::string reason = "opted_out";
  std::string by;
  std::string why;
};

Result<ExitCode> run(App& app, const Options& options) {
  AVIS_TRY_ASSIGN(const Address address, read_address(app, options.address));
  AVIS_TRY_ASSIGN(const Session session, open_session(app));
  OptOutRow row;
  row.channel = address.channel;
  row.address = address.text;
  row.reason = options.reason;
  row.source = "operator " + acting_person(app, options.by) + (options.why.empty() ? "" : ": " + options.why);
  row.at = session.now;
  AVIS_TRY_ASSIGN(const CancelOutcome outcome, session.intake().opt_out(session.org.id, row, session.now));
  Record record;
  record.set("address", address.text).set("channel", to_string(address.channel)).set("reason", row.reason);
  record.set("cancelled", outcome.cancelled).set("in_flight", outcome.in_flight);
  std::string sentence = fmt::format("{} gets no {} from {} any more; {} cancelled", address.text,
                                     address.channel == Channel::sms ? "texts" : "emails", session.org.key,
                                     counted(outcome.cancelled, "message", "messages"));
  if (outcome.in_flight > 0) sentence += fmt::format(", {} under way cannot be called back", outcome.in_flight);
  print_done(app, sentence, record);
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.argument("ADDRESS", options->address, "A phone number or an email address")
      .choice("--reason", {"opted_out", "wrong_number", "complained"}, options->reason, "What happened")
      .option("--why", "TEXT", options->why, "In your own words, for the record")
      .option("--by", "NAME", options->by, "Who says so (default: your user name)");
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command opt_out_command() {
  Command command;
  command.verb = "opt-out";
  command.summary = "stops everything to an address, for good";
  command.description =
      "What has not left is cancelled. No import, edit or deletion brings the address back; only the person can, by "
      "START or a new consent (`opt-in`). Other organizations are not touched.";
  command.examples = {{"avisloop opt-out \"(512) 555-0142\" --why \"asked on the phone\"", "no more texts"},
                      {"avisloop opt-out ana@example.com --reason complained", "no more emails"}};
  command.exit_codes = {{65, "the address cannot be read"}};
  command.changes = true;
  command.bind = bind;
  return command;
}

}  // namespace avisloop
