#pragma once

#include "core/base/random.h"
#include "core/config/settings.h"
#include "core/model/message.h"
#include "core/net/transport.h"
#include "core/providers/provider.h"
#include "core/store/delivery_store.h"

namespace avisloop {

/// What a provider's answer about one attempt makes of it in the store: state, retry, look, and the effects on address
/// and channel. `stage` tells whether the attempt counts against the limit: one that never left does not.
AttemptResult result_of(OrgId org, const Attempt& attempt, int attempts_used, const SendOutcome& outcome,
                        WireStage stage, const Capabilities& carrier, Instant now, Random& random);

/// Gives a row back unsent: due again at `retry_at`, no attempt used up.
AttemptResult give_back(OrgId org, const Attempt& attempt, std::string_view reason, Instant retry_at, Instant now);

/// When the provider is asked about a doubt: `looks` = how often it was asked. A provider that cannot be asked is
/// never.
Instant next_look(const Capabilities& carrier, int looks, Instant started_at, Instant now);

/// Looks that find nothing before absence counts, and the age that the attempt must have by then: Twilio's list may lag
/// by a quarter of an hour (twilio-java#442), four times that is on the safe side.
inline constexpr int kLooksForAbsence = 2;
inline constexpr Micros kAgeForAbsence = kHour;

}  // namespace avisloop
