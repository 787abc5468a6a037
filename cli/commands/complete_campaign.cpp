#include <fmt/format.h>

#include "cli/campaign_status.h"
#include "cli/command.h"
#include "cli/output.h"

namespace avisloop {
namespace {

struct Options {
  std::string key;
};

Result<ExitCode> run(App& app, const Options& options) {
  AVIS_TRY_ASSIGN(const Session session, open_session(app));
  AVIS_TRY_ASSIGN(const Campaign campaign, require_campaign(session, options.key));
  if (campaign.status != CampaignStatus::completed) {
    AVIS_TRY(confirm(app, fmt::format("End campaign {} for good and cancel what has not left?", campaign.key)));
  }
  return change_status(app, session, campaign, CampaignStatus::completed,
                       {CampaignStatus::draft, CampaignStatus::active, CampaignStatus::paused}, "");
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.argument("KEY", options->key, "The campaign");
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command complete_campaign_command() {
  Command command;
  command.verb = "complete";
  command.noun = "campaign";
  command.summary = "ends a campaign for good and cancels what has not left";
  command.examples = {{"avisloop complete campaign reviews --yes", "without asking"}};
  command.exit_codes = {{65, "there is no such campaign"}};
  command.changes = true;
  command.destructive = true;
  command.bind = bind;
  return command;
}

}  // namespace avisloop
