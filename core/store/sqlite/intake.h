#pragma once

#include "core/store/intake_store.h"
#include "core/store/sqlite/store.h"
#include "core/store/sqlite/written.h"

namespace avisloop::sqlite {

/// The intake on SQLite: imports in intake_contact.cpp and intake_job.cpp, the rest in intake_*.cpp.
class Intake : public IntakeStore {
 public:
  explicit Intake(Shared& shared) : shared_(shared) {}

  Result<std::vector<ContactOutcome>> import_contacts(OrgId org, std::span<const ContactRow> rows,
                                                      ConflictPolicy policy, Instant now) override;
  Result<std::vector<JobOutcome>> import_jobs(OrgId org, std::span<const JobRow> rows, ConflictPolicy policy,
                                              Instant now) override;

  Result<OptOutsOutcome> import_opt_outs(OrgId org, std::span<const OptOutRow> rows, Instant now) override;
  Result<CancelOutcome> opt_out(OrgId org, const OptOutRow& row, Instant now) override;
  Result<bool> opt_in(OrgId org, const Consent& consent, Instant now) override;

  Result<std::vector<EnrollEffect>> enroll(OrgId org, std::span<const EnrollmentPlan> plans, Micros cool_down,
                                           Instant now) override;
  Result<> add_message(OrgId org, const Message& message) override;
  Result<std::vector<Selected>> select_for_enrollment(OrgId org, const Selection& selection, Id after_contact,
                                                      Id after_job, int limit) override;

  Result<CancelOutcome> cancel_message(OrgId org, const Id& message, std::string_view reason, Instant now) override;
  Result<CancelOutcome> cancel_contact(OrgId org, const Id& contact, std::string_view reason, Instant now) override;
  Result<CancelOutcome> cancel_campaign(OrgId org, const Id& campaign, std::string_view reason, Instant now) override;
  Result<CancelOutcome> stop_enrollments(OrgId org, const Id& contact, StopEvent event, std::optional<Id> except_job,
                                         Instant now) override;

 private:
  Connection& connection() { return shared_.connection; }

  Shared& shared_;
};

/// Stores a consent unless it is stored already; true = it was not. Inside a Write.
bool insert_consent(Connection& connection, OrgId org, const Consent& consent, bool dated);

}  // namespace avisloop::sqlite
