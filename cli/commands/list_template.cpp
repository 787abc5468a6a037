#include "cli/command.h"
#include "cli/output.h"
#include "cli/records.h"
#include "cli/session.h"

namespace avisloop {
namespace {

Result<ExitCode> run(App& app) {
  AVIS_TRY_ASSIGN(const Session session, open_session(app));
  AVIS_TRY_ASSIGN(const std::vector<Template> items, session.catalog().list_templates(session.org.id));
  std::vector<Record> rows;
  for (const Template& item : items)
    rows.push_back(prints_for_people(app) ? row_of(item) : record_of(item));
  print_records(app, rows);
  return ExitCode::done;
}

Runner bind(Flags&) {
  return run;
}

}  // namespace

Command list_template_command() {
  Command command;
  command.verb = "list";
  command.noun = "template";
  command.summary = "lists templates";
  command.examples = {{"avisloop list templates", "with how often each was used"}};
  command.bind = bind;
  return command;
}

}  // namespace avisloop
