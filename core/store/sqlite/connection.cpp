#include "core/store/sqlite/connection.h"

#include <cctype>
#include <charconv>
#include <cstring>

namespace avisloop::sqlite {
namespace {

const Statements& statements() {
  static const Statements all("sqlite");
  return all;
}

}  // namespace

Prepared::Prepared(SQLite::Database& database, std::string_view sql) {
  const int code = sqlite3_prepare_v3(database.getHandle(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  if (code != SQLITE_OK) throw SQLite::Exception(database.getHandle(), code);
  const int count = sqlite3_bind_parameter_count(handle);
  for (int index = 1; index <= count; ++index) {
    const char* name = sqlite3_bind_parameter_name(handle, index);
    std::size_t number = 0;
    std::from_chars(name + 1, name + std::strlen(name), number);
    if (places.size() < number) places.resize(number, 0);
    places[number - 1] = index;
  }
}

Prepared::~Prepared() {
  sqlite3_finalize(handle);
}

Query::~Query() {
  if (prepared_ != nullptr) sqlite3_reset(prepared_->handle);
}

int Query::place(int number) const {
  const auto at = static_cast<std::size_t>(number - 1);
  return at < prepared_->places.size() ? prepared_->places[at] : 0;
}

void Query::check(int code) const {
  if (code != SQLITE_OK) throw SQLite::Exception(sqlite3_db_handle(prepared_->handle), code);
}

void Query::bind(int number, std::int64_t value) {
  if (const int at = place(number)) check(sqlite3_bind_int64(prepared_->handle, at, value));
}

void Query::bind(int number, std::string_view value) {
  const char* data = value.data() == nullptr ? "" : value.data();
  if (const int at = place(number)) {
    check(sqlite3_bind_text(prepared_->handle, at, data, static_cast<int>(value.size()), SQLITE_STATIC));
  }
}

void Query::bind(int number, const Id& value) {
  if (const int at = place(number)) {
    check(sqlite3_bind_blob(prepared_->handle, at, value.bytes.data(), static_cast<int>(value.bytes.size()),
                            SQLITE_STATIC));
  }
}

void Query::bind(int number, const std::vector<std::uint8_t>& bytes) {
  if (const int at = place(number)) {
    check(sqlite3_bind_blob(prepared_->handle, at, bytes.data(), static_cast<int>(bytes.size()), SQLITE_STATIC));
  }
}

void Query::bind_null(int number) {
  if (const int at = place(number)) check(sqlite3_bind_null(prepared_->handle, at));
}

bool Query::next() {
  const int code = sqlite3_step(prepared_->handle);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  throw SQLite::Exception(sqlite3_db_handle(prepared_->handle), code);
}

int Query::run() {
  while (next()) {
  }
  return sqlite3_changes(sqlite3_db_handle(prepared_->handle));
}

bool Query::is_null(int column) const {
  return sqlite3_column_type(prepared_->handle, column) == SQLITE_NULL;
}

std::int64_t Query::number(int column) const {
  return sqlite3_column_int64(prepared_->handle, column);
}

std::string_view Query::view(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(prepared_->handle, column));
  if (text == nullptr) return {};
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(prepared_->handle, column))};
}

Id Query::id(int column) const {
  Id id;
  const void* bytes = sqlite3_column_blob(prepared_->handle, column);
  if (bytes != nullptr && sqlite3_column_bytes(prepared_->handle, column) == static_cast<int>(id.bytes.size())) {
    std::memcpy(id.bytes.data(), bytes, id.bytes.size());
  }
  return id;
}

std::optional<Id> Query::optional_id(int column) const {
  if (is_null(column)) return std::nullopt;
  return id(column);
}

std::optional<Instant> Query::optional_instant(int column) const {
  if (is_null(column)) return std::nullopt;
  return instant(column);
}

namespace {

/// A store is used by one thread, so the library need not lock its connection; nor need it count its memory.
int open_flags(bool create) {
  [[maybe_unused]] static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  return SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX | (create ? SQLite::OPEN_CREATE : 0);
}

}  // namespace

Connection::Connection(const std::string& path, bool create, std::chrono::milliseconds patience)
    : path_(path), database_(path, open_flags(create), static_cast<int>(patience.count())) {
  // The intent to send must survive a power cut, or a second text goes out: FULL is a promise, not a tuning knob.
  database_.exec(
      "pragma synchronous=full; pragma foreign_keys=on; pragma trusted_schema=off; pragma temp_store=memory;"
      "pragma cache_size=-16384; pragma wal_autocheckpoint=4000;");
}

Query Connection::query(std::string_view name) {
  auto found = prepared_.find(name);
  if (found == prepared_.end()) {
    found = prepared_.emplace(std::string(name), std::make_unique<Prepared>(database_, statements().text(name))).first;
  }
  return Query(*found->second);
}

void Connection::execute(const std::string& sql) {
  database_.exec(sql);
}

std::int64_t Connection::pragma_number(std::string_view name) {
  SQLite::Statement statement(database_, "pragma " + std::string(name));
  return statement.executeStep() ? statement.getColumn(0).getInt64() : 0;
}

bool Connection::in_transaction() const {
  return sqlite3_get_autocommit(database_.getHandle()) == 0;
}

Write::Write(Connection& connection) : connection_(connection), nested_(connection.in_transaction()) {
  connection_.execute(nested_ ? "savepoint nested" : "begin immediate");
}

Write::~Write() {
  if (!open_) return;
  try {
    connection_.execute(nested_ ? "rollback to nested; release nested" : "rollback");
  } catch (const SQLite::Exception&) {
    // The library has rolled back by itself (full disk, I/O error): there is nothing left to undo.
  }
}

void Write::commit() {
  connection_.execute(nested_ ? "release nested" : "commit");
  open_ = false;
}

Read::Read(Connection& connection) : connection_(connection) {
  if (connection_.in_transaction()) return;
  connection_.execute("begin");
  open_ = true;
}

Read::~Read() {
  if (!open_) return;
  try {
    connection_.execute("commit");
  } catch (const SQLite::Exception&) {
    // A read transaction that cannot be ended ends with the connection.
  }
}

bool is_constraint(const SQLite::Exception& exception) {
  return exception.getErrorCode() == SQLITE_CONSTRAINT;
}

Error translate(const SQLite::Exception& exception, const std::string& path) {
  const std::string where = "store " + path + ": ";
  switch (exception.getErrorCode()) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {Fault::busy, where + "busy: another program holds it", "try again"};
    case SQLITE_FULL:
      return {Fault::busy, where + "the disk is full; nothing was done", "make room and try again"};
    case SQLITE_IOERR:
      return {Fault::busy, where + "cannot be read or written (" + exception.what() + "); nothing was done",
              "check the disk and try again"};
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return {Fault::denied, where + "may not be written",
              "give the user that runs avisloop write access to the file "
              "and its folder"};
    case SQLITE_CANTOPEN:
      return {Fault::config, where + "cannot be opened", "check store.url; `avisloop init` creates a store"};
    case SQLITE_NOTADB:
      return {Fault::distrust, where + "is not a database", "store.url must name avisloop's own file"};
    case SQLITE_CORRUPT:
      return {Fault::distrust, where + "is damaged: " + exception.what(), "restore it from a backup"};
    default:
      return {Fault::bug, where + exception.what(), {}};
  }
}

}  // namespace avisloop::sqlite
