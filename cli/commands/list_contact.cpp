#include "cli/command.h"
#include "cli/output.h"
#include "cli/page_options.h"
#include "cli/records.h"
#include "cli/session.h"

namespace avisloop {
namespace {

struct Options {
  ContactFilter filter;
  PageOptions page;
};

Result<ExitCode> run(App& app, const Options& options) {
  AVIS_TRY_ASSIGN(const Page page, options.page.read());
  AVIS_TRY_ASSIGN(const Session session, open_session(app));
  AVIS_TRY_ASSIGN(const std::vector<Contact> contacts,
                  session.catalog().list_contacts(session.org.id, options.filter, page));
  std::vector<Record> rows;
  for (const Contact& contact : contacts)
    rows.push_back(prints_for_people(app) ? row_of(contact) : record_of(contact));
  print_records(app, rows);
  note_more(app, page, contacts.size());
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.option("--tag", "TAG", options->filter.tag, "Only contacts with this tag")
      .option("--search", "TEXT", options->filter.search, "Only those with this in name, email, phone or external id");
  options->page.bind(flags);
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command list_contact_command() {
  Command command;
  command.verb = "list";
  command.noun = "contact";
  command.summary = "lists contacts";
  command.examples = {{"avisloop list contacts --search diaz", "by a part of the name"},
                      {"avisloop list contacts --tag vip --format csv --limit 10000", "for a spreadsheet"}};
  command.bind = bind;
  return command;
}

}  // namespace avisloop
