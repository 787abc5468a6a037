#include "tests/delivery/carrier_world.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/providers/answers.h"
#include "core/store/codec.h"

namespace avisloop {
namespace {

Capabilities capabilities_of(std::string_view kind) {
  Capabilities carrier;
  carrier.name = kind;
  carrier.request_lifetime = std::chrono::seconds{35};
  carrier.can_look_up = kind != "smtp";
  carrier.absence_is_final = kind == "outbox";
  if (kind == "resend") {
    carrier.idempotent = true;
    carrier.key_lifetime = std::chrono::hours{23};
    carrier.batch_size = 3;
  }
  return carrier;
}

/// Requests are numbers; what they carry lies in the world.
class WorldProvider : public Provider {
 public:
  explicit WorldProvider(CarrierWorld& world) : world_(world), capabilities_(world.carrier) {}

  const Capabilities& capabilities() const override { return capabilities_; }

  WireRequest build_send(std::span<const Outgoing> messages) const override {
    HttpRequest request;
    request.body = world_.note_request({messages.begin(), messages.end()});
    return request;
  }

  std::vector<SendOutcome> read_send(std::span<const Outgoing> messages, const WireResult& result) const override {
    if (const auto unanswered = outcome_without_answer(result)) {
      return std::vector<SendOutcome>(messages.size(), *unanswered);
    }
    return world_.outcomes(result.body);
  }

  std::optional<WireRequest> build_lookup(const Outgoing& doubt, std::span<const Outgoing> batch) const override {
    if (!capabilities_.can_look_up) return std::nullopt;
    if (capabilities_.idempotent) return build_send(batch);
    HttpRequest request;
    request.method = "GET";
    request.body = world_.note_request({doubt});
    return request;
  }

  LookupAnswer read_lookup(const Outgoing& doubt, std::span<const Outgoing> batch,
                           const WireResult& result) const override {
    LookupAnswer answer;
    if (result.stage != WireStage::answered) {
      answer.error = "no answer";
      return answer;
    }
    const std::vector<SendOutcome>& outcomes = world_.outcomes(result.body);
    if (!capabilities_.idempotent) {
      answer.candidates = outcomes;
      answer.kind = outcomes.empty() ? LookupAnswer::Kind::absent : LookupAnswer::Kind::found;
      return answer;
    }
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (batch[i].message != doubt.message) continue;
      const bool told =
          outcomes[i].kind == SendOutcome::Kind::accepted || outcomes[i].kind == SendOutcome::Kind::rejected;
      answer.kind = told ? LookupAnswer::Kind::found : LookupAnswer::Kind::unknown;
      if (told) answer.candidates = {outcomes[i]};
    }
    return answer;
  }

 private:
  CarrierWorld& world_;
  Capabilities capabilities_;
};

class WorldTransport : public Transport {
 public:
  explicit WorldTransport(CarrierWorld& world) : world_(world) {}

  void start(Ticket ticket, WireRequest request) override {
    world_.hook("start");
    pending_.emplace_back(ticket, world_.carry(std::get<HttpRequest>(request)));
    if (world_.last_hung()) silence_ = world_.carrier.request_lifetime;
    world_.most_in_flight = std::max(world_.most_in_flight, pending_.size());
    world_.hook("started");
  }

  std::vector<std::pair<Ticket, WireResult>> poll(Micros longest) override {
    world_.hook("poll");
    std::vector<std::pair<Ticket, WireResult>> answers;
    if (pending_.empty()) {
      world_.clock().advance(longest);
      return answers;
    }
    world_.clock().advance(world_.latency + silence_);
    silence_ = Micros{0};
    const auto count = static_cast<std::ptrdiff_t>(std::min(pending_.size(), world_.answers_per_poll));
    answers.assign(std::make_move_iterator(pending_.begin()), std::make_move_iterator(pending_.begin() + count));
    pending_.erase(pending_.begin(), pending_.begin() + count);
    world_.hook("polled");
    return answers;
  }

  std::size_t in_flight() const override { return pending_.size(); }

 private:
  CarrierWorld& world_;
  std::vector<std::pair<Ticket, WireResult>> pending_;
  Micros silence_{0};
};

ErrorClass class_of(Treatment treatment) {
  switch (treatment) {
    case Treatment::refuse:
      return ErrorClass::permanent;
    case Treatment::refuse_for_now:
      return ErrorClass::temporary;
    case Treatment::opted_out:
      return ErrorClass::recipient_opted_out;
    case Treatment::bad_number:
      return ErrorClass::number_invalid;
    case Treatment::limit:
      return ErrorClass::rate_limited;
    case Treatment::stop_account:
      return ErrorClass::account_stopped;
    default:
      return ErrorClass::none;
  }
}

SendOutcome refusal(const Behaviour& behaviour) {
  const ErrorClass error_class = class_of(behaviour.treatment);
  SendOutcome outcome = outcome_of(error_class, std::string(to_string(error_class)),
                                   behaviour.words.empty() ? "the carrier says no" : behaviour.words);
  outcome.retry_after = behaviour.retry_after;
  return outcome;
}

WireResult lost(WireStage stage) {
  WireResult result;
  result.stage = stage;
  result.error = stage == WireStage::not_sent ? "connection refused" : "connection lost";
  return result;
}

}  // namespace

CarrierWorld::CarrierWorld(FakeClock& clock, std::string_view kind) : carrier(capabilities_of(kind)), clock_(clock) {}

std::size_t CarrierWorld::copies_of(const Id& message) const {
  return static_cast<std::size_t>(
      std::count_if(ledger.begin(), ledger.end(), [&](const Got& got) { return got.message == message; }));
}

std::size_t CarrierWorld::copies_to(std::string_view address) const {
  return static_cast<std::size_t>(
      std::count_if(ledger.begin(), ledger.end(), [&](const Got& got) { return got.to == address; }));
}

std::unique_ptr<Provider> CarrierWorld::make_provider() {
  return std::make_unique<WorldProvider>(*this);
}

std::unique_ptr<Transport> CarrierWorld::make_transport() {
  return std::make_unique<WorldTransport>(*this);
}

std::string CarrierWorld::note_request(std::vector<Outgoing> messages) {
  std::string number = std::to_string(next_++);
  requests_.emplace(number, std::move(messages));
  return number;
}

WireResult CarrierWorld::carry(const HttpRequest& request) {
  last_hung_ = false;
  const std::vector<Outgoing>& messages = requests_.at(request.body);
  if (request.method == "GET") {
    ++lookups;
    return look(request.body);
  }
  ++requests;
  return take(request.body, messages);
}

/// What must hold of every message at the instant at which it is handed over.
void CarrierWorld::check(const Outgoing& message) {
  handed_over.push_back(message);
  const std::string name = to_string(message.message);
  if (forbidden.contains(message.to)) violations.push_back(name + " was handed over after its recipient opted out");
  if (!carrier.idempotent && clock_.now() >= message.not_after) {
    violations.push_back(name + " was handed over after its last instant");
  }
  if (message.text.empty()) violations.push_back(name + " has no text");
}

WireResult CarrierWorld::take(const std::string& number, const std::vector<Outgoing>& messages) {
  for (const Outgoing& message : messages)
    check(message);
  std::string body;
  const std::string& key = messages.front().idempotency_key;
  if (carrier.idempotent) {
    if (key.empty()) violations.emplace_back("a request has no idempotency key");
    for (const Outgoing& message : messages)
      body += encode_payload(message);
    if (const auto known = by_key_.find(key); known != by_key_.end()) {
      if (known->second.first != body) violations.push_back("key " + key + " came back with other bytes");
      return answered(number, known->second.second);
    }
  }
  std::vector<Behaviour> behaviours;
  for (const Outgoing& message : messages)
    behaviours.push_back(behave(message));
  const auto whole = std::find_if(behaviours.begin(), behaviours.end(),
                                  [](const Behaviour& each) { return each.treatment >= Treatment::limit; });
  const Treatment treatment = whole == behaviours.end() ? Treatment::accept : whole->treatment;
  if (treatment == Treatment::not_sent) return lost(WireStage::not_sent);
  last_hung_ = treatment == Treatment::hang;
  if (treatment == Treatment::lose_request || treatment == Treatment::hang) return lost(WireStage::unclear);
  if (treatment == Treatment::limit || treatment == Treatment::stop_account) {
    return answered(number, std::vector<SendOutcome>(messages.size(), refusal(*whole)));
  }
  std::vector<SendOutcome> told;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const bool taken = treatment == Treatment::lose_answer || behaviours[i].treatment == Treatment::accept;
    told.push_back(taken ? deliver(messages[i]) : refusal(behaviours[i]));
  }
  if (carrier.idempotent) by_key_[key] = {body, told};
  return treatment == Treatment::lose_answer ? lost(WireStage::unclear) : answered(number, std::move(told));
}

SendOutcome CarrierWorld::deliver(const Outgoing& message) {
  SendOutcome outcome = outcome_of(ErrorClass::none, {}, {});
  outcome.provider_id = fmt::format("SM{}", ledger.size() + 1);
  outcome.segments = 1;
  ledger.push_back({message.message, message.to, message.text, clock_.now(), outcome.provider_id});
  return outcome;
}

/// The list of what was taken: by recipient, words and time, or at a carrier that names messages by our id, by that.
WireResult CarrierWorld::look(const std::string& number) {
  const Outgoing& doubt = requests_.at(number).front();
  std::vector<SendOutcome> found;
  for (const Got& got : ledger) {
    const bool same = carrier.absence_is_final ? got.message == doubt.message
                                               : got.to == doubt.to && got.text == doubt.text &&
                                                     got.at >= doubt.started_at - std::chrono::minutes{5};
    if (!same || clock_.now() < got.at + lag) continue;
    SendOutcome outcome = outcome_of(ErrorClass::none, {}, {});
    outcome.provider_id = got.id;
    outcome.segments = 1;
    found.push_back(std::move(outcome));
  }
  return answered(number, std::move(found));
}

WireResult CarrierWorld::answered(const std::string& number, std::vector<SendOutcome> outcomes) {
  outcomes_[number] = std::move(outcomes);
  WireResult result;
  result.stage = WireStage::answered;
  result.status = 200;
  result.body_complete = true;
  result.body = number;
  return result;
}

}  // namespace avisloop
