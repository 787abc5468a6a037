#include "cli/command.h"
#include "cli/output.h"
#include "cli/records.h"
#include "cli/session.h"

namespace avisloop {
namespace {

struct Options {
  std::string key;
};

Result<ExitCode> run(App& app, const Options& options) {
  AVIS_TRY_ASSIGN(const Session session, open_session(app));
  AVIS_TRY_ASSIGN(const Campaign campaign, require_campaign(session, options.key));
  print_record(app, record_of(campaign));
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.argument("KEY", options->key, "The campaign");
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command show_campaign_command() {
  Command command;
  command.verb = "show";
  command.noun = "campaign";
  command.summary = "shows a campaign with its touches";
  command.examples = {{"avisloop show campaign reviews --json", "as one JSON object"}};
  command.exit_codes = {{65, "there is no such campaign"}};
  command.bind = bind;
  return command;
}

}  // namespace avisloop
