#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/model/business.h"
#include "core/model/message.h"

namespace avisloop {

/// The queue of one org and channel.
struct Lane {
  OrgId org{};
  Channel channel = Channel::sms;
  Instant next_due;

  bool operator==(const Lane& other) const { return org == other.org && channel == other.channel; }
};

/// What the person behind an address was sent lately, by any campaign of the org.
struct Pace {
  std::vector<Instant> recent;        ///< attempts that may have reached the address in the last 25 h, oldest first
  std::optional<Id> last_enrollment;  ///< the enrollment of the last campaign message to the person
  std::optional<Instant> last_at;
};

/// A due row with all that the rules ask about it, read inside the claiming transaction.
struct Candidate {
  Message message;
  Instant due_at;
  int attempts_used = 0;          ///< attempts that count against the limit
  int last_number = 0;            ///< number of the last attempt row, 0 = none
  std::optional<Id> deferred_by;  ///< the run that put it back last
  std::string deferred_reason;
  std::optional<Contact> contact;
  std::optional<Job> job;
  std::optional<Enrollment> enrollment;
  CampaignStatus campaign_status = CampaignStatus::active;
  Micros cool_down{0};
  std::string address;  ///< where it would go; empty = none
  std::optional<Suppression> suppression;
  std::optional<Consent> consent;  ///< the latest record for the address
  Pace phone_pace;
  Pace email_pace;
  int template_version = 0;  ///< 0 = no template
  bool template_active = true;
};

/// A quota that may not be passed in any stretch of `period`, for one org and channel.
struct RateLimit {
  Micros period{0};
  std::int64_t most = 0;
};

// What becomes of a candidate.
struct SendIntent {
  Attempt attempt;
  Instant lease_until;  ///< after it, the request can no longer be under way
};
struct Deferral {
  Instant until;
  std::string reason;
  std::string detail;
};
struct Wait {               ///< status `pending`: not for a time
  std::string waiting_for;  ///< `place`, …
  std::string detail;
};
struct Ending {
  MessageStatus status = MessageStatus::skipped;  ///< skipped, cancelled or failed
  std::string reason;
  std::string detail;
  bool stops_enrollment = false;  ///< also cancels the enrollment's other messages, with the same reason
};
using Decision = std::variant<SendIntent, Deferral, Wait, Ending>;

}  // namespace avisloop
