#pragma once

#include <vector>

#include "core/base/id.h"
#include "core/model/business.h"
#include "core/model/message.h"

namespace avisloop {

/// Lays out the messages of one enrollment: each touch at `enrollment.started_at` plus its delay.
std::vector<Message> lay_out(const Campaign& campaign, const Enrollment& enrollment, IdMaker& ids, Instant now);

/// Whether a finished job of this contact enrolls into the campaign by its trigger (services and tags, case free). Does
/// not ask for the status of the campaign.
bool triggers(const Campaign& campaign, const Contact& contact, ServiceCategory service);

}  // namespace avisloop
