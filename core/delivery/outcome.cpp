#include "core/delivery/outcome.h"

#include <algorithm>

#include "core/rules/retry.h"

namespace avisloop {
namespace {

using std::chrono::minutes;

/// Far beyond any run: a doubt that only a person or a callback can settle.
constexpr Micros kUnasked = std::chrono::hours{24 * 3650};

void defer(AttemptResult& result, const SendOutcome& outcome, const Attempt& attempt, int attempts_used,
           WireStage stage, Instant now, Random& random) {
  // Refused before it was taken costs nothing: an outage of the network or a limit must not use a message up.
  result.uses_attempt = stage != WireStage::not_sent && outcome.error_class == ErrorClass::temporary;
  if (result.uses_attempt && attempts_used >= kMostAttempts) {
    result.reason = "attempts_exhausted";
    return;
  }
  result.reason = stage == WireStage::not_sent ? "unreachable" : std::string(to_string(outcome.error_class));
  result.retry_at = outcome.error_class == ErrorClass::account_stopped
                        ? now
                        : next_attempt(now, attempt.number, outcome.retry_after, random);
}

}  // namespace

Instant next_look(const Capabilities& carrier, int looks, Instant started_at, Instant now) {
  if (!carrier.can_look_up) return now + kUnasked;
  if (carrier.absence_is_final || carrier.idempotent) return now + (looks == 0 ? Micros{0} : minutes{5});
  if (looks == 0) return now + minutes{5};
  if (looks == 1) return std::max(now + minutes{5}, started_at + kAgeForAbsence);
  return now + kHour;
}

AttemptResult result_of(OrgId org, const Attempt& attempt, int attempts_used, const SendOutcome& outcome,
                        WireStage stage, const Capabilities& carrier, Instant now, Random& random) {
  AttemptResult result;
  result.org = org;
  result.channel = attempt.payload.channel;
  result.message = attempt.message;
  result.number = attempt.number;
  result.provider_id = outcome.provider_id;
  result.segments = outcome.segments > 0 ? outcome.segments : attempt.segments;
  result.error_class = outcome.error_class;
  result.error_code = outcome.error_code;
  result.error_text = outcome.error_text;
  result.ended_at = now;
  switch (outcome.kind) {
    case SendOutcome::Kind::accepted:
      result.state = AttemptState::accepted;
      result.cost_micros = outcome.cost_micros;
      break;
    case SendOutcome::Kind::rejected:
      result.state = AttemptState::rejected;
      result.reason = to_string(outcome.error_class);
      result.suppress = outcome.error_class == ErrorClass::recipient_opted_out;
      result.address_bad = outcome.error_class == ErrorClass::number_invalid;
      break;
    case SendOutcome::Kind::deferred:
      result.state = AttemptState::deferred;
      defer(result, outcome, attempt, attempts_used, stage, now, random);
      break;
    case SendOutcome::Kind::in_doubt:
      result.state = AttemptState::in_doubt;
      result.error_class = ErrorClass::unknown_outcome;
      result.look_at = next_look(carrier, attempt.looks, attempt.started_at, now);
      break;
  }
  return result;
}

AttemptResult give_back(OrgId org, const Attempt& attempt, std::string_view reason, Instant retry_at, Instant now) {
  AttemptResult result;
  result.org = org;
  result.channel = attempt.payload.channel;
  result.message = attempt.message;
  result.number = attempt.number;
  result.state = AttemptState::not_sent;
  result.segments = attempt.segments;
  result.ended_at = now;
  result.retry_at = retry_at;
  result.uses_attempt = false;
  result.reason = reason;
  return result;
}

}  // namespace avisloop
