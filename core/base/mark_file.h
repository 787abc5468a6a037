#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/instant.h"
#include "core/base/result.h"

namespace avisloop {

/// What this machine remembers outside the store: a store that has seen less was restored from a backup, a clock that
/// shows less was set back.
struct Mark {
  std::string store;          ///< the store's identity; a mark of another store says nothing
  std::int64_t attempts = 0;  ///< number of the last attempt
  Instant at;                 ///< when the last run ended, by the program's clock
  bool test_clock = false;    ///< `at` was told by AVISLOOP_CLOCK and says nothing about the host's clock
};

/// Nothing when there is no mark, or none that can be read.
std::optional<Mark> read_mark(const std::string& path);

/// Replaces the mark at once; `durable` also survives a power cut. Fault `denied` when it cannot be written.
Result<> write_mark(const std::string& path, const Mark& mark, bool durable);

}  // namespace avisloop
