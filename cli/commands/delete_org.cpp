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
  app.options.org = options.key;
  AVIS_TRY_ASSIGN(const Session session, open_session(app));
  AVIS_TRY(confirm(app, fmt::format("Delete organization {} ({})?", session.org.key, session.org.name)));
  AVIS_TRY(session.catalog().delete_org(session.org.id));
  print_done(app, fmt::format("deleted organization {}", session.org.key), Record().set("deleted", session.org.key));
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.argument("KEY", options->key, "The organization");
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command delete_org_command() {
  Command command;
  command.verb = "delete";
  command.noun = "org";
  command.summary = "removes an organization that has no contacts";
  command.description = "Consents and opt-outs stay in the store: they outlive the business.";
  command.examples = {{"avisloop delete org acme --yes", "without asking"}};
  command.exit_codes = {{65, "it still has contacts"}};
  command.changes = true;
  command.destructive = true;
  command.bind = bind;
  return command;
}

}  // namespace avisloop
