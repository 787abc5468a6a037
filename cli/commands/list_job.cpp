#include "cli/command.h"
#include "cli/output.h"
#include "cli/page_options.h"
#include "cli/records.h"
#include "cli/session.h"

namespace avisloop {
namespace {

struct Options {
  std::string contact;
  PageOptions page;
};

Result<ExitCode> run(App& app, const Options& options) {
  AVIS_TRY_ASSIGN(const Page page, options.page.read());
  AVIS_TRY_ASSIGN(const Session session, open_session(app));
  std::optional<Id> of;
  if (!options.contact.empty()) {
    AVIS_TRY_ASSIGN(const Contact contact, require_contact(app, session, options.contact));
    of = contact.id;
  }
  AVIS_TRY_ASSIGN(const std::vector<Job> jobs, session.catalog().list_jobs(session.org.id, of, page));
  std::vector<Record> rows;
  for (const Job& job : jobs) {
    rows.push_back(prints_for_people(app) ? row_of(job, session.org.time_zone) : record_of(job));
  }
  print_records(app, rows);
  note_more(app, page, jobs.size());
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.option("--contact", "CONTACT", options->contact, "Only the jobs of one contact");
  options->page.bind(flags);
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command list_job_command() {
  Command command;
  command.verb = "list";
  command.noun = "job";
  command.summary = "lists jobs";
  command.examples = {{"avisloop list jobs --contact ana@example.com", "of one contact"}};
  command.exit_codes = {{65, "there is no such contact"}};
  command.bind = bind;
  return command;
}

}  // namespace avisloop
