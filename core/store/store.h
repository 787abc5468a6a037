#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/instant.h"
#include "core/base/result.h"

namespace avisloop {

class CatalogStore;
class IntakeStore;
class DeliveryStore;

/// One schema change, as it stands in sql/migrations/<dialect>/.
struct Migration {
  int number = 0;
  std::string name;
  std::string sql;
};

/// Where all state lives. Every operation of its parts is one transaction that is durable when it returns and has left
/// no trace when it returns an error or the process dies, unless its comment says otherwise. Faults: `busy` (nothing
/// was done, try later), `distrust` (not ours, or newer than the program), `denied`, `bug`.
///
/// Time is always a parameter; no operation reads a clock. A store is used by one thread.
class Store {
 public:
  virtual ~Store() = default;

  /// For people: where the store is, without credentials.
  virtual std::string location() const = 0;

  /// What tells this store from every other, however its place is written; the same after a restore.
  virtual Result<std::string> identity() = 0;

  /// Where this machine keeps its mark of the store (base/mark_file.h): outside the store, so that a restored backup
  /// does not bring its own.
  virtual std::string mark_path() const = 0;

  /// Migrations that this program has and the store has not. Fault `distrust` when the store is newer than the program.
  virtual Result<std::vector<Migration>> pending_migrations() = 0;

  /// Applies what is pending, all in one transaction. Returns what was applied.
  virtual Result<std::vector<Migration>> migrate(Instant now) = 0;

  /// Fault `config` when a migration is due, `distrust` when the store is newer: the guard of every other command.
  virtual Result<> require_current_schema() = 0;

  /// From now on every write is done inside one transaction that is undone when the store is closed (`--dry-run`).
  virtual Result<> rehearse() = 0;

  virtual CatalogStore& catalog() = 0;
  virtual IntakeStore& intake() = 0;
  virtual DeliveryStore& delivery() = 0;
};

}  // namespace avisloop
