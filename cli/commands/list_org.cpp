#include "cli/command.h"
#include "cli/output.h"
#include "cli/records.h"
#include "core/store/catalog_store.h"

namespace avisloop {
namespace {

Result<ExitCode> run(App& app) {
  AVIS_TRY_ASSIGN(Store* const store, app.store());
  AVIS_TRY_ASSIGN(const std::vector<Org> orgs, store->catalog().list_orgs());
  std::vector<Record> rows;
  for (const Org& org : orgs)
    rows.push_back(prints_for_people(app) ? row_of(org) : record_of(org));
  print_records(app, rows);
  return ExitCode::done;
}

Runner bind(Flags&) {
  return run;
}

}  // namespace

Command list_org_command() {
  Command command;
  command.verb = "list";
  command.noun = "org";
  command.summary = "lists the organizations";
  command.examples = {{"avisloop list orgs --format csv", "every organization with all its fields"}};
  command.bind = bind;
  return command;
}

}  // namespace avisloop
