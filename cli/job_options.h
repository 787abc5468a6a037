#pragma once

#include <optional>
#include <string>

#include "cli/app.h"
#include "cli/flags.h"
#include "core/model/business.h"

namespace avisloop {

/// What `create job` and `update job` take; only what is given is changed.
struct JobOptions {
  std::optional<std::string> external_id;
  std::optional<std::string> service;
  std::optional<std::string> completed_at;
  std::optional<std::string> technician;
  std::optional<std::string> notes;

  void bind(Flags& flags);

  /// Local times are read in `zone`. Fault `data` when a value cannot be used, naming its option.
  Result<> apply(Job& job, const std::string& zone, Instant now) const;
};

}  // namespace avisloop
