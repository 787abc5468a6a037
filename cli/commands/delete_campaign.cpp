#include <fmt/format.h>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/session.h"

namespace avisloop {
namespace {

struct Options {
  std::string key;
};

Result<ExitCode> run(App& app, const Options& options) {
  AVIS_TRY_ASSIGN(const Session session, open_session(app));
  AVIS_TRY_ASSIGN(const Campaign campaign, require_campaign(session, options.key));
  AVIS_TRY(confirm(app, fmt::format("Delete campaign {}?", campaign.key)));
  AVIS_TRY(session.catalog().delete_campaign(session.org.id, campaign.id));
  print_done(app, fmt::format("deleted campaign {}", campaign.key), Record().set("deleted", campaign.key));
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.argument("KEY", options->key, "The campaign");
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command delete_campaign_command() {
  Command command;
  command.verb = "delete";
  command.noun = "campaign";
  command.summary = "removes a campaign that nobody is enrolled in";
  command.description = "One with enrollments is ended with `complete campaign`; its history stays.";
  command.examples = {{"avisloop delete campaign reviews --yes", "without asking"}};
  command.exit_codes = {{65, "there is no such campaign, or somebody is enrolled"}};
  command.changes = true;
  command.destructive = true;
  command.bind = bind;
  return command;
}

}  // namespace avisloop
