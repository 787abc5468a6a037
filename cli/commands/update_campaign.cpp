#include <fmt/format.h>

#include "cli/campaign_options.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/records.h"
#include "cli/session.h"

namespace avisloop {
namespace {

struct Options {
  std::string key;
  CampaignOptions campaign;
};

Result<ExitCode> run(App& app, const Options& options) {
  AVIS_TRY_ASSIGN(const Session session, open_session(app));
  AVIS_TRY_ASSIGN(Campaign campaign, require_campaign(session, options.key));
  if (campaign.status == CampaignStatus::completed) {
    return fail(Fault::data, fmt::format("campaign {} is completed and stays as it is", campaign.key));
  }
  AVIS_TRY(options.campaign.apply(app, campaign));
  AVIS_TRY(check_touches(session, campaign));
  AVIS_TRY(session.catalog().update_campaign(session.org.id, campaign));
  print_done(app, fmt::format("updated campaign {}", campaign.key), record_of(campaign));
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.argument("KEY", options->key, "The campaign");
  options->campaign.bind(flags);
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command update_campaign_command() {
  Command command;
  command.verb = "update";
  command.noun = "campaign";
  command.summary = "changes what is given of a campaign";
  command.description =
      "With --touch all touches are replaced. Contacts that are enrolled already keep the messages they have.";
  command.examples = {{"avisloop update campaign reviews --cool-down 180d", "only the cool-down"},
                      {"avisloop update campaign reviews --touch email:0h:ask_email --touch sms:48h:ask_sms",
                       "other touches for those who are enrolled from now on"}};
  command.exit_codes = {{65, "there is no such campaign, or a value cannot be used"}};
  command.changes = true;
  command.bind = bind;
  return command;
}

}  // namespace avisloop
