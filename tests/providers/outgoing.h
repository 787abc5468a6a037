#pragma once

#include "core/config/settings.h"
#include "core/model/message.h"

namespace avisloop::test {

/// A text and an email as a run would hand them over.
Outgoing sample_text();
Outgoing sample_email();

/// Settings with which every provider can be made.
OrgSettings sample_settings();

}  // namespace avisloop::test
