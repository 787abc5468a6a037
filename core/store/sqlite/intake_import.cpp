#include "core/store/sqlite/contact_importer.h"
#include "core/store/sqlite/intake.h"
#include "core/store/sqlite/rows.h"

namespace avisloop::sqlite {
namespace {

/// Stores the jobs of one chunk, each after its contact.
class JobImporter {
 public:
  JobImporter(Connection& connection, OrgId org, ConflictPolicy policy)
      : connection_(connection), org_(org), policy_(policy) {}

  /// `row.contact` is the stored contact; `contact_is_new` saves looking for its jobs. Answers effect and id.
  Result<std::pair<RowEffect, Id>> store(const Job& row, bool contact_is_new) {
    AVIS_TRY_ASSIGN(const std::optional<Job> stored, find_same(row, contact_is_new));
    if (!stored) {
      connection_.query("insert_job")
          .with(org_, row.id, row.external_id, row.contact, to_string(row.service), row.completed_at, row.technician,
                row.notes, row.created_at)
          .run();
      return std::pair(RowEffect::created, row.id);
    }
    Job job = *stored;
    if (policy_ == ConflictPolicy::skip || !lay_over(job, row)) return std::pair(RowEffect::unchanged, job.id);
    connection_.query("update_job")
        .with(org_, job.id, job.external_id, job.contact, to_string(job.service), job.completed_at, job.technician,
              job.notes)
        .run();
    return std::pair(RowEffect::updated, job.id);
  }

 private:
  Result<std::optional<Job>> find_same(const Job& row, bool contact_is_new) {
    if (!row.external_id.empty()) {
      Query query = connection_.query("job_by_external_id");
      AVIS_TRY_ASSIGN(std::optional<Job> found, read_one(query.with(org_, row.external_id), read_job));
      if (found) return found;
    }
    if (contact_is_new) return std::nullopt;
    Query query = connection_.query("job_by_facts");
    query.with(org_, row.contact, row.completed_at, to_string(row.service), row.external_id);
    return read_one(query, read_job);
  }

  /// `other` is what a row without a service says, so it does not stand against a better word.
  static bool lay_over(Job& stored, const Job& row) {
    bool changed = false;
    const auto take = [&changed](auto& known, const auto& said) {
      changed = changed || known != said;
      known = said;
    };
    take(stored.contact, row.contact);
    take(stored.completed_at, row.completed_at);
    if (row.service != ServiceCategory::other) take(stored.service, row.service);
    if (!row.external_id.empty()) take(stored.external_id, row.external_id);
    if (!row.technician.empty()) take(stored.technician, row.technician);
    if (!row.notes.empty()) take(stored.notes, row.notes);
    return changed;
  }

  Connection& connection_;
  OrgId org_;
  ConflictPolicy policy_;
};

}  // namespace

Result<std::vector<ContactOutcome>> Intake::import_contacts(OrgId org, std::span<const ContactRow> rows,
                                                            ConflictPolicy policy, Instant now) {
  return written(connection(), [&]() -> Result<std::vector<ContactOutcome>> {
    std::vector<ContactOutcome> outcomes;
    outcomes.reserve(rows.size());
    ContactImporter contacts(shared_, org, policy, now);
    for (const ContactRow& row : rows) {
      AVIS_TRY_ASSIGN(ContactOutcome outcome, contacts.store(row));
      outcomes.push_back(outcome);
    }
    return outcomes;
  });
}

Result<std::vector<JobOutcome>> Intake::import_jobs(OrgId org, std::span<const JobRow> rows, ConflictPolicy policy,
                                                    Instant now) {
  return written(connection(), [&]() -> Result<std::vector<JobOutcome>> {
    std::vector<JobOutcome> outcomes;
    outcomes.reserve(rows.size());
    ContactImporter contacts(shared_, org, policy, now);
    JobImporter jobs(connection(), org, policy);
    for (const JobRow& row : rows) {
      JobOutcome outcome;
      AVIS_TRY_ASSIGN(outcome.contact, contacts.store(row.contact));
      Job job = row.job;
      job.contact = outcome.contact.contact;
      AVIS_TRY_ASSIGN(const auto stored, jobs.store(job, outcome.contact.effect == RowEffect::created));
      outcome.effect = stored.first;
      outcome.job = stored.second;
      outcomes.push_back(outcome);
    }
    return outcomes;
  });
}

}  // namespace avisloop::sqlite
