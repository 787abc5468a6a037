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
  return change_status(app, session, campaign, CampaignStatus::paused, {CampaignStatus::active},
                       "Only an active campaign can be paused.");
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.argument("KEY", options->key, "The campaign");
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command pause_campaign_command() {
  Command command;
  command.verb = "pause";
  command.noun = "campaign";
  command.summary = "holds a campaign back";
  command.description = "Its messages wait until `resume campaign`, and nobody is enrolled by a job meanwhile.";
  command.examples = {{"avisloop pause campaign reviews", "nothing of it leaves until it is resumed"}};
  command.exit_codes = {{65, "there is no such campaign, or it is not active"}};
  command.changes = true;
  command.bind = bind;
  return command;
}

}  // namespace avisloop
