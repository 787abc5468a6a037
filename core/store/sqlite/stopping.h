#pragma once

#include <string_view>

#include "core/store/sqlite/store.h"

namespace avisloop::sqlite {

// Parts of several operations; to be called inside a Write.

/// Ends one enrollment: cancels what has not left, and marks it stopped if anything was left to go (else it is
/// finished). Adds to `outcome`.
void stop_enrollment(Connection& connection, OrgId org, const Id& enrollment, const Cancelling& why,
                     CancelOutcome& outcome);

/// Ends all active enrollments of a contact and cancels its other messages.
CancelOutcome stop_contact(Connection& connection, OrgId org, const Id& contact, const Cancelling& why);

/// Ends all active enrollments of a campaign.
CancelOutcome stop_campaign(Connection& connection, OrgId org, const Id& campaign, const Cancelling& why);

/// Makes messages due at `now` that wait for the contact's place.
void release_place_waits(Connection& connection, OrgId org, const Id& contact, Instant now);

}  // namespace avisloop::sqlite
