#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/app.h"
#include "cli/flags.h"
#include "cli/session.h"
#include "core/model/business.h"

namespace avisloop {

/// What `create campaign` and `update campaign` take; only what is given is changed, options go before --file.
struct CampaignOptions {
  std::string file;
  std::optional<std::string> name;
  std::vector<std::string> trigger;
  std::vector<std::string> tags;
  std::vector<std::string> touches;
  std::vector<std::string> stop_on;
  std::optional<Micros> cool_down;

  void bind(Flags& flags);

  /// Fault `data` when a value or the file cannot be used.
  Result<> apply(App& app, Campaign& campaign) const;
};

/// Puts the touches in order, finds their templates, and refuses what cannot be run: no touches or too many, an unknown
/// template or one of another channel, two touches at the same instant on one channel. Fault `data`.
Result<> check_touches(const Session& session, Campaign& campaign);

}  // namespace avisloop
