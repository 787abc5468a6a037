#pragma once

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/id.h"
#include "core/base/instant.h"
#include "core/base/result.h"
#include "core/model/business.h"
#include "core/store/statements.h"

namespace avisloop::sqlite {

/// A prepared statement and where its `$1`, `$2`, … lie: SQLite numbers `$n` by first appearance, so binding by
/// position would swap them.
struct Prepared {
  Prepared(SQLite::Database& database, std::string_view sql);
  ~Prepared();
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;

  sqlite3_stmt* handle = nullptr;
  std::vector<int> places;  ///< places[n-1] = SQLite's index of `$n`, 0 = not used
};

/// One use of a prepared statement: bound, stepped, and reset when it goes. Errors are SQLite::Exception.
class Query {
 public:
  explicit Query(Prepared& prepared) : prepared_(&prepared) {}
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  Query(Query&& other) noexcept : prepared_(std::exchange(other.prepared_, nullptr)) {}

  /// Binds `$1`, `$2`, … in this order. Texts and ids must live until the query is done.
  template <class... Values>
  Query& with(const Values&... values) {
    int number = 0;
    (bind(++number, values), ...);
    return *this;
  }

  /// Moves to the next row; false = no more.
  bool next();
  /// Runs a statement that answers no rows; how many rows it changed.
  int run();

  bool is_null(int column) const;
  std::int64_t number(int column) const;
  std::string text(int column) const { return std::string(view(column)); }
  std::string_view view(int column) const;  ///< valid until the next step
  Id id(int column) const;
  std::optional<Id> optional_id(int column) const;
  Instant instant(int column) const { return from_micros(number(column)); }
  std::optional<Instant> optional_instant(int column) const;

 private:
  void bind(int number, std::int64_t value);
  void bind(int number, int value) { bind(number, std::int64_t{value}); }
  void bind(int number, bool value) { bind(number, std::int64_t{value ? 1 : 0}); }
  void bind(int number, std::string_view value);
  void bind(int number, const std::string& value) { bind(number, std::string_view(value)); }
  void bind(int number, const char* value) { bind(number, std::string_view(value)); }
  void bind(int number, const Id& value);
  void bind(int number, Instant value) { bind(number, to_micros(value)); }
  void bind(int number, Micros value) { bind(number, value.count()); }
  void bind(int number, OrgId value) { bind(number, static_cast<std::int64_t>(value)); }
  void bind(int number, const std::vector<std::uint8_t>& bytes);
  template <class T>
  void bind(int number, const std::optional<T>& value) {
    if (value) {
      bind(number, *value);
    } else {
      bind_null(number);
    }
  }
  void bind_null(int number);
  int place(int number) const;
  void check(int code) const;

  Prepared* prepared_;
};

/// One open database with the settings that the promises rest on, and its statements.
class Connection {
 public:
  /// Opens (or with `create` makes) the file. A statement waits up to `patience` for another writer. Throws
  /// SQLite::Exception.
  Connection(const std::string& path, bool create, std::chrono::milliseconds patience = std::chrono::seconds{5});

  /// The statement of this name in sql/queries, prepared once.
  Query query(std::string_view name);
  /// A statement that was put together here (schema, pragmas); never with values in it.
  void execute(const std::string& sql);
  std::int64_t pragma_number(std::string_view name);

  SQLite::Database& database() { return database_; }
  const std::string& path() const { return path_; }

  /// Whether a transaction is open: then Write is a savepoint and Read is part of it.
  bool in_transaction() const;

 private:
  std::string path_;
  SQLite::Database database_;
  std::map<std::string, std::unique_ptr<Prepared>, std::less<>> prepared_;
};

/// A write transaction: BEGIN IMMEDIATE, so that it never has to upgrade (SQLITE_BUSY_SNAPSHOT); undone unless
/// committed. Inside another transaction it is a savepoint.
class Write {
 public:
  explicit Write(Connection& connection);
  ~Write();
  Write(const Write&) = delete;
  Write& operator=(const Write&) = delete;
  void commit();

 private:
  Connection& connection_;
  bool nested_;
  bool open_ = true;
};

/// A consistent view over several reads; ends when it goes.
class Read {
 public:
  explicit Read(Connection& connection);
  ~Read();
  Read(const Read&) = delete;
  Read& operator=(const Read&) = delete;

 private:
  Connection& connection_;
  bool open_ = false;
};

/// What an exception of the library means for the caller.
Error translate(const SQLite::Exception& exception, const std::string& path);

/// Whether the exception is a broken unique key or check.
bool is_constraint(const SQLite::Exception& exception);

/// Runs one operation and translates the library's exceptions. The body answers the operation's own Result.
template <class Body>
auto guarded(Connection& connection, Body body) -> decltype(body()) {
  try {
    return body();
  } catch (const SQLite::Exception& exception) {
    return tl::unexpected<Error>(translate(exception, connection.path()));
  }
}

}  // namespace avisloop::sqlite
