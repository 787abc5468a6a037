#include "core/delivery/run_due.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "core/delivery/judge.h"
#include "core/delivery/reconcile.h"
#include "core/delivery/sending.h"
#include "core/store/delivery_store.h"

namespace avisloop {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A batch is what a crash leaves in doubt: never more than this, and larger than the number in flight only while the
/// commit is what costs.
constexpr int kLargestBatch = 500;
/// A batch that drains in less than this many commits' time may be twice as large next time.
constexpr int kCommitsPerBatch = 10;
/// How long a claimed row may wait for its turn on the wire; past it the row is given back. The lease covers this and
/// the request's whole life, so when it is over nothing of it can still be under way.
constexpr Micros kHandOverWithin = seconds{20};
constexpr Micros kLeaseMargin = seconds{10};
/// All due lanes make one round: none is served again before every other was.
constexpr int kLanesInRound = 1 << 16;
constexpr Micros kWaitSlice = milliseconds{50};

class Run {
 public:
  Run(const DeliveryParts& parts, const RunOptions& options)
      : parts_(parts),
        options_(options),
        context_(parts),
        id_(parts.ids.make(parts.clock.now())),
        begun_(parts.clock.steady()),
        sending_(parts, id_, options.max_in_flight, report_),
        batch_(std::clamp(options.max_in_flight, 1, kLargestBatch)) {
    report_.run = id_;
    report_.started = parts.clock.now();
    report_.dry_run = options.dry_run;
  }

  Result<RunReport> everything_due() {
    return recorded([&]() -> Result<> {
      if (!options_.dry_run) {
        AVIS_TRY(reconcile(parts_, context_, id_, options_.max_in_flight, deadline(), report_));
      }
      AVIS_TRY(work_through_lanes());
      if (!is_stopping()) return {};
      AVIS_TRY_ASSIGN(report_.left, parts_.store.delivery().count_due(parts_.clock.now()));
      return {};
    });
  }

  Result<RunReport> one_message(OrgId org, const Id& message) {
    return recorded([&]() -> Result<> {
      AVIS_TRY_ASSIGN(auto claim, parts_.store.delivery().claim_message(org, message, parts_.clock.now()));
      if (claim->candidates().empty()) return {};
      const Channel channel = claim->candidates().front().message.channel;
      AVIS_TRY_ASSIGN(LaneContext * lane, context_.lane(org, channel));
      AVIS_TRY(take(org, *lane, *claim));
      return drain();
    });
  }

 private:
  Micros deadline() const { return begun_ + options_.max_runtime; }
  bool is_over() const { return parts_.clock.steady() >= deadline(); }
  bool is_interrupted() const { return parts_.stop != nullptr && parts_.stop->load(); }
  bool is_stopping() const { return is_over() || is_interrupted() || limit_left() <= 0; }
  std::int64_t limit_left() const { return options_.limit ? *options_.limit - taken_ : kLargestBatch; }

  /// Runs `work` as a recorded run. Whatever happens, what is in flight is finished and what was sent is recorded.
  template <class Work>
  Result<RunReport> recorded(Work work) {
    AVIS_TRY(parts_.store.delivery().begin_run(id_, parts_.host, parts_.process_id, report_.started));
    Result<> outcome = work();
    if (!outcome) {
      AVIS_TRY(sending_.abandon_ready("run_ended"));
      AVIS_TRY(drain());
    }
    report_.ended = parts_.clock.now();
    report_.took = parts_.clock.steady() - begun_;
    AVIS_TRY(parts_.store.delivery().end_run(id_, to_json(report_), report_.ended));
    if (!outcome) return tl::unexpected(outcome.error());
    if (misconfigured_ && report_.due() == 0) return tl::unexpected(*misconfigured_);
    return report_;
  }

  /// The two overlapping loops: while requests are in flight, the next batch is claimed and results are recorded.
  Result<> work_through_lanes() {
    for (;;) {
      bool claimed = false;
      const bool may_claim =
          !is_stopping() && sending_.has_room() && sending_.ready_messages() < static_cast<std::size_t>(batch_);
      if (may_claim) {
        AVIS_TRY_ASSIGN(claimed, claim_next());
      }
      if (is_over() || is_interrupted()) AVIS_TRY(sending_.abandon_ready("run_ended"));
      const bool may_wait = !claimed && sending_.in_flight() > 0;
      AVIS_TRY(sending_.step(may_wait ? kWaitSlice : Micros{0}));
      if (claimed || !sending_.is_idle()) continue;
      if (is_stopping()) return {};
      // One step may have settled everything in flight: then what else is due has not been asked for yet.
      if (may_claim && !wait_for_put_back()) return {};
    }
  }

  /// Claims one batch from the next lane of the round, so that no org delays another. False = nothing is due.
  Result<bool> claim_next() {
    if (lanes_.empty()) {
      AVIS_TRY_ASSIGN(const std::vector<Lane> due,
                      parts_.store.delivery().due_lanes(parts_.clock.now(), kLanesInRound));
      for (const Lane& lane : due) {
        if (!sending_.is_blocked(lane.org, lane.channel) && !is_misconfigured(lane)) lanes_.push_back(lane);
      }
      if (lanes_.empty()) return false;
    }
    const Lane lane = lanes_.front();
    lanes_.pop_front();
    if (sending_.is_blocked(lane.org, lane.channel)) return true;
    const auto context = context_.lane(lane.org, lane.channel);
    if (!context) {
      if (context.error().fault != Fault::config) return tl::unexpected(context.error());
      note_misconfigured(lane, context.error());
      return true;
    }
    const auto limit = static_cast<int>(std::min<std::int64_t>(batch_, limit_left()));
    AVIS_TRY_ASSIGN(auto claim, parts_.store.delivery().claim(lane, parts_.clock.now(), limit));
    if (claim->candidates().empty()) {
      const std::vector<Decision> none;
      AVIS_TRY(claim->commit(none, id_, parts_.clock.now()));
      return true;
    }
    AVIS_TRY(take(lane.org, **context, *claim));
    return true;
  }

  /// Decides about the rows of a claim, makes the intents durable and lines the messages up for the wire.
  Result<> take(OrgId org, LaneContext& lane, Claim& claim) {
    const Instant now = parts_.clock.now();
    const Micros steady = parts_.clock.steady();
    const Capabilities& carrier = lane.provider->capabilities();
    const Instant lease_until = now + kHandOverWithin + carrier.request_lifetime + kLeaseMargin;
    Judge judge(context_, parts_.ids, lane, claim, now, lease_until);
    AVIS_TRY_ASSIGN(const std::vector<Decision> decisions, judge.decide(id_));
    AVIS_TRY(claim.commit(decisions, id_, now));
    note_batch_time(steady);
    for (std::size_t i = 0; i < decisions.size(); ++i)
      count(claim.candidates()[i], decisions[i]);
    if (!options_.dry_run) line_up(org, lane, claim, decisions, steady + kHandOverWithin);
    return {};
  }

  /// Groups intents into the provider's requests; those of one idempotency key stay together.
  void line_up(OrgId org, LaneContext& lane, const Claim& claim, const std::vector<Decision>& decisions,
               Micros hand_over_before) {
    Sending::Ready ready;
    const auto close = [&] {
      if (!ready.attempts.empty()) sending_.add(std::move(ready));
      ready = {};
    };
    for (std::size_t i = 0; i < decisions.size(); ++i) {
      const auto* intent = std::get_if<SendIntent>(&decisions[i]);
      if (intent == nullptr) continue;
      if (ready.attempts.size() == lane.provider->capabilities().batch_size || intent->attempt.position == 0) close();
      ready.org = org;
      ready.lane = &lane;
      ready.hand_over_before = hand_over_before;
      ready.attempts.push_back(intent->attempt);
      ready.attempts_used.push_back(claim.candidates()[i].attempts_used + 1);
    }
    close();
  }

  /// Grows the batch while committing it is what costs: then a larger one is cheaper per message.
  void note_batch_time(Micros begun) {
    const Micros now = parts_.clock.steady();
    const Micros commit = now - begun;
    if (last_batch_ && now - *last_batch_ < kCommitsPerBatch * commit) batch_ = std::min(batch_ * 2, kLargestBatch);
    last_batch_ = now;
  }

  void count(const Candidate& candidate, const Decision& decision) {
    // A row that this very run put back and now takes again changes its class; it is not due twice. One that its
    // reconciling put back is due for the first time.
    const auto before = report_.deferred.find(candidate.deferred_reason);
    if (candidate.deferred_by == id_ && before != report_.deferred.end()) {
      if (--before->second <= 0) report_.deferred.erase(before);
    } else {
      ++taken_;
    }
    if (std::holds_alternative<SendIntent>(decision)) {
      if (options_.dry_run) count_rehearsed(std::get<SendIntent>(decision));
    } else if (const auto* deferral = std::get_if<Deferral>(&decision)) {
      ++report_.deferred[deferral->reason];
      sending_.note_retry(deferral->until);
    } else if (const auto* wait = std::get_if<Wait>(&decision)) {
      ++report_.held[wait->waiting_for];
    } else {
      const Ending& ending = std::get<Ending>(decision);
      auto& counts = ending.status == MessageStatus::cancelled ? report_.cancelled
                     : ending.status == MessageStatus::failed  ? report_.failed
                                                               : report_.skipped;
      ++counts[ending.reason];
    }
  }

  void count_rehearsed(const SendIntent& intent) {
    ++report_.sent;
    if (intent.attempt.payload.channel == Channel::sms) report_.segments += intent.attempt.segments;
  }

  /// Waits for a row that this run put back for a moment inside its time; false = there is none.
  bool wait_for_put_back() {
    const Instant end = parts_.clock.now() + (deadline() - parts_.clock.steady());
    const std::optional<Instant> next = sending_.next_retry();
    if (options_.dry_run || !next || *next > end) return false;
    while (!is_stopping() && parts_.clock.now() < *next) {
      parts_.clock.pause(std::min<Micros>(kWaitSlice, *next - parts_.clock.now()));
    }
    sending_.forget_retries(parts_.clock.now());
    lanes_.clear();
    return !is_stopping();
  }

  Result<> drain() {
    while (!sending_.is_idle())
      AVIS_TRY(sending_.step(kWaitSlice));
    return {};
  }

  bool is_misconfigured(const Lane& lane) const {
    return std::find(skipped_.begin(), skipped_.end(), lane) != skipped_.end();
  }

  void note_misconfigured(const Lane& lane, const Error& error) {
    skipped_.push_back(lane);
    parts_.log.error(fmt::format("{}: its messages wait", error.message));
    report_.alarms.push_back(error.message);
    if (!misconfigured_) misconfigured_ = error;
  }

  const DeliveryParts& parts_;
  const RunOptions& options_;
  DeliveryContext context_;
  Id id_;
  Micros begun_;
  RunReport report_;
  Sending sending_;
  int batch_;
  std::optional<Micros> last_batch_;
  std::int64_t taken_ = 0;
  std::deque<Lane> lanes_;
  std::vector<Lane> skipped_;
  std::optional<Error> misconfigured_;
};

}  // namespace

Result<RunReport> run_due(const DeliveryParts& parts, const RunOptions& options) {
  return Run(parts, options).everything_due();
}

Result<RunReport> run_message(const DeliveryParts& parts, OrgId org, const Id& message, const RunOptions& options) {
  return Run(parts, options).one_message(org, message);
}

Result<bool> anything_due(Store& store, Instant now) {
  AVIS_TRY_ASSIGN(const std::optional<Instant> next, store.delivery().next_due());
  return next && *next <= now;
}

}  // namespace avisloop
