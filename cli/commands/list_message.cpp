#include "cli/command.h"
#include "cli/output.h"
#include "cli/page_options.h"
#include "cli/records.h"
#include "cli/session.h"

namespace avisloop {
namespace {

struct Options {
  std::string status;
  std::string contact;
  std::string campaign;
  std::optional<Instant> due_before;
  PageOptions page;
};

Result<ExitCode> run(App& app, const Options& options) {
  AVIS_TRY_ASSIGN(const Page page, options.page.read());
  AVIS_TRY_ASSIGN(const Session session, open_session(app));
  MessageFilter filter;
  filter.status = parse_enum<MessageStatus>(options.status);
  filter.due_before = options.due_before;
  if (!options.contact.empty()) {
    AVIS_TRY_ASSIGN(const Contact contact, require_contact(app, session, options.contact));
    filter.contact = contact.id;
  }
  if (!options.campaign.empty()) {
    AVIS_TRY_ASSIGN(const Campaign campaign, require_campaign(session, options.campaign));
    filter.campaign = campaign.id;
  }
  AVIS_TRY_ASSIGN(const std::vector<MessageView> views, session.catalog().list_messages(session.org.id, filter, page));
  std::vector<Record> rows;
  for (const MessageView& view : views) {
    rows.push_back(prints_for_people(app) ? row_of(view, session.org.time_zone) : record_of(view));
  }
  print_records(app, rows);
  note_more(app, page, views.size());
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  std::vector<std::string> words;
  for (const auto& [status, word] : EnumWords<MessageStatus>::words)
    words.emplace_back(word);
  flags.choice("--status", std::move(words), options->status, "Only messages in this state")
      .option("--contact", "CONTACT", options->contact, "Only those for one contact")
      .option("--campaign", "KEY", options->campaign, "Only those of one campaign")
      .instant("--due-before", options->due_before, "Only those that wait for an instant before this");
  options->page.bind(flags);
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command list_message_command() {
  Command command;
  command.verb = "list";
  command.noun = "message";
  command.summary = "lists messages with their state";
  command.description = "Times are in the organization's zone; in JSON and CSV they are UTC.";
  command.examples = {{"avisloop list messages --status in_doubt", "what a person may have to decide"},
                      {"avisloop list messages --campaign reviews --format csv", "for a spreadsheet"}};
  command.exit_codes = {{65, "there is no such contact or campaign"}};
  command.bind = bind;
  return command;
}

}  // namespace avisloop
