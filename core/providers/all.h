#pragma once

#include <memory>

#include "core/config/settings.h"
#include "core/providers/provider.h"

namespace avisloop {

/// The provider that an org's settings name for a channel. Fault `config` when a setting that it needs is missing.
Result<std::unique_ptr<Provider>> make_provider(Channel channel, const OrgSettings& settings);

}  // namespace avisloop
