#pragma once

#include <memory>

#include "core/config/settings.h"
#include "core/providers/provider.h"

namespace avisloop {

// The vendors, each in a file of its own. Settings are checked before (all.cpp).
std::unique_ptr<Provider> make_outbox(Channel channel, const OrgSettings& settings);
std::unique_ptr<Provider> make_twilio(const OrgSettings& settings);
std::unique_ptr<Provider> make_resend(const OrgSettings& settings);
std::unique_ptr<Provider> make_smtp(const OrgSettings& settings);

}  // namespace avisloop
