#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/base/csv.h"
#include "core/base/id.h"
#include "core/base/result.h"
#include "core/intake/columns.h"
#include "core/intake/enroller.h"
#include "core/intake/rows.h"
#include "core/store/store.h"

namespace avisloop {

/// How a file is imported. `columns.kind` says what is in it.
struct ImportRequest {
  ColumnRequest columns;
  CsvOptions csv;
  RowRules rows;
  ConflictPolicy policy = ConflictPolicy::update;
  Micros enroll_since{30 * kDay};  ///< jobs: older ones are stored, but nobody is asked about them
};

/// What became of the rows: read = created + updated + unchanged + rejected.
struct ImportReport {
  std::int64_t read = 0;
  std::int64_t created = 0;
  std::int64_t updated = 0;
  std::int64_t unchanged = 0;
  std::int64_t rejected = 0;
  std::int64_t opted_out_kept = 0;
  std::int64_t consent_without_source = 0;
  std::int64_t guessed = 0;           ///< rows that were not UTF-8 and were read as Windows-1252
  std::int64_t contacts_created = 0;  ///< jobs: contacts that were new
  std::int64_t contacts_updated = 0;
  std::int64_t not_opted_out = 0;  ///< opt-outs: rows whose own column says that they are none
  std::int64_t cancelled = 0;      ///< opt-outs: messages that will not be sent
  EnrollCounts enrollment;         ///< jobs
};

struct ImportProgress {
  std::int64_t bytes = 0;
  std::int64_t rows = 0;
  std::int64_t rejected = 0;
};

/// A row that is not imported, as it came in. Views live until the next row.
struct RejectedRow {
  std::int64_t line = 0;
  std::string_view column;
  std::string_view reason;
  std::span<const std::string_view> cells;
};

/// Watches an import.
class ImportObserver {
 public:
  virtual ~ImportObserver() = default;
  /// Once, before the first row, with the headers of the file.
  virtual Result<> begin(const ColumnPlan& plan) = 0;
  virtual Result<> reject(const RejectedRow& row) = 0;
  /// Every few hundred rows.
  virtual void progress(const ImportProgress& progress) = 0;
};

/// Reads the whole source and stores it in chunks, each in one transaction; memory does not depend on the size. A row
/// that cannot be used is rejected and the rest goes on. Killed and run again, it ends in the same state.
/// Fault `data` when the file as a whole cannot be used: empty, binary, unknown columns, a field without end. Chunks
/// stored before such a fault stay; the error says how many rows they are.
Result<ImportReport> import_file(Store& store, OrgId org, IdMaker& ids, ByteSource& source,
                                 const ImportRequest& request, ImportObserver& observer);

}  // namespace avisloop
