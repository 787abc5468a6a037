#include "core/delivery/explain.h"

#include <algorithm>

#include "core/delivery/judge.h"
#include "core/store/delivery_store.h"

namespace avisloop {

Result<std::optional<PlannedVerdict>> explain_planned(const DeliveryParts& parts, OrgId org, const Id& message) {
  // The claim is never committed, so nothing is taken; it reads the row however far away its instant is.
  AVIS_TRY_ASSIGN(const auto claim, parts.store.delivery().claim_message(org, message, Instant::max()));
  if (claim->candidates().empty()) return std::nullopt;
  const Candidate& candidate = claim->candidates().front();
  DeliveryContext context(parts);
  AVIS_TRY_ASSIGN(LaneContext* const lane, context.lane(org, candidate.message.channel));
  const Instant now = parts.clock.now();
  PlannedVerdict planned;
  // A message that waits for something else than a time is asked about now.
  planned.at = candidate.due_at > now + 400 * kDay ? now : std::max(now, candidate.due_at);
  planned.verdict = ask_rules(candidate, lane->policy, QuietHours::standard(), planned.at);
  AVIS_TRY_ASSIGN(const Rendering rendering, render_candidate(context, *lane, candidate, planned.at));
  planned.text = rendering.problem.empty() ? rendering.text : std::string{};
  planned.problem = rendering.problem.empty() ? std::string{} : rendering.problem + ": " + rendering.detail;
  return planned;
}

}  // namespace avisloop
