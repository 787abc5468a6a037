#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/id.h"
#include "core/base/instant.h"
#include "core/model/enums.h"

namespace avisloop {

/// The number of an organization inside the store: 63 random bits, so that stores can be merged; never shown to a user.
enum class OrgId : std::int64_t {};

/// A business that sends. Its senders and limits are configuration (`[org.KEY.…]`).
struct Org {
  OrgId id{};
  std::string key;
  std::string name;
  std::string time_zone;
  std::string address;      ///< postal address for the foot of emails (15 USC 7704(a)(5))
  std::string review_link;  ///< https URL
  Instant created_at;
};

/// A customer. Empty text means not known.
struct Contact {
  Id id;
  std::string external_id;
  std::string first_name;
  std::string last_name;
  std::string email;
  std::string phone;      ///< E.164, or empty when `phone_raw` could not be read
  std::string phone_raw;  ///< as it came in
  std::string state;      ///< ISO 3166-2 of the service address: `US-TX`
  std::string zip;
  std::string time_zone;  ///< IANA name
  std::string language;
  std::vector<std::string> tags;
  std::map<std::string, std::string> custom;
  std::string phone_problem;  ///< why the number must not be used any more (provider's word), empty = usable
  std::string email_problem;
  Instant created_at;
  Instant updated_at;
};

/// A piece of finished work.
struct Job {
  Id id;
  std::string external_id;
  Id contact;
  ServiceCategory service = ServiceCategory::other;
  Instant completed_at;
  std::string technician;
  std::string notes;
  Instant created_at;
};

/// Wording of one channel, in Mustache.
struct Template {
  Id id;
  std::string key;  ///< ^[a-z0-9_]+$
  Channel channel = Channel::email;
  std::string subject;                           ///< email only
  std::string body;                              ///< plain text
  std::string html;                              ///< email only, optional
  std::map<std::string, std::string> variables;  ///< the template's own, with their defaults
  int max_segments = 0;                          ///< SMS only; 0 = the product's limit
  bool active = true;
  int version = 1;  ///< grows with every change
  std::int64_t uses = 0;
  std::optional<Instant> last_used_at;
  Instant created_at;
};

/// One step of a campaign.
struct Touch {
  int position = 0;  ///< from 1
  Channel channel = Channel::email;
  Micros delay{0};  ///< from the start of the enrollment
  Id template_id;
  std::string template_key;
  MessageClass message_class = MessageClass::marketing;
  Priority priority = Priority::normal;
};

struct Campaign {
  Id id;
  std::string key;
  std::string name;
  CampaignStatus status = CampaignStatus::draft;
  std::vector<ServiceCategory> services;  ///< trigger: any of these; empty = every service
  std::vector<std::string> tags;          ///< trigger: any of these; empty = every contact
  std::vector<StopEvent> stop_on;
  Micros cool_down{90 * kDay};  ///< nobody who got a message of another enrollment within it is asked again
  std::vector<Touch> touches;
  Instant created_at;
};

/// One contact (and job) in one campaign.
struct Enrollment {
  Id id;
  Id campaign;
  Id contact;
  std::optional<Id> job;
  EnrollmentStatus status = EnrollmentStatus::active;
  std::string stop_reason;
  Instant started_at;
  std::optional<Instant> ended_at;
};

/// Evidence that a contact agreed, or withdrew; never edited, only followed by a later record.
struct Consent {
  Id id;
  Channel channel = Channel::sms;
  std::string address;  ///< E.164 or email
  bool given = true;
  Instant at;           ///< when the person said so
  std::string method;   ///< `import`, `form`, `paper`, `reply`, `operator`, …
  std::string source;   ///< where it comes from, in the owner's words
  std::string wording;  ///< the text that was shown, if known
  std::string recorded_by;
  Instant recorded_at;
};

/// An address that must not be written to by this org.
struct Suppression {
  Channel channel = Channel::sms;
  std::string tail;    ///< the last characters of the address, for people
  std::string reason;  ///< `opted_out`, `wrong_number`, `complained`, …
  std::string source;  ///< who or what said so
  Instant at;
};

}  // namespace avisloop
