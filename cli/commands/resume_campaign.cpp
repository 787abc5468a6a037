#include "cli/campaign_status.h"
#include "cli/command.h"

namespace avisloop {
namespace {

struct Options {
  std::string key;
};

Result<ExitCode> run(App& app, const Options& options) {
  AVIS_TRY_ASSIGN(const Session session, open_session(app));
  AVIS_TRY_ASSIGN(const Campaign campaign, require_campaign(session, options.key));
  return change_status(app, session, campaign, CampaignStatus::active, {CampaignStatus::paused},
                       campaign.status == CampaignStatus::draft
                           ? "Start it with: avisloop activate campaign " + campaign.key
                           : "A completed campaign stays so; make a new one.");
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.argument("KEY", options->key, "The campaign");
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command resume_campaign_command() {
  Command command;
  command.verb = "resume";
  command.noun = "campaign";
  command.summary = "lets a paused campaign go on";
  command.examples = {{"avisloop resume campaign reviews", "what waited is sent by the next runs"}};
  command.exit_codes = {{65, "there is no such campaign, or it is not paused"}};
  command.changes = true;
  command.bind = bind;
  return command;
}

}  // namespace avisloop
