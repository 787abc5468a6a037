#include "cli/command.h"
#include "cli/output.h"
#include "cli/records.h"
#include "cli/session.h"

namespace avisloop {
namespace {

Result<ExitCode> run(App& app) {
  AVIS_TRY_ASSIGN(const Session session, open_session(app));
  AVIS_TRY_ASSIGN(const std::vector<Campaign> campaigns, session.catalog().list_campaigns(session.org.id));
  std::vector<Record> rows;
  for (const Campaign& campaign : campaigns) {
    rows.push_back(prints_for_people(app) ? row_of(campaign) : record_of(campaign));
  }
  print_records(app, rows);
  return ExitCode::done;
}

Runner bind(Flags&) {
  return run;
}

}  // namespace

Command list_campaign_command() {
  Command command;
  command.verb = "list";
  command.noun = "campaign";
  command.summary = "lists campaigns";
  command.examples = {{"avisloop list campaigns", "with status, trigger and number of touches"}};
  command.bind = bind;
  return command;
}

}  // namespace avisloop
