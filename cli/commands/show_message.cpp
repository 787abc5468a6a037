#include "cli/command.h"
#include "cli/output.h"
#include "cli/records.h"
#include "cli/session.h"

namespace avisloop {
namespace {

struct Options {
  std::string id;
};

Result<ExitCode> run(App& app, const Options& options) {
  AVIS_TRY_ASSIGN(const Session session, open_session(app));
  AVIS_TRY_ASSIGN(const MessageView view, require_message(session, options.id));
  print_record(app, record_of(view));
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.argument("ID", options->id, "The message");
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command show_message_command() {
  Command command;
  command.verb = "show";
  command.noun = "message";
  command.summary = "shows a message and its text";
  command.description = "Why it is in that state, step by step, is told by `explain message`.";
  command.examples = {{"avisloop show message 0192f7a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b", "state, address, text"}};
  command.exit_codes = {{65, "there is no such message"}};
  command.bind = bind;
  return command;
}

}  // namespace avisloop
