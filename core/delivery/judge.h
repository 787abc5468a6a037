#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/delivery/context.h"
#include "core/store/delivery_store.h"

namespace avisloop {

/// A message with a text of its own (`send --text`) as the template that it is rendered by.
Template text_as_template(const Message& message);

/// The text of a message at an instant, by its template or its own words. A template that can no longer be read is the
/// rendering's problem, not an error.
Result<Rendering> render_candidate(DeliveryContext& context, const LaneContext& lane, const Candidate& candidate,
                                   Instant now);

/// Decides about the rows of one claim: rules, rate limit, text. Knows what it decided about earlier rows of the same
/// claim, so that two messages to one person in one batch see each other.
class Judge {
 public:
  Judge(DeliveryContext& context, IdMaker& ids, LaneContext& lane, Claim& claim, Instant now, Instant lease_until)
      : context_(context), ids_(ids), lane_(lane), claim_(claim), now_(now), lease_until_(lease_until) {}

  /// One decision per candidate, in order.
  Result<std::vector<Decision>> decide(const Id& run);

 private:
  Result<Decision> decide_one(const Candidate& candidate, const Id& run);
  /// The candidate as it looks after the decisions so far; copied into `patched` only if something changed.
  const Candidate& with_this_claim(const Candidate& candidate, Candidate& patched) const;
  void remember(const Candidate& candidate, const Decision& decision);
  SendIntent make_intent(const Candidate& candidate, Rendering rendering, const GateVerdict& verdict, const Id& run);

  DeliveryContext& context_;
  IdMaker& ids_;
  LaneContext& lane_;
  Claim& claim_;
  Instant now_;
  Instant lease_until_;
  std::int64_t going_ = 0;  ///< messages of this claim that go out
  std::string batch_key_;   ///< idempotency key of the provider's batch that is being filled
  std::size_t batch_fill_ = 0;
  std::map<std::string, std::optional<Id>> reached_;  ///< address → enrollment of a message that goes out
  std::map<std::string, int> sent_to_;                ///< address → how many messages of this claim go there
  std::map<Id, std::string> stopped_;                 ///< enrollments that this claim stops, with the reason
};

}  // namespace avisloop
