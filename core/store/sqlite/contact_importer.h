#pragma once

#include <optional>

#include "core/store/intake_store.h"
#include "core/store/sqlite/store.h"

namespace avisloop::sqlite {

/// Stores the contacts of one chunk, row by row, inside one Write. A row that says nothing new writes nothing.
class ContactImporter {
 public:
  ContactImporter(Shared& shared, OrgId org, ConflictPolicy policy, Instant now);

  Result<ContactOutcome> store(const ContactRow& row);

 private:
  /// The stored contact that the row means; the query stands on it.
  std::optional<Query> find_same(const Contact& row);
  Result<ContactOutcome> merge(const Contact& row, Query stored);
  void insert(const Contact& contact);
  void update(const Contact& contact);
  bool store_consents(const ContactRow& row, bool only_withdrawals);
  bool is_suppressed(Channel channel, const std::string& address);

  Connection& connection() { return shared_.connection; }

  Shared& shared_;
  OrgId org_;
  ConflictPolicy policy_;
  Instant now_;
  bool org_has_suppressions_ = false;  ///< asked once: most orgs have none, and each hash costs a microsecond
};

}  // namespace avisloop::sqlite
