#include "cli/command.h"
#include "cli/importing.h"

namespace avisloop {
namespace {

Runner bind(Flags& flags) {
  auto options = std::make_shared<ImportOptions>();
  options->bind(flags, FileKind::jobs);
  return [options](App& app) { return run_import(app, *options, FileKind::jobs); };
}

}  // namespace

Command import_jobs_command() {
  Command command;
  command.verb = "import";
  command.noun = "jobs";
  command.summary = "reads finished jobs with their contacts, and enrolls them";
  command.description =
      "Each row holds a job (job_id, service, completed_at, technician, notes) and its contact in the columns of "
      "`import contacts`. A job is the same if its job_id, else its contact, service and completion are the same.\n"
      "completed_at is an instant (2026-11-20T16:30:00Z), or a date or time where the organization is (2026-11-20, "
      "11/20/2026, 11/20/2026 4:30 PM); a date alone means noon. service is plumbing, hvac, electrical, roofing, "
      "general_contractor, landscaping, cleaning or other.\n"
      "Every job that the trigger of an active campaign wants is enrolled, from its completion on but not in the past. "
      "A contact's newest job stops what campaigns with stop-on new_job still have for older ones. Jobs completed "
      "before --enroll-since are stored, and nobody is asked about them.";
  command.examples = {{"avisloop import jobs jobs.csv", "stores jobs and contacts, and enrolls them"},
                      {"avisloop import jobs yesterday.csv --service hvac", "a file that does not name the service"},
                      {"avisloop import jobs history.csv --enroll-since 7d", "asks only about the last week"}};
  command.exit_codes = {{1, "some rows were rejected"}, {65, "the file cannot be used at all"}};
  command.changes = true;
  command.bind = bind;
  return command;
}

}  // namespace avisloop
