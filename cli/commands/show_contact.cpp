#include "cli/command.h"
#include "cli/output.h"
#include "cli/records.h"
#include "cli/session.h"
#include "core/rules/place.h"

namespace avisloop {
namespace {

constexpr int kRecent = 20;

struct Options {
  std::string name;
};

/// What is known of one address: whether it may be written to, and on what evidence.
Result<Record> address_record(const Session& session, Channel channel, const std::string& address) {
  Record record;
  record.set("channel", to_string(channel)).set("address", address);
  AVIS_TRY_ASSIGN(const AddressState state, session.catalog().address_state(session.org.id, channel, address));
  record.set("opted_out", state.suppression.has_value());
  if (state.suppression) record.nest("suppression", record_of(*state.suppression));
  if (state.consent) record.nest("consent", record_of(*state.consent));
  return record;
}

Result<ExitCode> run(App& app, const Options& options) {
  AVIS_TRY_ASSIGN(const Session session, open_session(app));
  AVIS_TRY_ASSIGN(const Contact contact, require_contact(app, session, options.name));
  Record record = record_of(contact);
  const Place place = place_of(contact);
  record.set("possible_states", place.states).set("possible_time_zones", place.zones);

  std::vector<Record> addresses;
  for (const auto& [channel, address] :
       {std::pair{Channel::sms, contact.phone}, std::pair{Channel::email, contact.email}}) {
    if (address.empty()) continue;
    AVIS_TRY_ASSIGN(Record known, address_record(session, channel, address));
    addresses.push_back(std::move(known));
  }
  record.set("addresses", std::move(addresses));

  AVIS_TRY_ASSIGN(const std::vector<Job> jobs, session.catalog().list_jobs(session.org.id, contact.id, {kRecent, 0}));
  std::vector<Record> job_records;
  for (const Job& job : jobs)
    job_records.push_back(record_of(job));
  record.set("jobs", std::move(job_records));

  MessageFilter filter;
  filter.contact = contact.id;
  AVIS_TRY_ASSIGN(const std::vector<MessageView> messages,
                  session.catalog().list_messages(session.org.id, filter, {kRecent, 0}));
  std::vector<Record> message_records;
  for (const MessageView& view : messages) {
    message_records.push_back(prints_for_people(app) ? row_of(view, session.org.time_zone) : record_of(view));
  }
  record.set("messages", std::move(message_records));
  print_record(app, record);
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.argument("CONTACT", options->name, "Id, external id, phone or email of the contact");
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command show_contact_command() {
  Command command;
  command.verb = "show";
  command.noun = "contact";
  command.summary = "shows a contact with consents, opt-outs, jobs and messages";
  command.examples = {{"avisloop show contact \"(512) 555-0142\"", "by phone"},
                      {"avisloop show contact C-1001 --json", "by your own id, as one JSON object"}};
  command.exit_codes = {{65, "there is no such contact"}};
  command.bind = bind;
  return command;
}

}  // namespace avisloop
