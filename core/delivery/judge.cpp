#include "core/delivery/judge.h"

namespace avisloop {
namespace {

constexpr const char* kRateLimit = "rate_limit";

std::string sender_of(Channel channel, const OrgSettings& settings) {
  if (channel == Channel::email) return settings.email.from;
  if (settings.sms.provider == SmsProvider::outbox) return {};
  return settings.twilio.messaging_service_sid.empty() ? settings.twilio.from : settings.twilio.messaging_service_sid;
}

/// The address in `Name <address>`, for the mailto of List-Unsubscribe.
std::string bare_address(const std::string& from) {
  const auto open = from.rfind('<');
  const auto close = from.rfind('>');
  if (open == std::string::npos || close == std::string::npos || close < open) return from;
  return from.substr(open + 1, close - open - 1);
}

Ending skipped(std::string reason, std::string detail) {
  return {MessageStatus::skipped, std::move(reason), std::move(detail), false};
}

Rendering unreadable(const Error& error) {
  Rendering rendering;
  rendering.problem = "template";
  rendering.detail = error.message;
  return rendering;
}

/// The address by which the person could be reached on the other channel.
std::string other_address(const Candidate& candidate) {
  if (!candidate.contact) return {};
  return candidate.message.channel == Channel::sms ? candidate.contact->email : candidate.contact->phone;
}

/// What only an email has: subject, HTML part, names and the way to unsubscribe.
void add_email_parts(Outgoing& outgoing, const Candidate& candidate, Rendering& rendering,
                     const OrgSettings& settings) {
  outgoing.subject = std::move(rendering.subject);
  outgoing.html = std::move(rendering.html);
  outgoing.reply_to = settings.email.reply_to;
  if (candidate.contact) {
    outgoing.to_name = candidate.contact->first_name;
    if (!candidate.contact->last_name.empty()) {
      outgoing.to_name += (outgoing.to_name.empty() ? "" : " ") + candidate.contact->last_name;
    }
  }
  const std::string answers = settings.email.reply_to.empty() ? settings.email.from : settings.email.reply_to;
  if (!answers.empty()) outgoing.unsubscribe = "mailto:" + bare_address(answers) + "?subject=unsubscribe";
}

}  // namespace

Template text_as_template(const Message& message) {
  Template source;
  source.key = "text";
  source.channel = message.channel;
  source.subject = message.subject;
  source.body = message.text;
  source.variables = message.variables;
  return source;
}

Result<Rendering> render_candidate(DeliveryContext& context, const LaneContext& lane, const Candidate& candidate,
                                   Instant now) {
  TemplateFacts facts;
  facts.org = &lane.org;
  facts.contact = candidate.contact ? &*candidate.contact : nullptr;
  facts.job = candidate.job ? &*candidate.job : nullptr;
  facts.message_variables = &candidate.message.variables;
  facts.now = now;
  if (!candidate.message.template_id) {
    const auto parsed = parse_template(text_as_template(candidate.message));
    if (!parsed) return unreadable(parsed.error());
    return (*parsed)->render(facts, candidate.message.message_class);
  }
  const auto loaded = context.load_template(lane.org.id, *candidate.message.template_id, candidate.template_version);
  if (!loaded) {
    if (loaded.error().fault == Fault::data) return unreadable(loaded.error());
    return tl::unexpected(loaded.error());
  }
  facts.template_variables = &(*loaded)->source.variables;
  return (*loaded)->parsed->render(facts, candidate.message.message_class);
}

Result<std::vector<Decision>> Judge::decide(const Id& run) {
  std::vector<Decision> decisions;
  decisions.reserve(claim_.candidates().size());
  for (const Candidate& candidate : claim_.candidates()) {
    Candidate patched;
    AVIS_TRY_ASSIGN(Decision decision, decide_one(with_this_claim(candidate, patched), run));
    remember(candidate, decision);
    decisions.push_back(std::move(decision));
  }
  return decisions;
}

const Candidate& Judge::with_this_claim(const Candidate& candidate, Candidate& patched) const {
  const bool is_stopped = candidate.message.enrollment && stopped_.contains(*candidate.message.enrollment);
  const std::string other = other_address(candidate);
  if (!is_stopped && !reached_.contains(candidate.address) && !reached_.contains(other)) return candidate;
  patched = candidate;
  if (is_stopped && patched.enrollment) {
    patched.enrollment->status = EnrollmentStatus::stopped;
    patched.enrollment->stop_reason = stopped_.at(*candidate.message.enrollment);
  }
  const auto patch = [&](Pace& pace, const std::string& address) {
    if (const auto sent = sent_to_.find(address); sent != sent_to_.end()) {
      pace.recent.insert(pace.recent.end(), static_cast<std::size_t>(sent->second), now_);
    }
    const auto reached = reached_.find(address);
    if (reached == reached_.end() || !reached->second) return;
    pace.last_enrollment = reached->second;
    pace.last_at = now_;
  };
  const bool sms = candidate.message.channel == Channel::sms;
  patch(sms ? patched.phone_pace : patched.email_pace, candidate.address);
  patch(sms ? patched.email_pace : patched.phone_pace, other);
  return patched;
}

void Judge::remember(const Candidate& candidate, const Decision& decision) {
  if (const auto* ending = std::get_if<Ending>(&decision); ending != nullptr && ending->stops_enrollment) {
    if (candidate.message.enrollment) stopped_.emplace(*candidate.message.enrollment, ending->reason);
  }
  if (!std::holds_alternative<SendIntent>(decision)) return;
  ++going_;
  ++sent_to_[candidate.address];
  auto& reached = reached_[candidate.address];
  if (!candidate.message.enrollment) return;
  reached = candidate.message.enrollment;
  if (const std::string other = other_address(candidate); !other.empty())
    reached_[other] = candidate.message.enrollment;
}

Result<Decision> Judge::decide_one(const Candidate& candidate, const Id& run) {
  if (!lane_.policy.channel_enabled && lane_.settings->sms.on_disabled == WhenDisabled::skip) {
    return skipped("channel_disabled", "[sms] enabled is false and on_disabled is \"skip\"");
  }
  GateVerdict verdict = ask_rules(candidate, lane_.policy, QuietHours::standard(), now_);
  if (auto* deferral = std::get_if<Deferral>(&verdict.refusal)) return std::move(*deferral);
  if (auto* waiting = std::get_if<Wait>(&verdict.refusal)) return std::move(*waiting);
  if (auto* ending = std::get_if<Ending>(&verdict.refusal)) return std::move(*ending);
  if (!lane_.limits.empty()) {
    // A row that this run put back behind the limit stands in that line no more.
    if (candidate.deferred_by == run && candidate.deferred_reason == kRateLimit && lane_.behind_limit > 0) {
      --lane_.behind_limit;
    }
    AVIS_TRY_ASSIGN(Instant room, claim_.room_for(lane_.limits, going_ + 1, now_));
    if (room > now_) {
      // Each row of a backlog gets an instant of its own, or all of them would be looked at whenever one may go.
      AVIS_TRY_ASSIGN(room, claim_.room_for(lane_.limits, going_ + ++lane_.behind_limit, now_));
      return Deferral{room, kRateLimit, "the channel's limit is used up until " + format_instant(room)};
    }
  }
  AVIS_TRY_ASSIGN(Rendering rendering, render_candidate(context_, lane_, candidate, now_));
  if (!rendering.problem.empty()) return skipped(rendering.problem, rendering.detail);
  return make_intent(candidate, std::move(rendering), verdict, run);
}

SendIntent Judge::make_intent(const Candidate& candidate, Rendering rendering, const GateVerdict& verdict,
                              const Id& run) {
  const Capabilities& carrier = lane_.provider->capabilities();
  SendIntent intent;
  intent.lease_until = lease_until_;
  Attempt& attempt = intent.attempt;
  attempt.message = candidate.message.id;
  attempt.number = candidate.last_number + 1;
  attempt.run = run;
  attempt.provider = carrier.name;
  attempt.started_at = now_;
  attempt.segments = rendering.segments;
  attempt.checks = format_checks(verdict.checks);
  if (carrier.idempotent) {
    if (batch_fill_ % carrier.batch_size == 0) batch_key_ = "avisloop-" + to_string(ids_.make(now_));
    attempt.idempotency_key = batch_key_;
    attempt.position = static_cast<int>(batch_fill_++ % carrier.batch_size);
  }
  Outgoing& outgoing = attempt.payload;
  outgoing.message = candidate.message.id;
  outgoing.attempt = attempt.number;
  outgoing.channel = candidate.message.channel;
  outgoing.to = candidate.address;
  outgoing.from = sender_of(candidate.message.channel, *lane_.settings);
  outgoing.text = std::move(rendering.text);
  outgoing.org_key = lane_.org.key;
  outgoing.idempotency_key = attempt.idempotency_key;
  outgoing.started_at = now_;
  outgoing.not_after = verdict.not_after;
  outgoing.window_end = verdict.window_end;
  if (outgoing.channel == Channel::email) add_email_parts(outgoing, candidate, rendering, *lane_.settings);
  return intent;
}

}  // namespace avisloop
