#pragma once

#include <string_view>

#include "core/base/result.h"
#include "core/model/business.h"
#include "core/model/message.h"
#include "core/store/sqlite/connection.h"

namespace avisloop::sqlite {

// Reads the row that `query` stands on, in the order of columns that sql/queries gives each noun. Fault `distrust` when
// a column does not hold what the program writes.

Result<Org> read_org(const Query& query);
Result<Contact> read_contact(const Query& query);
Result<Job> read_job(const Query& query);
Result<Template> read_template(const Query& query);
/// Without the touches, which are rows of their own.
Result<Campaign> read_campaign(const Query& query);
Result<Touch> read_touch(const Query& query);
Result<MessageView> read_message_view(const Query& query);
Result<Attempt> read_attempt(const Query& query);
Result<MessageEvent> read_event(const Query& query);

/// All rows of a bound query.
template <class T>
Result<std::vector<T>> read_all(Query& query, Result<T> (*read)(const Query&)) {
  std::vector<T> rows;
  while (query.next()) {
    AVIS_TRY_ASSIGN(T row, read(query));
    rows.push_back(std::move(row));
  }
  return rows;
}

/// The row of a bound query that answers at most one.
template <class T>
Result<std::optional<T>> read_one(Query& query, Result<T> (*read)(const Query&)) {
  if (!query.next()) return std::nullopt;
  AVIS_TRY_ASSIGN(T row, read(query));
  return std::optional<T>(std::move(row));
}

}  // namespace avisloop::sqlite
