#include <fmt/format.h>

#include "cli/command.h"
#include "cli/job_options.h"
#include "cli/output.h"
#include "cli/records.h"
#include "cli/session.h"

namespace avisloop {
namespace {

struct Options {
  std::string id;
  JobOptions job;
};

Result<ExitCode> run(App& app, const Options& options) {
  AVIS_TRY_ASSIGN(const Session session, open_session(app));
  AVIS_TRY_ASSIGN(Job job, require_job(session, options.id));
  AVIS_TRY(options.job.apply(job, session.org.time_zone, session.now));
  AVIS_TRY(session.catalog().update_job(session.org.id, job));
  print_done(app, fmt::format("updated job {}", to_string(job.id)), record_of(job));
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.argument("ID", options->id, "The job");
  options->job.bind(flags);
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command update_job_command() {
  Command command;
  command.verb = "update";
  command.noun = "job";
  command.summary = "changes what is given of a job";
  command.description = "Messages that wait are written with the new values; their instants stay.";
  command.examples = {{"avisloop update job 0192f7a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b --technician Sam", "who did it"}};
  command.exit_codes = {{65, "there is no such job, or a value cannot be used"}};
  command.changes = true;
  command.bind = bind;
  return command;
}

}  // namespace avisloop
