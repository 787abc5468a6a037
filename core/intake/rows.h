#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/id.h"
#include "core/base/result.h"
#include "core/base/zones.h"
#include "core/intake/columns.h"
#include "core/rules/phone.h"
#include "core/store/intake_store.h"

namespace avisloop {

/// What the reading of rows rests on, besides the columns.
struct RowRules {
  const Zone* zone = nullptr;  ///< the organization's: dates without a zone are meant there
  Instant now;
  ForeignNumberCheck foreign;
  std::string consent_source;              ///< `--consent-source`: where the consent of this file comes from
  bool keep_bad_phones = false;            ///< a number that cannot be read is kept as text instead of refusing the row
  std::optional<ServiceCategory> service;  ///< of jobs that name none, or one that is not known
};

/// Why a row is not imported.
struct Reject {
  std::string column;  ///< the header as it stands in the file, empty = the row as a whole
  std::string reason;
};

/// Turns the cells of one row into what the store takes. Every method answers nothing when the row is fine, a Reject
/// when it is not, and an error only when no row could be read (the phone library is missing).
class RowReader {
 public:
  RowReader(const ColumnPlan& plan, RowRules rules, IdMaker& ids);

  using Cells = std::span<const std::string_view>;

  Result<std::optional<Reject>> read_contact(Cells cells, ContactRow& row);
  Result<std::optional<Reject>> read_job(Cells cells, JobRow& row);
  /// One row may name a phone and an email. A row whose `opted_out` says no leaves `rows` as it is.
  Result<std::optional<Reject>> read_opt_outs(Cells cells, std::vector<OptOutRow>& rows);

  /// Whether the last contact says yes to a channel without saying where that comes from: then no consent is stored.
  bool consent_without_source() const { return consent_without_source_; }

 private:
  struct Cell {
    std::string_view text;  ///< trimmed; empty = nothing there
    std::size_t column = 0;
  };
  Cell cell(Cells cells, Field field) const;
  Reject reject(const Cell& cell, std::string reason) const;

  std::optional<Reject> read_words(Cells cells, Contact& contact);
  std::optional<Reject> read_names(Cells cells, Contact& contact);
  std::optional<Reject> read_place(Cells cells, Contact& contact);
  std::optional<Reject> read_custom(Cells cells, Contact& contact) const;
  Result<std::optional<Reject>> read_contact_phone(Cells cells, Contact& contact);
  std::optional<Reject> read_consent(Cells cells, Channel channel, ContactRow& row);
  std::optional<Reject> read_opt_out_facts(Cells cells, OptOutRow& row, std::optional<Channel>& channel) const;
  Result<std::optional<Reject>> read_opt_out_address(const Cell& found, OptOutRow& row) const;
  std::optional<Reject> line_of(Cells cells, Field field, std::size_t longest, std::string& target) const;

  const ColumnPlan& plan_;
  RowRules rules_;
  IdMaker& ids_;
  bool consent_without_source_ = false;
  // The last state and zone that were read: a file names few of them, in long runs.
  std::string last_state_text_;
  std::string last_state_;
  std::string last_zone_text_;
};

}  // namespace avisloop
