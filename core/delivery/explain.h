#pragma once

#include <optional>

#include "core/delivery/context.h"
#include "core/rules/gate.h"

namespace avisloop {

/// What the rules would say of a message that is still in the queue.
struct PlannedVerdict {
  Instant at;  ///< the instant they were asked for: when it is due, or now if that is over
  GateVerdict verdict;
  std::string text;     ///< as it would be sent; empty if it cannot be rendered
  std::string problem;  ///< why it cannot be rendered
};

/// Asks every rule about a message in the queue and renders it, without changing anything. Nothing when the message is
/// not in the queue.
Result<std::optional<PlannedVerdict>> explain_planned(const DeliveryParts& parts, OrgId org, const Id& message);

}  // namespace avisloop
