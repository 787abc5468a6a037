#include <fmt/format.h>

#include "cli/command.h"
#include "cli/job_options.h"
#include "cli/output.h"
#include "cli/records.h"
#include "cli/session.h"

namespace avisloop {
namespace {

struct Options {
  std::string contact;
  JobOptions job;
};

Result<ExitCode> run(App& app, const Options& options) {
  AVIS_TRY_ASSIGN(const Session session, open_session(app));
  AVIS_TRY_ASSIGN(const Contact contact, require_contact(app, session, options.contact));
  if (!options.job.service)
    return fail(Fault::usage, "missing --service SERVICE", "One of: " + list_words<ServiceCategory>());
  Job job;
  job.id = app.ids().make(session.now);
  job.contact = contact.id;
  job.completed_at = job.created_at = session.now;
  AVIS_TRY(options.job.apply(job, session.org.time_zone, session.now));
  AVIS_TRY(session.catalog().create_job(session.org.id, job));
  print_done(app, fmt::format("created job {}", to_string(job.id)), record_of(job));
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.required_option("--contact", "CONTACT", options->contact, "For whom: id, external id, phone or email");
  options->job.bind(flags);
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command create_job_command() {
  Command command;
  command.verb = "create";
  command.noun = "job";
  command.summary = "adds a finished job of a contact";
  command.description =
      "Without --completed-at the job was finished now. It enrolls nobody by itself: `enroll` does, or `import jobs`.";
  command.examples = {{"avisloop create job --contact C-1001 --service plumbing --technician Sam", "finished now"}};
  command.exit_codes = {{65, "there is no such contact, or a value cannot be used"}};
  command.changes = true;
  command.bind = bind;
  return command;
}

}  // namespace avisloop
