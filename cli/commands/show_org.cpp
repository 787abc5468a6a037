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
  if (!options.key.empty()) app.options.org = options.key;
  AVIS_TRY_ASSIGN(const Session session, open_session(app));
  print_record(app, record_of(session.org));
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.optional_argument("KEY", options->key, "The organization (the same as --org)");
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command show_org_command() {
  Command command;
  command.verb = "show";
  command.noun = "org";
  command.summary = "shows an organization";
  command.examples = {{"avisloop show org acme --json", "as one JSON object"}};
  command.bind = bind;
  return command;
}

}  // namespace avisloop
