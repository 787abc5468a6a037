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
  AVIS_TRY_ASSIGN(const Job job, require_job(session, options.id));
  AVIS_TRY(confirm(app, fmt::format("Delete job {}?", to_string(job.id))));
  AVIS_TRY(session.catalog().delete_job(session.org.id, job.id));
  print_done(app, fmt::format("deleted job {}", to_string(job.id)), Record().set("deleted", job.id));
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.argument("ID", options->id, "The job");
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command delete_job_command() {
  Command command;
  command.verb = "delete";
  command.noun = "job";
  command.summary = "removes a job";
  command.examples = {{"avisloop delete job 0192f7a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b --yes", "without asking"}};
  command.exit_codes = {{65, "there is no such job"}};
  command.changes = true;
  command.destructive = true;
  command.bind = bind;
  return command;
}

}  // namespace avisloop
