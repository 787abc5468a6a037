#pragma once

#include <optional>

#include "cli/app.h"
#include "cli/flags.h"
#include "core/store/catalog_store.h"

namespace avisloop {

/// --limit and --offset of the lists.
struct PageOptions {
  std::optional<long long> limit;
  std::optional<long long> offset;

  void bind(Flags& flags);

  /// Fault `usage` for a limit that is not within 1 to 100000, or a negative offset.
  Result<Page> read() const;
};

/// Tells people that a full page was shown and how to see the next.
void note_more(App& app, const Page& page, std::size_t shown);

}  // namespace avisloop
