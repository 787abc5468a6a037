#include "core/intake/enroller.h"

#include <algorithm>
#include <numeric>

#include "core/rules/touches.h"
#include "core/store/catalog_store.h"

namespace avisloop {

Result<> Enroller::load() {
  if (loaded_) return {};
  AVIS_TRY_ASSIGN(const std::vector<Campaign> campaigns, store_.catalog().list_campaigns(org_));
  for (const Campaign& campaign : campaigns) {
    const auto& stop_on = campaign.stop_on;
    new_jobs_stop_ = new_jobs_stop_ || std::find(stop_on.begin(), stop_on.end(), StopEvent::new_job) != stop_on.end();
    if (campaign.status == CampaignStatus::active) active_.push_back(campaign);
  }
  loaded_ = true;
  return {};
}

/// Only the newest job counts as a new one: an older file imported later must not end what a newer job began.
Result<> Enroller::stop_others(const JobRow& row, const JobOutcome& outcome, EnrollCounts& counts) {
  if (outcome.contact.effect == RowEffect::created) return {};  // cannot be enrolled yet
  AVIS_TRY_ASSIGN(const std::vector<Job> jobs, store_.catalog().list_jobs(org_, outcome.contact.contact, Page{}));
  const bool newest = std::none_of(jobs.begin(), jobs.end(), [&](const Job& other) {
    return other.id != outcome.job && other.completed_at > row.job.completed_at;
  });
  if (!newest || jobs.size() < 2) return {};
  AVIS_TRY_ASSIGN(const CancelOutcome stopped, store_.intake().stop_enrollments(org_, outcome.contact.contact,
                                                                                StopEvent::new_job, outcome.job, now_));
  counts.cancelled += stopped.cancelled;
  return {};
}

/// The row may name fewer tags than the store knows of the contact.
Result<bool> Enroller::wants(const Campaign& campaign, const JobRow& row, const JobOutcome& outcome) {
  if (triggers(campaign, row.contact.contact, row.job.service)) return true;
  if (campaign.tags.empty()) return false;
  AVIS_TRY_ASSIGN(const std::optional<Contact> stored, store_.catalog().find_contact(org_, outcome.contact.contact));
  return stored && triggers(campaign, *stored, row.job.service);
}

EnrollmentPlan Enroller::plan(const Campaign& campaign, const Id& contact, std::optional<Id> job, Instant start) {
  EnrollmentPlan made;
  made.enrollment.id = ids_.make(now_);
  made.enrollment.campaign = campaign.id;
  made.enrollment.contact = contact;
  made.enrollment.job = job;
  made.enrollment.started_at = start;
  made.messages = lay_out(campaign, made.enrollment, ids_, now_);
  return made;
}

Result<> Enroller::store_plans(const Campaign& campaign, std::span<const EnrollmentPlan> plans, EnrollCounts& counts) {
  if (plans.empty()) return {};
  AVIS_TRY_ASSIGN(const std::vector<EnrollEffect> effects,
                  store_.intake().enroll(org_, plans, campaign.cool_down, now_));
  for (const EnrollEffect effect : effects) {
    if (effect == EnrollEffect::enrolled) ++counts.enrolled;
    if (effect == EnrollEffect::already) ++counts.already;
    if (effect == EnrollEffect::cool_down) ++counts.cool_down;
  }
  return {};
}

Result<> Enroller::enroll_jobs(std::span<const JobRow> rows, std::span<const JobOutcome> outcomes, Micros since,
                               EnrollCounts& counts) {
  AVIS_TRY(load());
  // Newest first, so that of two jobs of one person the newer one is asked about.
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return rows[a].job.completed_at > rows[b].job.completed_at; });
  const auto is_too_old = [&](const JobRow& row) { return row.job.completed_at < now_ - since; };
  if (new_jobs_stop_) {
    for (const std::size_t i : order) {
      if (!is_too_old(rows[i])) AVIS_TRY(stop_others(rows[i], outcomes[i], counts));
    }
  }
  for (const Campaign& campaign : active_) {
    std::vector<EnrollmentPlan> plans;
    for (const std::size_t i : order) {
      AVIS_TRY_ASSIGN(const bool wanted, wants(campaign, rows[i], outcomes[i]));
      if (!wanted) continue;
      if (is_too_old(rows[i])) {
        ++counts.too_old;
        continue;
      }
      const Instant start = std::max(rows[i].job.completed_at, now_);
      plans.push_back(plan(campaign, outcomes[i].contact.contact, outcomes[i].job, start));
    }
    AVIS_TRY(store_plans(campaign, plans, counts));
  }
  return {};
}

Result<> Enroller::enroll_selected(const Campaign& campaign, std::span<const IntakeStore::Selected> selected,
                                   bool by_trigger, EnrollCounts& counts) {
  std::vector<EnrollmentPlan> plans;
  for (const auto& [contact, job] : selected) {
    Campaign trigger = campaign;
    if (!job) trigger.services.clear();  // there is no job to compare with
    if (by_trigger && !triggers(trigger, contact, job ? job->service : ServiceCategory::other)) {
      ++counts.not_matching;
      continue;
    }
    plans.push_back(plan(campaign, contact.id, job ? std::optional(job->id) : std::nullopt, now_));
  }
  return store_plans(campaign, plans, counts);
}

}  // namespace avisloop
