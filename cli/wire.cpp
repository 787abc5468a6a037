#include "cli/wire.h"

#include "core/base/phone_library.h"
#include "core/providers/all.h"
#include "core/store/sqlite/open.h"

namespace avisloop {
namespace {

constexpr std::string_view kSqlite = "sqlite:";

Result<std::unique_ptr<Store>> open_store(const std::string& url, bool create, Random& random) {
  if (url.starts_with("postgresql://") || url.starts_with("postgres://")) {
    return fail(Fault::config, "this release keeps its store in SQLite", "Set the store to sqlite:PATH.");
  }
  if (!url.starts_with(kSqlite) || url.size() == kSqlite.size()) {
    return fail(Fault::config, "the store's address does not begin with `sqlite:`", "Set it to sqlite:PATH.");
  }
  return open_sqlite_store(url.substr(kSqlite.size()), create, random);
}

}  // namespace

Parts make_parts(Random& random) {
  Parts parts;
  parts.open_store = [&random](const std::string& url, bool create) { return open_store(url, create, random); };
  parts.make_transport = make_transport;
  parts.make_provider = make_provider;
  parts.check_foreign_number = is_possible_foreign_number;
  return parts;
}

}  // namespace avisloop
