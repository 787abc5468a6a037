#include <fmt/format.h>

#include "cli/command.h"
#include "cli/org_options.h"
#include "cli/output.h"
#include "cli/records.h"
#include "cli/session.h"

namespace avisloop {
namespace {

struct Options {
  std::string key;
  OrgOptions org;
};

Result<ExitCode> run(App& app, const Options& options) {
  if (!options.key.empty()) app.options.org = options.key;
  AVIS_TRY_ASSIGN(const Session session, open_session(app));
  Org org = session.org;
  AVIS_TRY(options.org.apply(org));
  AVIS_TRY(session.catalog().update_org(org, session.now));
  print_done(app, fmt::format("updated organization {}", org.key), record_of(org));
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.optional_argument("KEY", options->key, "The organization (the same as --org)");
  options->org.bind(flags);
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command update_org_command() {
  Command command;
  command.verb = "update";
  command.noun = "org";
  command.summary = "changes what is given of an organization";
  command.description = "What is not given stays as it is. Messages that wait are written with the new values.";
  command.examples = {{"avisloop update org acme --review-link https://g.page/r/acme/review", "only the review link"}};
  command.exit_codes = {{65, "a value cannot be used"}};
  command.changes = true;
  command.bind = bind;
  return command;
}

}  // namespace avisloop
