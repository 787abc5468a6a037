#include <fmt/format.h>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/records.h"
#include "cli/session.h"

namespace avisloop {
namespace {

struct Options {
  std::string contact;
  std::string campaign;
};

Result<CancelOutcome> cancel_contact(App& app, const Session& session, const std::string& name) {
  AVIS_TRY_ASSIGN(const Contact contact, require_contact(app, session, name));
  AVIS_TRY(confirm(app, fmt::format("Cancel everything that has not left for {}?", full_name(contact))));
  return session.intake().cancel_contact(session.org.id, contact.id, "operator", session.now);
}

Result<CancelOutcome> cancel_campaign(App& app, const Session& session, const std::string& key) {
  AVIS_TRY_ASSIGN(const Campaign campaign, require_campaign(session, key));
  AVIS_TRY(confirm(app, fmt::format("Cancel everything of campaign {} that has not left?", campaign.key)));
  return session.intake().cancel_campaign(session.org.id, campaign.id, "operator", session.now);
}

Result<ExitCode> run(App& app, const Options& options) {
  if (options.contact.empty() == options.campaign.empty()) {
    return fail(Fault::usage, "cancel takes either --contact or --campaign",
                "Or one message: avisloop cancel message ID");
  }
  AVIS_TRY_ASSIGN(const Session session, open_session(app));
  AVIS_TRY_ASSIGN(const CancelOutcome outcome, options.contact.empty() ? cancel_campaign(app, session, options.campaign)
                                                                       : cancel_contact(app, session, options.contact));
  Record record;
  record.set("cancelled", outcome.cancelled).set("in_flight", outcome.in_flight);
  std::string sentence = fmt::format("cancelled {}", counted(outcome.cancelled, "message", "messages"));
  if (outcome.in_flight > 0) sentence += fmt::format("; {} under way cannot be called back", outcome.in_flight);
  print_done(app, sentence, record);
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.option("--contact", "CONTACT", options->contact, "Everything for this contact")
      .option("--campaign", "KEY", options->campaign, "Everything of this campaign");
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command cancel_command() {
  Command command;
  command.verb = "cancel";
  command.summary = "calls back what has not left for a contact or of a campaign";
  command.description = "A campaign goes on enrolling; `pause campaign` or `complete campaign` stop that.";
  command.examples = {{"avisloop cancel --contact ana@example.com", "asks first"},
                      {"avisloop cancel --campaign reviews --dry-run", "tells how many"}};
  command.exit_codes = {{65, "there is no such contact or campaign"}};
  command.changes = true;
  command.destructive = true;
  command.bind = bind;
  return command;
}

}  // namespace avisloop
