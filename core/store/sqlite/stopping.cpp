#include "core/store/sqlite/stopping.h"

namespace avisloop::sqlite {
namespace {

std::vector<Id> ids_of(Query query) {
  std::vector<Id> ids;
  while (query.next())
    ids.push_back(query.id(0));
  return ids;
}

std::vector<Id> active_enrollments(Connection& connection, std::string_view statement, OrgId org, const Id& owner) {
  Query query = connection.query(statement);
  query.with(org, owner);
  return ids_of(std::move(query));
}

}  // namespace

void stop_enrollment(Connection& connection, OrgId org, const Id& enrollment, const Cancelling& why,
                     CancelOutcome& outcome) {
  const CancelOutcome messages = cancel_enrollment_messages(connection, org, enrollment, why);
  outcome.cancelled += messages.cancelled;
  outcome.in_flight += messages.in_flight;
  if (messages.cancelled + messages.in_flight == 0) return;
  connection.query("stop_enrollment").with(org, enrollment, why.reason, why.now).run();
}

CancelOutcome stop_contact(Connection& connection, OrgId org, const Id& contact, const Cancelling& why) {
  CancelOutcome outcome;
  for (const Id& enrollment : active_enrollments(connection, "active_enrollments_of_contact", org, contact)) {
    stop_enrollment(connection, org, enrollment, why, outcome);
  }
  const CancelOutcome all = cancel_contact_messages(connection, org, contact, std::nullopt, why);
  outcome.cancelled += all.cancelled;
  outcome.in_flight = all.in_flight;  // counts those of the enrollments too
  return outcome;
}

CancelOutcome stop_campaign(Connection& connection, OrgId org, const Id& campaign, const Cancelling& why) {
  CancelOutcome outcome;
  for (const Id& enrollment : active_enrollments(connection, "active_enrollments_of_campaign", org, campaign)) {
    stop_enrollment(connection, org, enrollment, why, outcome);
  }
  return outcome;
}

void release_place_waits(Connection& connection, OrgId org, const Id& contact, Instant now) {
  struct Released {
    Id message;
    std::string channel;
  };
  std::vector<Released> released;
  {
    Query query = connection.query("release_place_waits");
    query.with(org, contact, now);
    while (query.next())
      released.push_back({query.id(0), query.text(1)});
  }
  for (const Released& row : released) {
    connection.query("bring_lane_forward").with(org, row.channel, now).run();
    connection.query("add_event")
        .with(org, row.message, now, "deferred", "contact_updated", "the contact changed: due again",
              std::optional<Id>{})
        .run();
  }
}

}  // namespace avisloop::sqlite
