#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "core/base/random.h"
#include "core/base/result.h"
#include "core/store/store.h"

namespace avisloop {

/// Opens the store in an SQLite file, in WAL mode with synchronous=FULL. `create` makes the file (mode 0600) if it is
/// not there; otherwise a missing file is fault `config`. A file that is not ours is fault `distrust`.
/// `patience` is how long an operation waits for another writer before it is fault `busy`.
Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& path, bool create, Random& random,
                                                 std::chrono::milliseconds patience = std::chrono::seconds{5});

}  // namespace avisloop
