#include <fmt/format.h>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/session.h"

namespace avisloop {
namespace {

struct Options {
  std::string channel;
};

Result<ExitCode> run(App& app, const Options& options) {
  AVIS_TRY_ASSIGN(const Session session, open_session(app));
  const Channel channel = *parse_enum<Channel>(options.channel);
  AVIS_TRY_ASSIGN(const bool changed, session.delivery().resume_lane(session.org.id, channel, session.now));
  Record record;
  record.set("org", session.org.key).set("channel", options.channel).set("changed", changed);
  print_done(app,
             changed ? fmt::format("{} of {} goes on", options.channel, session.org.key)
                     : fmt::format("{} of {} was not paused", options.channel, session.org.key),
             record);
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.choice("CHANNEL", {"sms", "email"}, options->channel, "Which one");
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command resume_channel_command() {
  Command command;
  command.verb = "resume";
  command.noun = "channel";
  command.summary = "lets a channel go on that a provider's refusal stopped";
  command.description =
      "A channel is paused when the provider refuses the account: credentials, balance, registration. `status` tells "
      "why. Put that right first; the messages have waited.";
  command.examples = {{"avisloop resume channel sms --org acme", "after the credentials were renewed"}};
  command.changes = true;
  command.bind = bind;
  return command;
}

}  // namespace avisloop
