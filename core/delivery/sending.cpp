#include "core/delivery/sending.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/delivery/outcome.h"

namespace avisloop {
namespace {

constexpr std::size_t kFlushAt = 256;
constexpr Micros kFlushAfter = std::chrono::milliseconds{50};
constexpr int kBreakerDoubts = 5;
constexpr std::size_t kMostRetries = 1024;
/// Recording is tried this often before a run gives up: the outcomes of what was sent must not be lost to a busy store.
constexpr int kRecordTries = 6;

std::vector<Outgoing> payloads_of(const std::vector<Attempt>& attempts) {
  std::vector<Outgoing> payloads;
  payloads.reserve(attempts.size());
  for (const Attempt& attempt : attempts)
    payloads.push_back(attempt.payload);
  return payloads;
}

/// What a provider says, for a log: it may repeat whom the message was for (P9).
std::string without_addresses(std::string text, const std::vector<Attempt>& attempts) {
  for (const Attempt& attempt : attempts) {
    const std::string& address = attempt.payload.to;
    if (address.empty()) continue;
    const std::string mask = masked(address);
    for (auto at = text.find(address); at != std::string::npos; at = text.find(address, at + mask.size()))
      text.replace(at, address.size(), mask);
  }
  return text;
}

std::string lane_name(const LaneContext& lane, Channel channel) {
  return fmt::format("{} {}", lane.org.key, to_string(channel));
}

}  // namespace

Sending::Sending(const DeliveryParts& parts, const Id& run, int max_in_flight, RunReport& report)
    : parts_(parts), run_(run), max_in_flight_(static_cast<std::size_t>(std::max(1, max_in_flight))), report_(report) {}

std::size_t Sending::ready_messages() const {
  std::size_t count = 0;
  for (const Ready& ready : ready_)
    count += ready.attempts.size();
  return count;
}

bool Sending::has_room() const {
  return flying_.size() < max_in_flight_;
}

std::optional<Instant> Sending::next_retry() const {
  if (retries_.empty()) return std::nullopt;
  return *retries_.begin();
}

void Sending::note_retry(Instant at) {
  retries_.insert(at);
  if (retries_.size() > kMostRetries) retries_.erase(std::prev(retries_.end()));
}

void Sending::forget_retries(Instant now) {
  retries_.erase(retries_.begin(), retries_.upper_bound(now));
}

Result<> Sending::step(Micros longest) {
  hand_over();
  if (transport_ && !flying_.empty()) {
    for (auto& [ticket, answer] : transport_->poll(longest)) {
      const auto found = flying_.find(ticket);
      if (found == flying_.end()) continue;
      Ready ready = std::move(found->second);
      flying_.erase(found);
      --flying_of_[{ready.org, ready.attempts.front().payload.channel}];
      read_answer(ready, answer);
    }
  }
  if (flush_is_due()) AVIS_TRY(flush());
  return {};
}

void Sending::hand_over() {
  for (auto next = ready_.begin(); next != ready_.end() && has_room();) {
    const bool blocked = is_blocked(next->org, next->attempts.front().payload.channel);
    std::string reason = "channel_stopped";
    if (blocked || is_too_late(*next, reason)) {
      give_back_all(*next, reason, parts_.clock.now());
    } else if (carrier_has_room(*next)) {
      start(std::move(*next));
    } else {
      ++next;
      continue;
    }
    next = ready_.erase(next);
  }
}

/// Some carriers refuse more than a few requests at once; the other lanes need not wait for that.
bool Sending::carrier_has_room(const Ready& ready) const {
  const auto found = flying_of_.find({ready.org, ready.attempts.front().payload.channel});
  return found == flying_of_.end() || found->second < ready.lane->provider->capabilities().most_in_flight;
}

void Sending::start(Ready ready) {
  if (!transport_) transport_ = parts_.make_transport(static_cast<int>(max_in_flight_));
  const Ticket ticket = next_ticket_++;
  transport_->start(ticket, ready.lane->provider->build_send(payloads_of(ready.attempts)));
  ++flying_of_[{ready.org, ready.attempts.front().payload.channel}];
  flying_.emplace(ticket, std::move(ready));
}

/// The last look at both clocks before a request is on the wire (P3, R6).
bool Sending::is_too_late(const Ready& ready, std::string& reason) const {
  if (parts_.clock.steady() >= ready.hand_over_before) {
    reason = "lease_over";
    return true;
  }
  const Instant now = parts_.clock.now();
  for (const Attempt& attempt : ready.attempts) {
    if (now >= attempt.payload.not_after) {
      reason = "window_closed";
      return true;
    }
  }
  return false;
}

void Sending::give_back_all(Ready& ready, std::string_view reason, Instant retry_at) {
  const Instant now = parts_.clock.now();
  for (const Attempt& attempt : ready.attempts) {
    if (results_.empty()) oldest_result_ = parts_.clock.steady();
    results_.push_back(give_back(ready.org, attempt, reason, retry_at, now));
  }
}

Result<> Sending::abandon_ready(std::string_view reason) {
  while (!ready_.empty()) {
    give_back_all(ready_.front(), reason, parts_.clock.now());
    ready_.pop_front();
  }
  return {};
}

void Sending::read_answer(Ready& ready, const WireResult& answer) {
  const Provider& provider = *ready.lane->provider;
  const std::vector<SendOutcome> outcomes = provider.read_send(payloads_of(ready.attempts), answer);
  const Instant now = parts_.clock.now();
  if (results_.empty()) oldest_result_ = parts_.clock.steady();
  for (std::size_t i = 0; i < ready.attempts.size(); ++i) {
    AttemptResult result = result_of(ready.org, ready.attempts[i], ready.attempts_used[i], outcomes[i], answer.stage,
                                     provider.capabilities(), now, parts_.random);
    note_outcome(ready, result, outcomes[i]);
    results_.push_back(std::move(result));
  }
}

void Sending::note_outcome(const Ready& ready, const AttemptResult& result, const SendOutcome& outcome) {
  const LaneKey key{ready.org, result.channel};
  int& doubts = doubts_in_a_row_[key];
  doubts = result.state == AttemptState::in_doubt ? doubts + 1 : 0;
  if (doubts == kBreakerDoubts && blocked_.insert(key).second) {
    alarm(fmt::format("{}: {} outcomes in a row are not known; nothing more is sent in this run",
                      lane_name(*ready.lane, result.channel), kBreakerDoubts));
  }
  if (outcome.error_class == ErrorClass::account_stopped) {
    blocked_.insert(key);
    if (!paused_.insert(key).second) return;
    stopped_accounts_.emplace_back(key, outcome);
    alarm(fmt::format(
        "{}: the provider refuses the account ({} {}); the channel is paused, its messages wait. "
        "Mend it, then `avisloop resume channel {} --org {}`",
        lane_name(*ready.lane, result.channel), outcome.error_code,
        without_addresses(outcome.error_text, ready.attempts), to_string(result.channel), ready.lane->org.key));
  } else if (outcome.error_class == ErrorClass::rate_limited) {
    blocked_.insert(key);
  }
}

void Sending::alarm(std::string line) {
  parts_.log.error(line);
  report_.alarms.push_back(std::move(line));
}

bool Sending::flush_is_due() const {
  if (results_.empty()) return false;
  return results_.size() >= kFlushAt || flying_.empty() || parts_.clock.steady() - oldest_result_ >= kFlushAfter;
}

Result<> Sending::flush() {
  if (results_.empty()) return {};
  Result<std::vector<bool>> changed = parts_.store.delivery().record(results_, run_);
  for (int tries = 1; !changed && changed.error().fault == Fault::busy && tries < kRecordTries; ++tries) {
    changed = parts_.store.delivery().record(results_, run_);
  }
  if (!changed) {
    for (const AttemptResult& result : results_) {
      if (result.state != AttemptState::accepted) continue;
      parts_.log.error(fmt::format("message {} was accepted as {}, but this could not be recorded: it stays in doubt",
                                   to_string(result.message), result.provider_id));
    }
    return tl::unexpected(changed.error());
  }
  for (std::size_t i = 0; i < results_.size(); ++i) {
    if ((*changed)[i]) {
      count(results_[i]);
    } else {
      parts_.log.warn(
          fmt::format("message {}: another run settled the attempt meanwhile; this run's result ({}) is "
                      "dropped",
                      to_string(results_[i].message), to_string(results_[i].state)));
      ++report_.in_doubt;
    }
  }
  results_.clear();
  for (const auto& [lane, outcome] : stopped_accounts_) {
    AVIS_TRY(parts_.store.delivery().pause_lane(lane.first, lane.second, outcome.error_code, outcome.error_text,
                                                parts_.clock.now()));
  }
  stopped_accounts_.clear();
  return {};
}

void Sending::count(const AttemptResult& result) {
  switch (result.state) {
    case AttemptState::accepted:
      ++report_.sent;
      report_.segments += result.channel == Channel::sms ? result.segments : 0;
      report_.cost_micros += result.cost_micros;
      return;
    case AttemptState::rejected:
      ++report_.failed[result.reason];
      return;
    case AttemptState::in_doubt:
      ++report_.in_doubt;
      return;
    case AttemptState::deferred:
    case AttemptState::not_sent:
    case AttemptState::started:
      break;
  }
  if (result.retry_at) {
    ++report_.deferred[result.reason];
    // For a lane that sends no more in this run there is nothing to wait for.
    if (!is_blocked(result.org, result.channel)) note_retry(*result.retry_at);
  } else {
    ++report_.failed[result.reason];
  }
}

}  // namespace avisloop
