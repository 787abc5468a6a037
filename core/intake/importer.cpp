#include "core/intake/importer.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <vector>

namespace avisloop {
namespace {

// Rows come in another order than the indexes keep them: a larger transaction writes each page of an index less often,
// a smaller one holds less memory and lets other writers in sooner. 10,000 rows take about a tenth of a second.
constexpr std::size_t kChunkRows = 10'000;
constexpr std::size_t kChunkBytes = 4U << 20U;
constexpr std::int64_t kRowsPerProgress = 256;

/// What is done with the rows of one kind of file.
class Intake {
 public:
  virtual ~Intake() = default;
  virtual Result<std::optional<Reject>> take(RowReader& reader, RowReader::Cells cells) = 0;
  virtual std::size_t waiting() const = 0;
  virtual Result<> store() = 0;  ///< one transaction for all that waits
};

/// What every kind needs.
struct Target {
  Store& store;
  OrgId org;
  const ImportRequest& request;
  ImportReport& report;
};

void count(RowEffect effect, std::int64_t& created, std::int64_t& updated, std::int64_t* unchanged) {
  if (effect == RowEffect::created) ++created;
  if (effect == RowEffect::updated) ++updated;
  if (effect == RowEffect::unchanged && unchanged != nullptr) ++*unchanged;
}

class ContactIntake : public Intake {
 public:
  explicit ContactIntake(Target target) : target_(target) {}

  Result<std::optional<Reject>> take(RowReader& reader, RowReader::Cells cells) override {
    rows_.emplace_back();
    auto bad = reader.read_contact(cells, rows_.back());
    if (!bad || *bad) {
      rows_.pop_back();
    } else if (reader.consent_without_source()) {
      ++target_.report.consent_without_source;
    }
    return bad;
  }

  std::size_t waiting() const override { return rows_.size(); }

  Result<> store() override {
    AVIS_TRY_ASSIGN(
        const std::vector<ContactOutcome> outcomes,
        target_.store.intake().import_contacts(target_.org, rows_, target_.request.policy, target_.request.rows.now));
    ImportReport& report = target_.report;
    for (const ContactOutcome& outcome : outcomes) {
      count(outcome.effect, report.created, report.updated, &report.unchanged);
      if (outcome.opted_out_kept) ++report.opted_out_kept;
    }
    rows_.clear();
    return {};
  }

 private:
  Target target_;
  std::vector<ContactRow> rows_;
};

class JobIntake : public Intake {
 public:
  JobIntake(Target target, IdMaker& ids)
      : target_(target), enroller_(target.store, target.org, ids, target.request.rows.now) {}

  Result<std::optional<Reject>> take(RowReader& reader, RowReader::Cells cells) override {
    rows_.emplace_back();
    auto bad = reader.read_job(cells, rows_.back());
    if (!bad || *bad) {
      rows_.pop_back();
    } else if (reader.consent_without_source()) {
      ++target_.report.consent_without_source;
    }
    return bad;
  }

  std::size_t waiting() const override { return rows_.size(); }

  /// Killed between the two transactions, the next import finds the jobs and enrolls them.
  Result<> store() override {
    AVIS_TRY_ASSIGN(
        const std::vector<JobOutcome> outcomes,
        target_.store.intake().import_jobs(target_.org, rows_, target_.request.policy, target_.request.rows.now));
    ImportReport& report = target_.report;
    for (const JobOutcome& outcome : outcomes) {
      count(outcome.effect, report.created, report.updated, &report.unchanged);
      count(outcome.contact.effect, report.contacts_created, report.contacts_updated, nullptr);
      if (outcome.contact.opted_out_kept) ++report.opted_out_kept;
    }
    AVIS_TRY(enroller_.enroll_jobs(rows_, outcomes, target_.request.enroll_since, report.enrollment));
    rows_.clear();
    return {};
  }

 private:
  Target target_;
  Enroller enroller_;
  std::vector<JobRow> rows_;
};

class OptOutIntake : public Intake {
 public:
  explicit OptOutIntake(Target target) : target_(target) {}

  Result<std::optional<Reject>> take(RowReader& reader, RowReader::Cells cells) override {
    AVIS_TRY_ASSIGN(auto bad, reader.read_opt_outs(cells, addresses_));
    const bool any = addresses_.size() > owners_.size();
    // A row that is rejected for one of its addresses is counted as rejected, but the others are suppressed.
    owners_.resize(addresses_.size(), bad ? kNobody : rows_);
    if (!bad && any) ++rows_;
    if (!bad && !any) ++target_.report.not_opted_out;
    return bad;
  }

  std::size_t waiting() const override { return addresses_.size(); }

  Result<> store() override {
    AVIS_TRY_ASSIGN(const OptOutsOutcome outcome,
                    target_.store.intake().import_opt_outs(target_.org, addresses_, target_.request.rows.now));
    std::vector<bool> created(rows_, false);
    for (std::size_t i = 0; i < owners_.size(); ++i) {
      if (owners_[i] != kNobody && outcome.fresh[i]) created[owners_[i]] = true;
    }
    const auto fresh = std::count(created.begin(), created.end(), true);
    target_.report.created += fresh;
    target_.report.unchanged += static_cast<std::int64_t>(rows_) - fresh;
    target_.report.cancelled += outcome.cancelled.cancelled;
    addresses_.clear();
    owners_.clear();
    rows_ = 0;
    return {};
  }

 private:
  static constexpr std::size_t kNobody = static_cast<std::size_t>(-1);

  Target target_;
  std::vector<OptOutRow> addresses_;
  std::vector<std::size_t> owners_;  ///< per address: the row of this chunk that it came with
  std::size_t rows_ = 0;
};

std::unique_ptr<Intake> make_intake(const Target& target, IdMaker& ids) {
  switch (target.request.columns.kind) {
    case FileKind::contacts:
      return std::make_unique<ContactIntake>(target);
    case FileKind::jobs:
      return std::make_unique<JobIntake>(target, ids);
    case FileKind::opt_outs:
      return std::make_unique<OptOutIntake>(target);
  }
  return nullptr;
}

/// The rows of one file, from the first to the last.
class Import {
 public:
  Import(const Target& target, IdMaker& ids, ByteSource& source, ImportObserver& observer)
      : target_(target), ids_(ids), csv_(source, target.request.csv), observer_(observer) {}

  Result<> run() {
    auto done = read_all();
    if (done || stored_ == 0) return done;
    Error error = std::move(done).error();
    if (!error.remedy.empty()) error.remedy += " ";
    error.remedy +=
        fmt::format("The first {} rows are imported; the same import again changes nothing about them.", stored_);
    return tl::unexpected<Error>(std::move(error));
  }

 private:
  Result<> read_all() {
    CsvRow row;
    AVIS_TRY_ASSIGN(const bool any, csv_.next(row));
    if (!any) return fail(Fault::data, "the file is empty", "Its first line must name the columns.");
    const bool no_headers = target_.request.columns.kind == FileKind::opt_outs && row.fields.size() == 1 &&
                            looks_like_address(row.fields.front());
    std::vector<std::string> headers(row.fields.begin(), row.fields.end());
    if (no_headers) headers = {std::string(field_name(Field::address))};
    AVIS_TRY_ASSIGN(plan_, plan_columns(headers, target_.request.columns));
    AVIS_TRY(observer_.begin(plan_));

    RowReader reader(plan_, target_.request.rows, ids_);
    const std::unique_ptr<Intake> intake = make_intake(target_, ids_);
    if (no_headers) AVIS_TRY(take(*intake, reader, row));
    for (;;) {
      AVIS_TRY_ASSIGN(const bool more, csv_.next(row));
      if (!more) break;
      AVIS_TRY(take(*intake, reader, row));
    }
    return store(*intake);
  }

  Result<> take(Intake& intake, RowReader& reader, const CsvRow& row) {
    ImportReport& report = target_.report;
    ++report.read;
    if (row.guessed) ++report.guessed;
    AVIS_TRY_ASSIGN(const std::optional<Reject> bad, judge(intake, reader, row));
    if (bad) {
      ++report.rejected;
      AVIS_TRY(observer_.reject({row.line, bad->column, bad->reason, row.fields}));
    }
    for (const std::string_view cell : row.fields)
      waiting_bytes_ += cell.size();
    if (intake.waiting() >= kChunkRows || waiting_bytes_ >= kChunkBytes) AVIS_TRY(store(intake));
    if (report.read % kRowsPerProgress == 0) observer_.progress({csv_.bytes_read(), report.read, report.rejected});
    return {};
  }

  Result<std::optional<Reject>> judge(Intake& intake, RowReader& reader, const CsvRow& row) const {
    if (!row.problem.empty()) return Reject{{}, row.problem};
    const auto beyond = row.fields.begin() + static_cast<std::ptrdiff_t>(std::min(row.fields.size(), headers()));
    if (std::any_of(beyond, row.fields.end(), [](std::string_view cell) { return !cell.empty(); })) {
      return Reject{{}, fmt::format("has {} fields, and the first line has {}", row.fields.size(), headers())};
    }
    return intake.take(reader, row.fields);
  }

  Result<> store(Intake& intake) {
    if (intake.waiting() > 0) AVIS_TRY(intake.store());
    waiting_bytes_ = 0;
    stored_ = target_.report.read;
    observer_.progress({csv_.bytes_read(), target_.report.read, target_.report.rejected});
    return {};
  }

  std::size_t headers() const { return plan_.headers.size(); }

  Target target_;
  IdMaker& ids_;
  CsvReader csv_;
  ImportObserver& observer_;
  ColumnPlan plan_;
  std::size_t waiting_bytes_ = 0;
  std::int64_t stored_ = 0;
};

}  // namespace

Result<ImportReport> import_file(Store& store, OrgId org, IdMaker& ids, ByteSource& source,
                                 const ImportRequest& request, ImportObserver& observer) {
  ImportReport report;
  AVIS_TRY(Import({store, org, request, report}, ids, source, observer).run());
  return report;
}

}  // namespace avisloop
