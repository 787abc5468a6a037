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
  AVIS_TRY_ASSIGN(const Job job, require_job(session, options.id));
  print_record(app, record_of(job));
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.argument("ID", options->id, "The job");
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command show_job_command() {
  Command command;
  command.verb = "show";
  command.noun = "job";
  command.summary = "shows a job";
  command.examples = {{"avisloop show job 0192f7a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b", "everything that is known of it"}};
  command.exit_codes = {{65, "there is no such job"}};
  command.bind = bind;
  return command;
}

}  // namespace avisloop
