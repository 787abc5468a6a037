#pragma once

#include <optional>
#include <string>

#include "cli/app.h"
#include "cli/flags.h"
#include "core/model/business.h"

namespace avisloop {

/// What `init`, `create org` and `update org` take about an organization; only what is given is changed.
struct OrgOptions {
  std::optional<std::string> name;
  std::optional<std::string> time_zone;
  std::optional<std::string> address;
  std::optional<std::string> review_link;

  void bind(Flags& flags);

  /// Fault `data` when a value cannot be used.
  Result<> apply(Org& org) const;
};

/// A new org with a fresh id. Faults: `usage` when name or time zone are missing, `data` as above.
Result<Org> make_org(App& app, std::string_view key, const OrgOptions& options, Instant now);

}  // namespace avisloop
