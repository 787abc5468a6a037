#include <fmt/format.h>

#include "cli/campaign_options.h"
#include "cli/campaign_status.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/records.h"
#include "cli/session.h"
#include "cli/table.h"
#include "core/base/text.h"

namespace avisloop {
namespace {

struct Options {
  std::string key;
};

/// Every template must be there, be active and fit its touch: better told now than message by message.
Result<> check_templates(const Session& session, Campaign campaign) {
  AVIS_TRY(check_touches(session, campaign));
  for (const Touch& touch : campaign.touches) {
    AVIS_TRY_ASSIGN(const Template item, require_template(session, touch.template_key));
    if (!item.active) {
      return fail(Fault::data, fmt::format("touch {}: template {} is not active", touch.position, item.key),
                  fmt::format("avisloop update template {} --active yes", item.key));
    }
  }
  return {};
}

std::string trigger_text(const Campaign& campaign) {
  const std::string services =
      campaign.services.empty() ? "any service" : join(words_of_list(campaign.services), " or ");
  return campaign.tags.empty() ? services
                               : fmt::format("{}, contacts tagged {}", services, join(campaign.tags, " or "));
}

/// Touches, triggers, and what the configuration still lacks for sending them.
Result<> print_plan(App& app, const Session& session, const Campaign& campaign) {
  std::string text = fmt::format("campaign {} ({})\n", campaign.key, campaign.name);
  text += format_table(touch_rows(campaign), 0);
  const std::vector<std::string> events = words_of_list(campaign.stop_on);
  text += fmt::format("enrolls on finished jobs: {}\nstops on: {}\ncool-down: {}", trigger_text(campaign),
                      events.empty() ? "nothing" : join(events, ", "), format_duration(campaign.cool_down));
  print_note(app, text);
  AVIS_TRY_ASSIGN(const Settings* const settings, app.settings());
  for (const Channel channel : {Channel::sms, Channel::email}) {
    bool used = false;
    for (const Touch& touch : campaign.touches)
      used = used || touch.channel == channel;
    if (!used) continue;
    const auto provider = app.parts().make_provider(channel, settings->of(session.org.key));
    if (!provider)
      print_note(app, fmt::format("warning: {} cannot be sent yet: {}", to_string(channel), provider.error().message));
  }
  return {};
}

Result<ExitCode> run(App& app, const Options& options) {
  AVIS_TRY_ASSIGN(const Session session, open_session(app));
  AVIS_TRY_ASSIGN(const Campaign campaign, require_campaign(session, options.key));
  AVIS_TRY(check_templates(session, campaign));
  if (prints_for_people(app)) AVIS_TRY(print_plan(app, session, campaign));
  return change_status(app, session, campaign, CampaignStatus::active, {CampaignStatus::draft, CampaignStatus::paused},
                       "A completed campaign stays so; make a new one.");
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.argument("KEY", options->key, "The campaign");
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command activate_campaign_command() {
  Command command;
  command.verb = "activate";
  command.noun = "campaign";
  command.summary = "starts a campaign, after printing its plan";
  command.description =
      "Checks that every template is there, active and of the right channel, and tells what the configuration still "
      "lacks. From now on finished jobs that are imported enroll by its trigger.";
  command.examples = {{"avisloop activate campaign reviews --dry-run", "only the plan"},
                      {"avisloop activate campaign reviews", "starts it"}};
  command.exit_codes = {{65, "there is no such campaign, or it cannot run"}};
  command.changes = true;
  command.bind = bind;
  return command;
}

}  // namespace avisloop
