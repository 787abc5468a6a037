#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"

namespace avisloop {

/// What a column of an imported file may hold. `custom.*` columns stand apart.
enum class Field {
  external_id,
  name,
  first_name,
  last_name,
  email,
  phone,
  state,
  zip,
  time_zone,
  language,
  tags,
  sms_consent,
  sms_consent_at,
  sms_consent_source,
  sms_consent_text,
  email_consent,
  email_consent_at,
  email_consent_source,
  email_consent_text,
  job_id,
  service,
  completed_at,
  technician,
  notes,
  address,
  channel,
  reason,
  at,
  source,
  opted_out,
};
inline constexpr std::size_t kFields = static_cast<std::size_t>(Field::opted_out) + 1;

enum class FileKind { contacts, jobs, opt_outs };

/// `phone=Cell #` of `--map`.
struct ColumnMap {
  std::string field;  ///< a known column's name, or `custom.NAME`
  std::string header;
};

/// How the columns of a file are to be understood.
struct ColumnRequest {
  FileKind kind = FileKind::contacts;
  std::string preset;  ///< empty = none
  std::vector<ColumnMap> maps;
  bool skip_unknown = false;  ///< leave unknown columns out instead of refusing the file
};

/// Where in a row each field lies.
struct ColumnPlan {
  std::vector<std::string> headers;                         ///< as the file has them
  std::array<std::vector<std::size_t>, kFields> columns;    ///< the first that is not empty in a row counts
  std::vector<std::pair<std::string, std::size_t>> custom;  ///< name without `custom.`

  const std::vector<std::size_t>& of(Field field) const { return columns[static_cast<std::size_t>(field)]; }
  bool has(Field field) const { return !of(field).empty(); }
};

/// The name of a field as it stands in help and messages: `sms_consent_at`.
std::string_view field_name(Field field);

/// Reads `field=Header`. Fault `usage`: no `=`, or a field that is not known for this kind of file.
Result<ColumnMap> read_column_map(std::string_view text, FileKind kind);

/// The names of core/rules/data/import_presets.csv, each once.
std::vector<std::string> preset_names();

/// Finds the columns by their headers: letters and digits count, case, spaces and signs do not. Fault `data`, with the
/// nearest known name, when a column is unknown, is there twice, or is meant by two headers; when a mapped header is
/// missing; or when nothing names or reaches anybody. The columns in front of a rejects file are left out, so that a
/// mended one can be imported.
Result<ColumnPlan> plan_columns(std::span<const std::string> headers, const ColumnRequest& request);

/// Whether the first line of an opt-out file is an address already, so that the file has no headers.
bool looks_like_address(std::string_view cell);

}  // namespace avisloop
