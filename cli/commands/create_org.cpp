#include <fmt/format.h>

#include "cli/command.h"
#include "cli/org_options.h"
#include "cli/output.h"
#include "cli/records.h"

namespace avisloop {
namespace {

struct Options {
  std::string key;
  OrgOptions org;
};

Result<ExitCode> run(App& app, const Options& options) {
  AVIS_TRY_ASSIGN(Store* const store, app.store());
  AVIS_TRY_ASSIGN(Clock* const clock, app.clock());
  AVIS_TRY_ASSIGN(const Org org, make_org(app, options.key, options.org, clock->now()));
  AVIS_TRY(store->catalog().create_org(org));
  print_done(app, fmt::format("created organization {}", org.key), record_of(org));
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.argument("KEY", options->key, "Short name of the organization: a-z, 0-9, _ and -");
  options->org.bind(flags);
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command create_org_command() {
  Command command;
  command.verb = "create";
  command.noun = "org";
  command.summary = "adds an organization";
  command.description = "An organization is a business that sends; it owns its contacts, templates and campaigns.";
  command.examples = {
      {"avisloop create org acme --name \"Acme Plumbing\" --time-zone America/Chicago "
       "--review-link https://g.page/r/acme/review",
       "a plumber in Texas"}};
  command.exit_codes = {{65, "the key is taken, or a value cannot be used"}};
  command.changes = true;
  command.bind = bind;
  return command;
}

}  // namespace avisloop
