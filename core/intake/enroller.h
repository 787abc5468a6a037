#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/id.h"
#include "core/base/result.h"
#include "core/model/business.h"
#include "core/store/intake_store.h"
#include "core/store/store.h"

namespace avisloop {

/// What enrolling did, counted per contact (or job) and campaign.
struct EnrollCounts {
  std::int64_t enrolled = 0;
  std::int64_t already = 0;
  std::int64_t cool_down = 0;
  std::int64_t too_old = 0;       ///< the job was completed too long ago to ask about it
  std::int64_t not_matching = 0;  ///< the campaign's trigger does not want it
  std::int64_t cancelled = 0;     ///< messages of other enrollments that a newer job stopped
};

/// Puts contacts into campaigns: lays out the messages and stores them. Doing it again changes nothing.
class Enroller {
 public:
  Enroller(Store& store, OrgId org, IdMaker& ids, Instant now) : store_(store), org_(org), ids_(ids), now_(now) {}

  /// Enrolls imported jobs by the triggers of the active campaigns. An enrollment starts when the job was completed,
  /// but not before now. The newest job of a contact first stops what campaigns with `stop_on` new_job still have for
  /// the contact's other jobs. Jobs that were completed more than `since` ago are counted and left alone.
  Result<> enroll_jobs(std::span<const JobRow> rows, std::span<const JobOutcome> outcomes, Micros since,
                       EnrollCounts& counts);

  /// Enrolls into one campaign, from now on. With `by_trigger` only those that the campaign's trigger wants.
  Result<> enroll_selected(const Campaign& campaign, std::span<const IntakeStore::Selected> selected, bool by_trigger,
                           EnrollCounts& counts);

 private:
  /// The campaigns, read once: they do not change while an import runs.
  Result<> load();
  Result<> stop_others(const JobRow& row, const JobOutcome& outcome, EnrollCounts& counts);
  Result<bool> wants(const Campaign& campaign, const JobRow& row, const JobOutcome& outcome);
  EnrollmentPlan plan(const Campaign& campaign, const Id& contact, std::optional<Id> job, Instant start);
  Result<> store_plans(const Campaign& campaign, std::span<const EnrollmentPlan> plans, EnrollCounts& counts);

  Store& store_;
  OrgId org_;
  IdMaker& ids_;
  Instant now_;
  bool loaded_ = false;
  bool new_jobs_stop_ = false;
  std::vector<Campaign> active_;
};

}  // namespace avisloop
