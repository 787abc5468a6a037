#include "tests/delivery/bench.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <algorithm>

namespace avisloop {
namespace {

std::unique_ptr<Random>& ids_random() {
  static std::unique_ptr<Random> random = make_seeded_random(77);
  return random;
}

/// All processes of the tests make different ids.
IdMaker& run_ids() {
  static IdMaker ids(*ids_random());
  return ids;
}

}  // namespace

Bench::Bench(std::string_view kind)
    : StoreFixture(store_kinds().front()),
      world(clock, kind),
      channel(kind == "twilio" ? Channel::sms : Channel::email) {
  settings.base.limits.sms_per_minute = 0;
  settings.base.limits.sms_per_hour = 0;
  settings.base.limits.email_per_minute = 0;
  settings.base.email.from = "Joe's Plumbing <joe@example.com>";
}

DeliveryParts Bench::parts(Store& with) {
  return DeliveryParts{.store = with,
                       .clock = clock,
                       .random = *ids_random(),
                       .ids = run_ids(),
                       .log = log,
                       .settings = settings,
                       .make_transport = [this](int) { return world.make_transport(); },
                       .make_provider = [this](Channel, const OrgSettings&) -> Result<std::unique_ptr<Provider>> {
                         return world.make_provider();
                       },
                       .host = "test",
                       .process_id = 1,
                       .stop = &stop};
}

Result<RunReport> Bench::try_run(const RunOptions& options) {
  const std::unique_ptr<Store> connection = open_again();
  if (options.dry_run) must(connection->rehearse());
  return run_due(parts(*connection), options);
}

RunReport Bench::run_with(Store& with, const RunOptions& options) {
  return must(run_due(parts(with), options));
}

void Bench::advance(Micros by) {
  clock.advance(by);
  now = clock.now();
}

void Bench::set(std::string_view instant) {
  clock.set(*parse_instant(instant));
  now = clock.now();
}

std::string Bench::phone_of(int number) {
  return fmt::format("+1512555{:04}", number);
}

std::string Bench::email_of(int number) {
  return fmt::format("person{}@example.com", number);
}

Contact Bench::add_person(int number) {
  return add_person(number, [](Contact&) {});
}

Contact Bench::add_person(int number, const std::function<void(Contact&)>& change) {
  now = clock.now();
  Contact person = contact(fmt::format("c{}-{}", number, to_string(id())), phone_of(number), email_of(number));
  person.state = "US-TX";
  person.time_zone = "America/Chicago";
  change(person);
  must(catalog().create_contact(org, person));
  if (!person.phone.empty()) must(intake().opt_in(org, consent(Channel::sms, person.phone), now));
  return person;
}

Id Bench::add_due(const Contact& person, Priority priority) {
  now = clock.now();
  Message message;
  message.id = id();
  message.contact = person.id;
  message.channel = channel;
  message.priority = priority;
  message.subject = channel == Channel::email ? "Hello" : "";
  message.text = "Thank you, " + person.external_id;
  message.planned_at = now;
  message.created_at = now;
  must(intake().add_message(org, message));
  return message.id;
}

Id Bench::add_due_in(OrgId owner, const std::string& address, Priority priority) {
  now = clock.now();
  if (channel == Channel::sms) must(intake().opt_in(owner, consent(Channel::sms, address), now));
  Message message;
  message.id = id();
  message.channel = channel;
  message.priority = priority;
  message.to = address;
  message.subject = channel == Channel::email ? "Hello" : "";
  message.text = "Thank you";
  message.planned_at = now;
  message.created_at = now;
  must(intake().add_message(owner, message));
  return message.id;
}

Campaign Bench::add_plain_campaign(const std::string& key) {
  now = clock.now();
  return add_campaign(key);
}

Id Bench::enroll_due(const Contact& person, const Campaign& campaign, std::optional<Channel> by) {
  now = clock.now();
  const Job job = add_job(person.id);
  EnrollmentPlan enrollment = plan(campaign, person, job.id);
  const Channel wanted = by.value_or(channel);
  std::erase_if(enrollment.messages, [&](const Message& message) { return message.channel != wanted; });
  enrollment.messages.front().planned_at = now;
  // No cool-down here: what the gate does about two enrollments is what is to be seen.
  REQUIRE(StoreFixture::enroll(enrollment, Micros{0}) == EnrollEffect::enrolled);
  return enrollment.messages.front().id;
}

void Bench::settle(const std::vector<Id>& messages) {
  for (int hour = 0; hour < 72; ++hour) {
    if (must(anything_due(store(), clock.now()))) run();
    const bool left = std::any_of(messages.begin(), messages.end(), [&](const Id& message) {
      const MessageStatus at = status(message);
      return at == MessageStatus::scheduled || at == MessageStatus::sending ||
             (at == MessageStatus::in_doubt && world.carrier.can_look_up);
    });
    if (!left) return;
    advance(std::chrono::hours{1});
  }
}

std::string Bench::dump() {
  SQLite::Database database(folder().file("test.db"), SQLite::OPEN_READONLY);
  std::vector<std::string> tables;
  SQLite::Statement names(database,
                          "select name from sqlite_schema where type = 'table' and name <> 'runs' order by 1");
  while (names.executeStep())
    tables.push_back(names.getColumn(0).getString());
  std::string text;
  for (const std::string& table : tables) {
    text += table + "\n";
    SQLite::Statement rows(database, "select * from " + table);
    while (rows.executeStep()) {
      for (int column = 0; column < rows.getColumnCount(); ++column)
        text += rows.getColumn(column).getString() + "|";
      text += '\n';
    }
  }
  return text;
}

std::vector<std::string> Bench::ask(const std::string& sql) {
  SQLite::Database database(folder().file("test.db"), SQLite::OPEN_READONLY);
  SQLite::Statement statement(database, sql);
  std::vector<std::string> answers;
  while (statement.executeStep())
    answers.push_back(statement.getColumn(0).getString());
  return answers;
}

RunOptions in_flight(int most) {
  RunOptions options;
  options.max_in_flight = most;
  return options;
}

RunOptions limited(std::int64_t rows) {
  RunOptions options;
  options.limit = rows;
  return options;
}

std::int64_t total(const std::map<std::string, std::int64_t>& counts) {
  std::int64_t sum = 0;
  for (const auto& [reason, count] : counts)
    sum += count;
  return sum;
}

}  // namespace avisloop
