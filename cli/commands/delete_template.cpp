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
  AVIS_TRY_ASSIGN(const Template item, require_template(session, options.key));
  AVIS_TRY(confirm(app, fmt::format("Delete template {}?", item.key)));
  AVIS_TRY(session.catalog().delete_template(session.org.id, item.id));
  print_done(app, fmt::format("deleted template {}", item.key), Record().set("deleted", item.key));
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.argument("KEY", options->key, "The template");
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command delete_template_command() {
  Command command;
  command.verb = "delete";
  command.noun = "template";
  command.summary = "removes a template that no campaign uses";
  command.examples = {{"avisloop delete template ask_sms --yes", "without asking"}};
  command.exit_codes = {{65, "there is no such template, or a campaign uses it"}};
  command.changes = true;
  command.destructive = true;
  command.bind = bind;
  return command;
}

}  // namespace avisloop
