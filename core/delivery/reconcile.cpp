#include "core/delivery/reconcile.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "core/delivery/outcome.h"
#include "core/store/catalog_store.h"
#include "core/store/delivery_store.h"

namespace avisloop {
namespace {

using std::chrono::minutes;

constexpr Micros kDoubtLease = minutes{5};
constexpr int kDoubtsAtOnce = 64;
/// How long a doubt rests that cannot be asked about now (another carrier configured, an opt-out in between).
constexpr Micros kRest = kHour * 6;

/// A question that is under way.
struct Question {
  Doubt doubt;
  LaneContext* lane = nullptr;
  std::vector<Outgoing> batch;
  std::vector<SendOutcome> matches;  ///< of the pages read so far, oldest first
};

class Reconciler {
 public:
  Reconciler(const DeliveryParts& parts, DeliveryContext& context, const Id& run, RunReport& report)
      : parts_(parts), context_(context), run_(run), report_(report) {}

  /// Settles one take of doubts; answers how many there were.
  Result<std::size_t> settle_some(int max_in_flight) {
    const Instant now = parts_.clock.now();
    AVIS_TRY_ASSIGN(std::vector<Doubt> doubts,
                    parts_.store.delivery().take_doubts(now, now + kDoubtLease, kDoubtsAtOnce));
    if (doubts.empty()) return std::size_t{0};
    const std::size_t count = doubts.size();
    for (Doubt& doubt : doubts) {
      AVIS_TRY(ask(std::move(doubt), max_in_flight));
    }
    while (!questions_.empty()) {
      for (auto& [ticket, answer] : transport_->poll(std::chrono::milliseconds{200}))
        AVIS_TRY(hear(ticket, answer));
    }
    AVIS_TRY(write());
    return count;
  }

 private:
  Result<> ask(Doubt doubt, int max_in_flight) {
    const auto lane = context_.lane(doubt.org, doubt.attempt.payload.channel);
    if (!lane || (*lane)->provider->capabilities().name != doubt.attempt.provider) {
      keep(doubt, kRest,
           fmt::format("the carrier {} is not configured, so it cannot be asked", doubt.attempt.provider));
      return {};
    }
    const Capabilities& carrier = (*lane)->provider->capabilities();
    const Instant now = parts_.clock.now();
    if (!carrier.can_look_up) {
      settle_without_asking(doubt, **lane);
      return {};
    }
    if (carrier.idempotent) {
      if (now - doubt.attempt.started_at >= carrier.key_lifetime) {
        keep(doubt, kRest * 4, "the idempotency key is too old to ask with; decide with `avisloop resolve message`");
        return {};
      }
    }
    Question question{std::move(doubt), *lane, {}, {}};
    AVIS_TRY(load_batch(question));
    if (carrier.idempotent) {
      AVIS_TRY_ASSIGN(const bool may_repeat, may_repeat_now(question, now));
      if (!may_repeat) return {};
    }
    std::optional<WireRequest> request =
        question.lane->provider->build_lookup(question.doubt.attempt.payload, question.batch);
    if (!request) {
      keep(question.doubt, kRest, "the provider offers no way to ask");
      return {};
    }
    if (!transport_) transport_ = parts_.make_transport(max_in_flight);
    const Ticket ticket = next_ticket_++;
    questions_.emplace(ticket, std::move(question));
    transport_->start(ticket, std::move(*request));
    return {};
  }

  /// Asking an idempotent provider sends what it never got, to every recipient of the batch: that must not happen after
  /// an opt-out (P4) or in the night (P3) of any of them. Puts the question off if it may not be asked now.
  Result<bool> may_repeat_now(const Question& question, Instant now) {
    const Doubt& doubt = question.doubt;
    Instant open_at = now;
    for (const Outgoing& message : question.batch) {
      AVIS_TRY_ASSIGN(const AddressState state,
                      parts_.store.catalog().address_state(doubt.org, message.channel, message.to));
      if (state.suppression) {
        keep(doubt, kRest, "a recipient of the request opted out meanwhile, so it is not repeated");
        return false;
      }
      AVIS_TRY_ASSIGN(const Instant opens, window_opens(doubt.org, message, *question.lane, now));
      open_at = std::max(open_at, opens);
    }
    if (open_at <= now) return true;
    keep_until(doubt, open_at, "the request is not repeated outside its recipients' hours");
    return false;
  }

  /// When the recipient's window is open next; `now` if it is, or if nothing is known of the place.
  Result<Instant> window_opens(OrgId org, const Outgoing& message, const LaneContext& lane, Instant now) {
    AVIS_TRY_ASSIGN(const std::optional<MessageView> view, parts_.store.catalog().find_message(org, message.message));
    if (!view || !view->message.contact) return now;
    AVIS_TRY_ASSIGN(const std::optional<Contact> contact,
                    parts_.store.catalog().find_contact(org, *view->message.contact));
    if (!contact) return now;
    Place place = place_of(*contact);
    if (!place.is_known() && !lane.policy.org_time_zone.empty()) place.zones = {lane.policy.org_time_zone};
    if (!place.is_known()) return now;
    const WindowVerdict verdict = QuietHours::standard().judge(place, now, lane.policy.profile, lane.policy.house);
    return verdict.next_allowed.value_or(now + kRest);
  }

  /// All messages of the request, so that it can be built again byte by byte.
  Result<> load_batch(Question& question) {
    if (question.doubt.attempt.idempotency_key.empty()) {
      question.batch.push_back(question.doubt.attempt.payload);
      return {};
    }
    AVIS_TRY_ASSIGN(
        const std::vector<Attempt> attempts,
        parts_.store.delivery().attempts_by_key(question.doubt.org, question.doubt.attempt.idempotency_key));
    for (const Attempt& attempt : attempts)
      question.batch.push_back(attempt.payload);
    return {};
  }

  Result<> hear(Ticket ticket, const WireResult& answer) {
    const auto found = questions_.find(ticket);
    if (found == questions_.end()) return {};
    Question question = std::move(found->second);
    questions_.erase(found);
    LookupAnswer told = question.lane->provider->read_lookup(question.doubt.attempt.payload, question.batch, answer);
    // Lists come newest first, so what a further page holds is older.
    question.matches.insert(question.matches.begin(), told.candidates.begin(), told.candidates.end());
    if (told.kind == LookupAnswer::Kind::more && told.next) {
      const Ticket next = next_ticket_++;
      questions_.emplace(next, std::move(question));
      transport_->start(next, std::move(*told.next));
      return {};
    }
    if (told.kind == LookupAnswer::Kind::absent && !question.matches.empty()) told.kind = LookupAnswer::Kind::found;
    switch (told.kind) {
      case LookupAnswer::Kind::found:
        return adopt(question);
      case LookupAnswer::Kind::absent:
        absent(question);
        return {};
      case LookupAnswer::Kind::unknown:
      case LookupAnswer::Kind::more:
        keep(question.doubt, minutes{5}, told.error);
        return {};
    }
    return {};
  }

  /// Takes the oldest match that no other attempt has; several equal texts to one person are told apart by time only.
  Result<> adopt(const Question& question) {
    for (const SendOutcome& outcome : question.matches) {
      const bool is_taken_here = std::any_of(results_.begin(), results_.end(), [&](const AttemptResult& result) {
        return !outcome.provider_id.empty() && result.provider_id == outcome.provider_id;
      });
      if (is_taken_here) continue;
      AVIS_TRY_ASSIGN(const bool is_known,
                      parts_.store.delivery().provider_id_known(question.doubt.org, question.doubt.attempt.provider,
                                                                outcome.provider_id));
      if (is_known) continue;
      if (outcome.kind == SendOutcome::Kind::in_doubt) break;
      results_.push_back(result_of(question.doubt.org, question.doubt.attempt, 1, outcome, WireStage::answered,
                                   question.lane->provider->capabilities(), parts_.clock.now(), parts_.random));
      return {};
    }
    absent(question);
    return {};
  }

  void absent(const Question& question) {
    const Doubt& doubt = question.doubt;
    const Capabilities& carrier = question.lane->provider->capabilities();
    const Instant now = parts_.clock.now();
    const bool is_proof = carrier.absence_is_final || (doubt.attempt.looks + 1 >= kLooksForAbsence &&
                                                       now - doubt.attempt.started_at >= kAgeForAbsence);
    if (!is_proof) {
      keep_until(doubt, next_look(carrier, doubt.attempt.looks + 1, doubt.attempt.started_at, now),
                 "the provider does not know it yet");
    } else if (!carrier.absence_is_final && parts_.settings.run.absent == DoubtPolicy::hold) {
      keep(doubt, kRest,
           "the provider does not know it; [run] absent is \"hold\": decide with `avisloop resolve message`");
    } else {
      results_.push_back(give_back(doubt.org, doubt.attempt, "not_at_provider", now, now));
    }
  }

  /// SMTP keeps no record that could be asked: a person decides, or the owner's standing order.
  void settle_without_asking(const Doubt& doubt, const LaneContext& lane) {
    const Instant now = parts_.clock.now();
    if (doubt.attempt.provider == "smtp" && lane.settings->smtp.in_doubt == DoubtPolicy::resend) {
      results_.push_back(give_back(doubt.org, doubt.attempt, "smtp_in_doubt_resend", now, now));
      return;
    }
    keep_until(doubt, next_look(lane.provider->capabilities(), 0, doubt.attempt.started_at, now),
               "the mail server cannot be asked; decide with `avisloop resolve message`");
  }

  void keep(const Doubt& doubt, Micros rest, std::string_view why) {
    keep_until(doubt, parts_.clock.now() + rest, why);
  }

  void keep_until(const Doubt& doubt, Instant look_at, std::string_view why) {
    AttemptResult result = give_back(doubt.org, doubt.attempt, "in_doubt", look_at, parts_.clock.now());
    result.state = AttemptState::in_doubt;
    result.retry_at.reset();
    result.look_at = look_at;
    result.error_class = ErrorClass::unknown_outcome;
    result.error_text = why;
    results_.push_back(std::move(result));
  }

  Result<> write() {
    AVIS_TRY_ASSIGN(const std::vector<bool> changed, parts_.store.delivery().settle(results_, run_));
    for (std::size_t i = 0; i < results_.size(); ++i) {
      if (!changed[i]) continue;
      if (results_[i].state == AttemptState::accepted) {
        ++report_.reconciled.sent;
      } else if (results_[i].state == AttemptState::in_doubt) {
        ++report_.reconciled.still_in_doubt;
      } else {
        ++report_.reconciled.not_sent;
      }
    }
    results_.clear();
    return {};
  }

  const DeliveryParts& parts_;
  DeliveryContext& context_;
  Id run_;
  RunReport& report_;
  std::unique_ptr<Transport> transport_;
  std::unordered_map<Ticket, Question> questions_;
  Ticket next_ticket_ = 1;
  std::vector<AttemptResult> results_;
};

}  // namespace

Result<> reconcile(const DeliveryParts& parts, DeliveryContext& context, const Id& run, int max_in_flight,
                   Micros deadline, RunReport& report) {
  Reconciler reconciler(parts, context, run, report);
  while (parts.clock.steady() < deadline && !(parts.stop != nullptr && parts.stop->load())) {
    AVIS_TRY_ASSIGN(const std::size_t settled, reconciler.settle_some(max_in_flight));
    if (settled == 0) break;
  }
  return {};
}

}  // namespace avisloop
