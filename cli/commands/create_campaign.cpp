#include <fmt/format.h>

#include "cli/campaign_options.h"
#include "cli/command.h"
#include "cli/inputs.h"
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
  Campaign campaign;
  campaign.key = options.key;
  campaign.stop_on = {StopEvent::reply, StopEvent::click, StopEvent::review};
  AVIS_TRY(options.campaign.apply(app, campaign));
  if (campaign.key.empty()) return fail(Fault::usage, "missing argument KEY", "Give it, or `key = \"…\"` in the file.");
  AVIS_TRY(read_key("campaign", campaign.key));
  if (campaign.name.empty()) campaign.name = campaign.key;
  AVIS_TRY(check_touches(session, campaign));
  campaign.id = app.ids().make(session.now);
  campaign.created_at = session.now;
  AVIS_TRY(session.catalog().create_campaign(session.org.id, campaign));
  print_done(
      app,
      fmt::format("created campaign {} as a draft with {}; start it: avisloop activate campaign {}", campaign.key,
                  counted(static_cast<std::int64_t>(campaign.touches.size()), "touch", "touches"), campaign.key),
      record_of(campaign));
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.optional_argument("KEY", options->key, "Its name: a-z, 0-9 and _");
  options->campaign.bind(flags);
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command create_campaign_command() {
  Command command;
  command.verb = "create";
  command.noun = "campaign";
  command.summary = "adds a campaign as a draft";
  command.description =
      "A campaign is a row of touches. The delay of each counts from the instant at which a contact is enrolled. As "
      "TOML:\n"
      "  name = \"Ask for a review\"\n"
      "  trigger = [\"plumbing\"]\n"
      "  stop_on = [\"reply\", \"click\", \"review\"]\n"
      "  cool_down = \"90d\"\n"
      "  [[touch]]\n"
      "  channel = \"email\"\n"
      "  delay = \"0h\"\n"
      "  template = \"ask_email\"\n"
      "  class = \"marketing\"\n"
      "  priority = \"normal\"";
  command.examples = {
      {"avisloop create campaign reviews --name \"Reviews\" --trigger plumbing,hvac --touch email:0h:ask_email "
       "--touch sms:24h:ask_sms --touch email:72h:remind_email",
       "three touches"},
      {"avisloop create campaign reviews --file reviews.toml --dry-run", "checks a file"}};
  command.exit_codes = {{65, "touches or another value cannot be used, or the key is taken"}};
  command.changes = true;
  command.bind = bind;
  return command;
}

}  // namespace avisloop
