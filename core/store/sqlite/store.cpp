#include "core/store/sqlite/store.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <filesystem>

#include "core/base/hash.h"
#include "core/base/id.h"
#include "core/base/text.h"
#include "core/store/sqlite/open.h"

namespace avisloop::sqlite {
namespace {

/// "avis" as a number: tells our files from other programs' databases.
constexpr std::int64_t kApplicationId = 0x61766973;

class SqliteStore : public Store {
 public:
  SqliteStore(const std::string& path, bool create, Random& random, std::chrono::milliseconds patience)
      : shared_{Connection(path, create, patience), {}},
        random_(random),
        catalog_(make_catalog(shared_)),
        intake_(make_intake(shared_)),
        delivery_(make_delivery(shared_)) {}

  std::string location() const override { return "sqlite:" + shared_.connection.path(); }

  /// Refuses what is not ours and reads the key of the address hashes.
  Result<> check_identity() {
    return guarded(connection(), [&]() -> Result<> {
      const std::int64_t application = connection().pragma_number("application_id");
      if (application != kApplicationId && (application != 0 || !is_empty())) {
        return fail(Fault::distrust, "store " + connection().path() + ": this database belongs to another program",
                    "store.url must name avisloop's own file");
      }
      if (version() > 0) read_key();
      return {};
    });
  }

  Result<std::string> identity() override {
    return guarded(connection(), [&]() -> Result<std::string> {
      Query query = connection().query("read_meta");
      query.with("store_id");
      return query.next() ? query.text(0) : std::string{};
    });
  }

  std::string mark_path() const override { return shared_.connection.path() + ".mark"; }

  Result<std::vector<Migration>> pending_migrations() override {
    return guarded(connection(), [&]() -> Result<std::vector<Migration>> {
      std::vector<Migration> migrations = migrations_of("sqlite");
      const std::int64_t have = version();
      if (have > static_cast<std::int64_t>(migrations.size())) {
        return fail(Fault::distrust,
                    fmt::format("store {}: its schema is version {}, newer than this program knows ({})",
                                connection().path(), have, migrations.size()),
                    "use the release of avisloop that made it, or a later one");
      }
      migrations.erase(migrations.begin(), migrations.begin() + static_cast<std::ptrdiff_t>(have));
      return migrations;
    });
  }

  Result<std::vector<Migration>> migrate(Instant now) override {
    return guarded(connection(), [&]() -> Result<std::vector<Migration>> {
      // The journal mode is kept in the file and cannot change inside a transaction.
      if (version() == 0 && !connection().in_transaction()) connection().execute("pragma journal_mode=wal");
      Write write(connection());
      AVIS_TRY_ASSIGN(std::vector<Migration> pending, pending_migrations());
      for (const Migration& migration : pending) {
        connection().execute(migration.sql);
        connection().execute(fmt::format("pragma user_version={}", migration.number));
      }
      if (!pending.empty() && pending.front().number == 1) {
        connection().execute(fmt::format("pragma application_id={}", kApplicationId));
        write_identity(now);
      }
      write.commit();
      if (!pending.empty()) read_key();
      return pending;
    });
  }

  Result<> require_current_schema() override {
    AVIS_TRY_ASSIGN(const std::vector<Migration> pending, pending_migrations());
    if (pending.empty()) return {};
    if (version() == 0) {
      return fail(Fault::config, "store " + connection().path() + " is empty", "run `avisloop init` first");
    }
    return fail(Fault::config,
                fmt::format("store {}: {} schema migration{} due", connection().path(), pending.size(),
                            pending.size() == 1 ? " is" : "s are"),
                "run `avisloop migrate`");
  }

  Result<> rehearse() override {
    return guarded(connection(), [&]() -> Result<> {
      connection().execute("begin immediate");
      return {};
    });
  }

  CatalogStore& catalog() override { return *catalog_; }
  IntakeStore& intake() override { return *intake_; }
  DeliveryStore& delivery() override { return *delivery_; }

 private:
  Connection& connection() { return shared_.connection; }

  std::int64_t version() { return connection().pragma_number("user_version"); }

  bool is_empty() {
    SQLite::Statement statement(connection().database(), "select not exists (select 1 from sqlite_schema)");
    return statement.executeStep() && statement.getColumn(0).getInt() == 1;
  }

  void write_identity(Instant now) {
    std::array<std::uint8_t, 32> key{};
    random_.fill(key);
    IdMaker ids(random_);
    const std::string store_id = avisloop::to_string(ids.make(now));
    const std::string address_key = to_hex(key);
    connection().query("write_meta").with("store_id", store_id).run();
    connection().query("write_meta").with("address_key", address_key).run();
    connection().query("write_meta").with("created_at", format_instant(now)).run();
  }

  void read_key() {
    Query query = connection().query("read_meta");
    query.with("address_key");
    if (query.next()) shared_.hasher.set_key(from_hex(query.view(0)).value_or(std::vector<std::uint8_t>{}));
  }

  Shared shared_;
  Random& random_;
  std::unique_ptr<CatalogStore> catalog_;
  std::unique_ptr<IntakeStore> intake_;
  std::unique_ptr<DeliveryStore> delivery_;
};

}  // namespace

std::vector<std::uint8_t> AddressHasher::hash(Channel channel, std::string_view address) const {
  const Sha256 digest = hmac_sha256(key_, std::string(to_string(channel)) + ':' + std::string(address));
  return {digest.begin(), digest.begin() + 16};
}

}  // namespace avisloop::sqlite

namespace avisloop {

Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& path, bool create, Random& random,
                                                 std::chrono::milliseconds patience) {
  std::error_code error;
  const bool exists = std::filesystem::exists(path, error);
  if (std::filesystem::is_directory(path, error)) {
    return fail(Fault::config, "store " + path + " is a folder", "store.url must name a file");
  }
  if (!exists && !create) {
    return fail(Fault::config, "store " + path + " does not exist", "run `avisloop init` first, or correct store.url");
  }
  try {
    // Customers' addresses are in it: nobody else on the machine may read it or its journal.
    const mode_t former = umask(0077);
    auto restore_umask =
        std::unique_ptr<const mode_t, void (*)(const mode_t*)>(&former, [](const mode_t* mask) { umask(*mask); });
    auto store = std::make_unique<sqlite::SqliteStore>(path, create, random, patience);
    AVIS_TRY(store->check_identity());
    return store;
  } catch (const SQLite::Exception& exception) {
    return tl::unexpected<Error>(sqlite::translate(exception, path));
  }
}

}  // namespace avisloop
