#include <algorithm>

#include "core/store/sqlite/store.h"

namespace avisloop::sqlite {
namespace {

constexpr Priority kPriorities[] = {Priority::urgent, Priority::high, Priority::normal, Priority::low};
constexpr std::size_t kTailLength = 4;

struct Queued {
  Id message;
  Channel channel = Channel::sms;
};

/// All queue rows that `statement` names for `owner`.
std::vector<Queued> queued(Connection& connection, std::string_view statement, OrgId org, const Id& owner) {
  std::vector<Queued> rows;
  Query query = connection.query(statement);
  query.with(org, owner);
  while (query.next())
    rows.push_back({query.id(0), parse_enum<Channel>(query.view(1)).value_or(Channel::sms)});
  return rows;
}

CancelOutcome cancel_all(Connection& connection, OrgId org, const std::vector<Queued>& rows,
                         std::optional<Channel> channel, const Cancelling& why) {
  CancelOutcome outcome;
  for (const Queued& row : rows) {
    if (channel && row.channel != *channel) continue;
    if (cancel_queued(connection, org, row.message, why)) ++outcome.cancelled;
  }
  return outcome;
}

}  // namespace

void enqueue(Connection& connection, OrgId org, const QueueRow& row) {
  const std::string_view channel = to_string(row.channel);
  connection.query("enqueue")
      .with(org, channel, static_cast<int>(row.priority), row.due_at, row.message, row.attempts_used, row.last_number,
            row.waiting_for, row.reason, row.deferred_by)
      .run();
  connection.query("bring_lane_forward").with(org, channel, row.due_at).run();
}

void refresh_lane(Connection& connection, OrgId org, Channel channel) {
  Instant next = kNever;
  for (const Priority priority : kPriorities) {
    Query query = connection.query("first_due");
    query.with(org, to_string(channel), static_cast<int>(priority));
    if (query.next() && !query.is_null(0)) next = std::min(next, query.instant(0));
  }
  connection.query("set_lane_due").with(org, to_string(channel), next).run();
}

bool cancel_queued(Connection& connection, OrgId org, const Id& message, const Cancelling& why) {
  std::string channel;
  int priority = 0;
  Instant due_at;
  {
    Query query = connection.query("queue_row");
    query.with(org, message);
    if (!query.next()) return false;
    channel = query.text(0);
    priority = static_cast<int>(query.number(1));
    due_at = query.instant(2);
  }
  connection.query("dequeue").with(org, channel, priority, due_at, message).run();
  connection.query("add_event")
      .with(org, message, why.now, to_string(MessageStatus::cancelled), why.reason, why.detail, why.run)
      .run();
  return true;
}

CancelOutcome cancel_contact_messages(Connection& connection, OrgId org, const Id& contact,
                                      std::optional<Channel> channel, const Cancelling& why) {
  CancelOutcome outcome =
      cancel_all(connection, org, queued(connection, "queued_of_contact", org, contact), channel, why);
  Query query = connection.query("under_way_of_contact");
  query.with(org, contact, channel ? to_string(*channel) : std::string_view{});
  if (query.next()) outcome.in_flight = query.number(0);
  return outcome;
}

CancelOutcome cancel_enrollment_messages(Connection& connection, OrgId org, const Id& enrollment,
                                         const Cancelling& why) {
  CancelOutcome outcome =
      cancel_all(connection, org, queued(connection, "queued_of_enrollment", org, enrollment), std::nullopt, why);
  Query query = connection.query("under_way_of_enrollment");
  query.with(org, enrollment);
  if (query.next()) outcome.in_flight = query.number(0);
  return outcome;
}

bool suppress(Shared& shared, OrgId org, const OptOutRow& row, Instant now, CancelOutcome& outcome) {
  Connection& connection = shared.connection;
  const std::vector<std::uint8_t> hash = shared.hasher.hash(row.channel, row.address);
  const std::string tail = row.address.substr(row.address.size() - std::min(row.address.size(), kTailLength));
  const std::string_view channel = to_string(row.channel);
  const bool is_new =
      connection.query("suppress").with(org, channel, hash, tail, row.reason, row.source, row.at).run() > 0;

  const Cancelling why{"opted_out", row.source, now, std::nullopt};
  std::vector<Id> contacts;
  {
    Query query = connection.query(row.channel == Channel::sms ? "contacts_by_phone" : "contacts_by_email");
    query.with(org, row.address);
    while (query.next())
      contacts.push_back(query.id(0));
  }
  for (const Id& contact : contacts) {
    std::vector<Id> enrollments;
    {
      Query query = connection.query("active_enrollments_of_contact");
      query.with(org, contact);
      while (query.next())
        enrollments.push_back(query.id(0));
    }
    for (const Id& enrollment : enrollments) {
      connection.query("stop_enrollment").with(org, enrollment, "opted_out", now).run();
      outcome.cancelled += cancel_enrollment_messages(connection, org, enrollment, why).cancelled;
    }
    const CancelOutcome rest = cancel_contact_messages(connection, org, contact, row.channel, why);
    outcome.cancelled += rest.cancelled;
    outcome.in_flight += rest.in_flight;
  }
  std::vector<Id> direct;
  {
    Query query = connection.query("queued_to_address");
    query.with(org, channel, row.address);
    while (query.next())
      direct.push_back(query.id(0));
  }
  for (const Id& message : direct) {
    if (cancel_queued(connection, org, message, why)) ++outcome.cancelled;
  }
  return is_new;
}

}  // namespace avisloop::sqlite
