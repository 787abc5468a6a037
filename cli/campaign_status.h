#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/app.h"
#include "cli/command.h"
#include "cli/session.h"

namespace avisloop {

/// Brings a campaign into `wanted` from one of `from`, and tells what that did. Being there already changes nothing and
/// is no error; fault `data` from any other status, with `remedy`.
Result<ExitCode> change_status(App& app, const Session& session, const Campaign& campaign, CampaignStatus wanted,
                               const std::vector<CampaignStatus>& from, std::string_view remedy);

}  // namespace avisloop
