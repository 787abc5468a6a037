#include <fmt/format.h>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/session.h"

namespace avisloop {
namespace {

struct Options {
  std::string id;
};

Result<ExitCode> run(App& app, const Options& options) {
  AVIS_TRY_ASSIGN(const Session session, open_session(app));
  AVIS_TRY_ASSIGN(const MessageView view, require_message(session, options.id));
  AVIS_TRY_ASSIGN(const CancelOutcome outcome,
                  session.intake().cancel_message(session.org.id, view.message.id, "operator", session.now));
  Record record;
  record.set("message", view.message.id).set("cancelled", outcome.cancelled).set("in_flight", outcome.in_flight);
  if (outcome.cancelled == 0) {
    const bool already = view.status == MessageStatus::cancelled;
    const std::string why = already ? "is cancelled already"
                            : outcome.in_flight > 0
                                ? "is under way and cannot be called back"
                                : fmt::format("is {} and cannot be cancelled", to_string(view.status));
    print_done(app, fmt::format("message {} {}", to_string(view.message.id), why), record);
    return ExitCode::some_failed;
  }
  print_done(app, fmt::format("cancelled message {}", to_string(view.message.id)), record);
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.argument("ID", options->id, "The message");
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command cancel_message_command() {
  Command command;
  command.verb = "cancel";
  command.noun = "message";
  command.summary = "calls one message back that has not left";
  command.examples = {{"avisloop cancel message 0192f7a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b", "its id is in: list messages"}};
  command.exit_codes = {{1, "it has left already"}, {65, "there is no such message"}};
  command.changes = true;
  command.bind = bind;
  return command;
}

}  // namespace avisloop
