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
  AVIS_TRY_ASSIGN(const Template item, require_template(session, options.key));
  print_record(app, record_of(item));
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.argument("KEY", options->key, "The template");
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command show_template_command() {
  Command command;
  command.verb = "show";
  command.noun = "template";
  command.summary = "shows a template with its wording";
  command.examples = {{"avisloop show template ask_sms", "subject, text, HTML, variables and use"}};
  command.exit_codes = {{65, "there is no such template"}};
  command.bind = bind;
  return command;
}

}  // namespace avisloop
