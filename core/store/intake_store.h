#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/model/business.h"
#include "core/model/message.h"
#include "core/store/catalog_store.h"

namespace avisloop {

/// One row of an import, already read and checked. `contact.id` is a fresh id, used only if the contact is new.
/// Empty fields of `contact` say nothing: they never erase what the store knows.
struct ContactRow {
  Contact contact;
  std::vector<Consent> consents;  ///< with fresh ids; one that says the same as a stored one is not written again
  /// Consents whose file names no instant: `at` is the import's. Not written when any stored record of the address has
  /// the same `given`, method, source and wording, so that the same file again neither adds to the evidence nor
  /// undoes a later withdrawal.
  std::vector<Consent> undated_consents;
};

enum class RowEffect { created, updated, unchanged };

struct ContactOutcome {
  RowEffect effect = RowEffect::unchanged;
  Id contact;                   ///< the stored contact's id
  bool opted_out_kept = false;  ///< one of its addresses is suppressed; the import did not change that
};

struct JobRow {
  ContactRow contact;
  Job job;  ///< fresh id; `contact` is filled in by the store
};

struct JobOutcome {
  ContactOutcome contact;
  RowEffect effect = RowEffect::unchanged;
  Id job;
};

enum class ConflictPolicy { update, skip };

struct OptOutRow {
  Channel channel = Channel::sms;
  std::string address;  ///< E.164 or email
  std::string reason;
  std::string source;
  Instant at;
};

struct OptOutsOutcome {
  std::vector<bool> fresh;  ///< per row: the address was not suppressed before
  CancelOutcome cancelled;  ///< of all rows together
};

/// One enrollment with its messages laid out (rules/touches.h); ids are fresh.
struct EnrollmentPlan {
  Enrollment enrollment;
  std::vector<Message> messages;
};

enum class EnrollEffect {
  enrolled,
  already,    ///< this contact and job are in this campaign already
  cool_down,  ///< the person was asked, or is being asked, by another enrollment within the cool-down
};

/// What comes in. A chunk is one transaction: it is stored whole or not at all, and storing it again changes nothing.
class IntakeStore {
 public:
  virtual ~IntakeStore() = default;

  /// A contact is the same if its external id, else its phone, else its email is the same. A contact found by phone
  /// or email that has another external id is another contact. Two rows of one chunk are judged in order.
  virtual Result<std::vector<ContactOutcome>> import_contacts(OrgId org, std::span<const ContactRow> rows,
                                                              ConflictPolicy policy, Instant now) = 0;

  /// A job is the same if its external id, else contact, service and completion are the same.
  virtual Result<std::vector<JobOutcome>> import_jobs(OrgId org, std::span<const JobRow> rows, ConflictPolicy policy,
                                                      Instant now) = 0;

  /// Does for each row what `opt_out` does, all in one transaction.
  virtual Result<OptOutsOutcome> import_opt_outs(OrgId org, std::span<const OptOutRow> rows, Instant now) = 0;

  /// Suppresses one address, cancels what has not left for it and stops its enrollments, in one transaction.
  virtual Result<CancelOutcome> opt_out(OrgId org, const OptOutRow& row, Instant now) = 0;

  /// Lifts the suppression of the consent's address, if there is one, and stores the consent. Answers whether one was
  /// lifted.
  virtual Result<bool> opt_in(OrgId org, const Consent& consent, Instant now) = 0;

  /// Stores each plan unless that contact (and job) is in the campaign already, or the cool-down forbids it.
  virtual Result<std::vector<EnrollEffect>> enroll(OrgId org, std::span<const EnrollmentPlan> plans, Micros cool_down,
                                                   Instant now) = 0;

  /// Puts one message into the queue for `message.planned_at`.
  virtual Result<> add_message(OrgId org, const Message& message) = 0;

  virtual Result<CancelOutcome> cancel_message(OrgId org, const Id& message, std::string_view reason, Instant now) = 0;
  virtual Result<CancelOutcome> cancel_contact(OrgId org, const Id& contact, std::string_view reason, Instant now) = 0;
  virtual Result<CancelOutcome> cancel_campaign(OrgId org, const Id& campaign, std::string_view reason,
                                                Instant now) = 0;

  /// Stops enrollments of this contact, in campaigns that stop on `event`, other than the one for `except_job`.
  virtual Result<CancelOutcome> stop_enrollments(OrgId org, const Id& contact, StopEvent event,
                                                 std::optional<Id> except_job, Instant now) = 0;

  /// Contacts (with their newest job since `since`, if any) that `enroll` selects, in pages by id.
  struct Selection {
    std::string tag;                        ///< empty = any
    std::optional<Instant> jobs_since;      ///< only contacts with a job completed since then, one row per job
    std::vector<ServiceCategory> services;  ///< with jobs: only these
  };
  struct Selected {
    Contact contact;
    std::optional<Job> job;
  };
  /// The next up to `limit` after (`after_contact`, `after_job`), nil to begin.
  virtual Result<std::vector<Selected>> select_for_enrollment(OrgId org, const Selection& selection, Id after_contact,
                                                              Id after_job, int limit) = 0;
};

}  // namespace avisloop
