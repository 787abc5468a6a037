#include <fmt/format.h>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/session.h"

namespace avisloop {
namespace {

struct Options {
  std::string id;
  std::string as;
  std::string by;
};

Result<ExitCode> run(App& app, const Options& options) {
  AVIS_TRY_ASSIGN(const Session session, open_session(app));
  AVIS_TRY_ASSIGN(const MessageView view, require_message(session, options.id));
  if (view.status != MessageStatus::in_doubt) {
    return fail(Fault::data, fmt::format("message {} is {}, not in doubt", options.id, to_string(view.status)));
  }
  const bool was_sent = options.as == "sent";
  AttemptResult result;
  result.org = session.org.id;
  result.channel = view.message.channel;
  result.message = view.message.id;
  result.number = view.attempts;
  result.state = was_sent ? AttemptState::accepted : AttemptState::not_sent;
  result.ended_at = session.now;
  result.uses_attempt = false;
  result.reason = "resolved";
  result.error_text = fmt::format("{} says it was {}", options.by, was_sent ? "sent" : "not sent");
  if (!was_sent) result.retry_at = session.now;
  AVIS_TRY_ASSIGN(const std::vector<bool> changed,
                  session.delivery().settle(std::vector{result}, app.ids().make(session.now)));
  if (!changed.front()) return fail(Fault::busy, "another run settled the message meanwhile", "Look again.");
  Record record;
  record.set("message", options.id).set("status", was_sent ? "sent" : "scheduled").set("by", options.by);
  print_done(app, was_sent ? "The message counts as sent." : "The message is due again.", record);
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.argument("ID", options->id, "the message, as `list messages --status in_doubt` shows it")
      .choice("--as", {"sent", "not-sent"}, options->as, "what is known of it (required)")
      .option("--by", "NAME", options->by, "who says so (default: $USER)");
  return [options](App& app) -> Result<ExitCode> {
    if (options->as.empty()) return fail(Fault::usage, "--as is needed: sent or not-sent");
    if (options->by.empty()) options->by = app.environment().get("USER").value_or("operator");
    return run(app, *options);
  };
}

}  // namespace

Command resolve_message_command() {
  return {
      .verb = "resolve",
      .noun = "message",
      .summary = "decides about a message in doubt",
      .description =
          "A message is in doubt when its provider's answer was lost and nobody can be asked. Look into the provider's "
          "console or the mail server's log, then say whether it left. `not-sent` makes it due again.",
      .examples = {{"avisloop resolve message 0192f7a0-… --as sent", "it was found in the mail server's log"}},
      .exit_codes = {{65, "the message is not in doubt"}, {75, "another run settled it meanwhile"}},
      .changes = true,
      .destructive = false,
      .bind = bind};
}

}  // namespace avisloop
