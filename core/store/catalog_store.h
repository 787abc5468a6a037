#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/model/business.h"
#include "core/model/message.h"

namespace avisloop {

struct Page {
  int limit = 100;
  int offset = 0;
};

struct ContactFilter {
  std::string tag;     ///< exact, empty = any
  std::string search;  ///< part of name, email, phone or external id
};

struct MessageFilter {
  std::optional<MessageStatus> status;
  std::optional<Id> contact;
  std::optional<Id> campaign;
  std::optional<Instant> due_before;
};

/// What an address is known for in one org.
struct AddressState {
  std::optional<Suppression> suppression;
  std::optional<Consent> consent;  ///< the latest record
};

/// How often something happened: `reason` is the machine word.
struct ReasonCount {
  std::string reason;
  std::int64_t count = 0;
};

struct LaneState {
  Channel channel = Channel::sms;
  std::int64_t due = 0;
  std::int64_t scheduled = 0;
  std::int64_t pending = 0;
  std::int64_t sending = 0;
  std::int64_t in_doubt = 0;
  std::string paused_reason;  ///< empty = not paused
  std::string paused_detail;
  std::optional<Instant> paused_at;
};

struct RunSummary {
  Id id;
  std::string host;
  int process_id = 0;
  Instant started_at;
  std::optional<Instant> ended_at;
  std::string report;  ///< the JSON of run-due
};

/// What stopping or cancelling did.
struct CancelOutcome {
  std::int64_t cancelled = 0;  ///< messages that will not be sent
  std::int64_t in_flight = 0;  ///< messages that are being sent or in doubt and cannot be called back
};

/// The plain objects: organizations, contacts, jobs, templates, campaigns, and looking at messages.
/// `create_*` and `update_*` answer fault `data` when a key or external id is taken already.
class CatalogStore {
 public:
  virtual ~CatalogStore() = default;

  virtual Result<> create_org(const Org& org) = 0;
  virtual Result<> update_org(const Org& org, Instant now) = 0;
  virtual Result<std::vector<Org>> list_orgs() = 0;
  virtual Result<std::optional<Org>> find_org(std::string_view key) = 0;
  /// Only an org without contacts and without messages in the queue can be deleted: fault `data` otherwise.
  /// Suppressions and consents stay; an org made later under the same key is born with those suppressions.
  virtual Result<> delete_org(OrgId org) = 0;

  virtual Result<> create_contact(OrgId org, const Contact& contact) = 0;
  /// Messages that wait for the contact's place (`waiting_for = "place"`) become due at `now`.
  virtual Result<> update_contact(OrgId org, const Contact& contact, Instant now) = 0;
  virtual Result<std::optional<Contact>> find_contact(OrgId org, const Id& id) = 0;
  /// By external id, E.164 phone or email, in that order.
  virtual Result<std::optional<Contact>> find_contact_by_key(OrgId org, std::string_view key) = 0;
  virtual Result<std::vector<Contact>> list_contacts(OrgId org, const ContactFilter& filter, Page page) = 0;
  /// Cancels what has not left (reason `contact_deleted`) and deletes its jobs; messages, consents and suppressions
  /// stay.
  virtual Result<CancelOutcome> delete_contact(OrgId org, const Id& id, Instant now) = 0;

  virtual Result<> create_job(OrgId org, const Job& job) = 0;
  virtual Result<> update_job(OrgId org, const Job& job) = 0;
  virtual Result<std::optional<Job>> find_job(OrgId org, const Id& id) = 0;
  virtual Result<std::vector<Job>> list_jobs(OrgId org, std::optional<Id> contact, Page page) = 0;
  virtual Result<> delete_job(OrgId org, const Id& id) = 0;

  virtual Result<> create_template(OrgId org, const Template& item) = 0;
  virtual Result<> update_template(OrgId org, const Template& item) = 0;
  virtual Result<std::optional<Template>> find_template(OrgId org, std::string_view key) = 0;
  virtual Result<std::optional<Template>> find_template_by_id(OrgId org, const Id& id) = 0;
  virtual Result<std::vector<Template>> list_templates(OrgId org) = 0;
  /// Fault `data` while a campaign uses it, or a message in the queue.
  virtual Result<> delete_template(OrgId org, const Id& id) = 0;

  virtual Result<> create_campaign(OrgId org, const Campaign& campaign) = 0;
  /// Replaces the touches too; enrollments that exist keep the messages they have.
  virtual Result<> update_campaign(OrgId org, const Campaign& campaign) = 0;
  virtual Result<std::optional<Campaign>> find_campaign(OrgId org, std::string_view key) = 0;
  virtual Result<std::optional<Campaign>> find_campaign_by_id(OrgId org, const Id& id) = 0;
  virtual Result<std::vector<Campaign>> list_campaigns(OrgId org) = 0;
  /// `completed` also cancels what has not left (reason `campaign_completed`).
  virtual Result<CancelOutcome> set_campaign_status(OrgId org, const Id& id, CampaignStatus status, Instant now) = 0;
  /// Only a campaign without enrollments: fault `data` otherwise.
  virtual Result<> delete_campaign(OrgId org, const Id& id) = 0;

  virtual Result<std::optional<MessageView>> find_message(OrgId org, const Id& id) = 0;
  virtual Result<std::vector<MessageView>> list_messages(OrgId org, const MessageFilter& filter, Page page) = 0;
  virtual Result<std::vector<Attempt>> attempts_of(OrgId org, const Id& message) = 0;
  virtual Result<std::vector<MessageEvent>> events_of(OrgId org, const Id& message) = 0;

  virtual Result<AddressState> address_state(OrgId org, Channel channel, std::string_view address) = 0;

  virtual Result<std::vector<LaneState>> lane_states(OrgId org, Instant now) = 0;
  virtual Result<std::optional<RunSummary>> last_run() = 0;
};

}  // namespace avisloop
