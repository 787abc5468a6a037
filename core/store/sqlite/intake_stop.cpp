#include <fmt/format.h>

#include <algorithm>

#include "core/store/codec.h"
#include "core/store/sqlite/intake.h"
#include "core/store/sqlite/stopping.h"

namespace avisloop::sqlite {
namespace {

/// The word that an enrollment's stop_reason and its messages' events get.
std::string_view reason_of(StopEvent event) {
  switch (event) {
    case StopEvent::reply:
      return "replied";
    case StopEvent::click:
      return "clicked";
    case StopEvent::review:
      return "reviewed";
    case StopEvent::new_job:
      break;
  }
  return "new_job";
}

}  // namespace

bool insert_consent(Connection& connection, OrgId org, const Consent& consent, bool dated) {
  const std::string_view channel = to_string(consent.channel);
  {
    Query known = connection.query(dated ? "consent_is_known" : "undated_consent_is_known");
    if (dated) {
      known.with(org, channel, consent.address, consent.at, consent.given, consent.method, consent.source,
                 consent.wording);
    } else {
      known.with(org, channel, consent.address, consent.given, consent.method, consent.source, consent.wording);
    }
    if (known.next()) return false;
  }
  connection.query("insert_consent")
      .with(org, channel, consent.address, consent.at, consent.id, consent.given, consent.method, consent.source,
            consent.wording, consent.recorded_by, consent.recorded_at)
      .run();
  return true;
}

Result<OptOutsOutcome> Intake::import_opt_outs(OrgId org, std::span<const OptOutRow> rows, Instant now) {
  return written(connection(), [&]() -> Result<OptOutsOutcome> {
    OptOutsOutcome outcome;
    for (const OptOutRow& row : rows)
      outcome.fresh.push_back(suppress(shared_, org, row, now, outcome.cancelled));
    return outcome;
  });
}

Result<CancelOutcome> Intake::opt_out(OrgId org, const OptOutRow& row, Instant now) {
  return written(connection(), [&]() -> Result<CancelOutcome> {
    CancelOutcome outcome;
    suppress(shared_, org, row, now, outcome);
    return outcome;
  });
}

Result<bool> Intake::opt_in(OrgId org, const Consent& consent, Instant now) {
  return written(connection(), [&]() -> Result<bool> {
    if (!consent.given) return fail(Fault::bug, "an opt-in needs a consent that was given");
    insert_consent(connection(), org, consent, true);
    const std::vector<std::uint8_t> hash = shared_.hasher.hash(consent.channel, consent.address);
    return connection().query("lift_suppression").with(org, to_string(consent.channel), hash, now).run() > 0;
  });
}

Result<CancelOutcome> Intake::cancel_message(OrgId org, const Id& message, std::string_view reason, Instant now) {
  return written(connection(), [&]() -> Result<CancelOutcome> {
    CancelOutcome outcome;
    if (cancel_queued(connection(), org, message, {reason, {}, now, std::nullopt})) {
      outcome.cancelled = 1;
      return outcome;
    }
    Query query = connection().query("open_attempts_of_message");
    if (!query.with(org, message).next()) {
      return fail(Fault::data, fmt::format("the message {} does not exist", to_string(message)));
    }
    outcome.in_flight = query.number(0);
    return outcome;
  });
}

Result<CancelOutcome> Intake::cancel_contact(OrgId org, const Id& contact, std::string_view reason, Instant now) {
  return written(connection(), [&]() -> Result<CancelOutcome> {
    return stop_contact(connection(), org, contact, {reason, {}, now, std::nullopt});
  });
}

Result<CancelOutcome> Intake::cancel_campaign(OrgId org, const Id& campaign, std::string_view reason, Instant now) {
  return written(connection(), [&]() -> Result<CancelOutcome> {
    return stop_campaign(connection(), org, campaign, {reason, {}, now, std::nullopt});
  });
}

Result<CancelOutcome> Intake::stop_enrollments(OrgId org, const Id& contact, StopEvent event,
                                               std::optional<Id> except_job, Instant now) {
  return written(connection(), [&]() -> Result<CancelOutcome> {
    std::vector<Id> stopping;
    {
      Query query = connection().query("stoppable_enrollments");
      query.with(org, contact);
      while (query.next()) {
        const std::optional<Id> job = query.optional_id(1);
        if (except_job && job == except_job) continue;
        AVIS_TRY_ASSIGN(const std::vector<StopEvent> stop_on, decode_words<StopEvent>(query.view(2)));
        if (std::find(stop_on.begin(), stop_on.end(), event) != stop_on.end()) stopping.push_back(query.id(0));
      }
    }
    CancelOutcome outcome;
    for (const Id& enrollment : stopping) {
      stop_enrollment(connection(), org, enrollment, {reason_of(event), {}, now, std::nullopt}, outcome);
    }
    return outcome;
  });
}

}  // namespace avisloop::sqlite
