#include "tests/delivery/stepped_store.h"

namespace avisloop {
namespace {

using Step = std::function<void(std::string_view)>;

template <class Operation>
auto stepped(const Step& step, std::string_view name, Operation operation) -> decltype(operation()) {
  step(name);
  auto answer = operation();
  step(name);
  return answer;
}

class SteppedClaim : public Claim {
 public:
  SteppedClaim(std::unique_ptr<Claim> inner, const Step& step) : inner_(std::move(inner)), step_(step) {}

  const std::vector<Candidate>& candidates() const override { return inner_->candidates(); }
  Result<Instant> room_for(std::span<const RateLimit> limits, std::int64_t count, Instant now) override {
    return inner_->room_for(limits, count, now);
  }
  Result<> commit(std::span<const Decision> decisions, const Id& run, Instant now) override {
    return stepped(step_, "commit", [&] { return inner_->commit(decisions, run, now); });
  }

 private:
  std::unique_ptr<Claim> inner_;
  const Step& step_;
};

class SteppedDelivery : public DeliveryStore {
 public:
  SteppedDelivery(DeliveryStore& inner, Step step) : inner_(inner), step_(std::move(step)) {}

  Result<std::vector<Lane>> due_lanes(Instant now, int limit) override {
    return stepped(step_, "due_lanes", [&] { return inner_.due_lanes(now, limit); });
  }
  Result<std::unique_ptr<Claim>> claim(const Lane& lane, Instant now, int limit) override {
    return stepped(step_, "claim", [&] { return wrapped(inner_.claim(lane, now, limit)); });
  }
  Result<std::unique_ptr<Claim>> claim_message(OrgId org, const Id& message, Instant now) override {
    return stepped(step_, "claim_message", [&] { return wrapped(inner_.claim_message(org, message, now)); });
  }
  Result<std::vector<bool>> record(std::span<const AttemptResult> results, const Id& run) override {
    return stepped(step_, "record", [&] { return inner_.record(results, run); });
  }
  Result<std::vector<Doubt>> take_doubts(Instant now, Instant lease_until, int limit) override {
    return stepped(step_, "take_doubts", [&] { return inner_.take_doubts(now, lease_until, limit); });
  }
  Result<std::vector<Attempt>> attempts_by_key(OrgId org, std::string_view key) override {
    return stepped(step_, "attempts_by_key", [&] { return inner_.attempts_by_key(org, key); });
  }
  Result<bool> provider_id_known(OrgId org, std::string_view provider, std::string_view provider_id) override {
    return inner_.provider_id_known(org, provider, provider_id);
  }
  Result<std::vector<bool>> settle(std::span<const AttemptResult> results, const Id& run) override {
    return stepped(step_, "settle", [&] { return inner_.settle(results, run); });
  }
  Result<> pause_lane(OrgId org, Channel channel, std::string_view reason, std::string_view detail,
                      Instant now) override {
    return stepped(step_, "pause_lane", [&] { return inner_.pause_lane(org, channel, reason, detail, now); });
  }
  Result<bool> resume_lane(OrgId org, Channel channel, Instant now) override {
    return inner_.resume_lane(org, channel, now);
  }
  Result<> begin_run(const Id& run, std::string_view host, int process_id, Instant now) override {
    return stepped(step_, "begin_run", [&] { return inner_.begin_run(run, host, process_id, now); });
  }
  Result<> end_run(const Id& run, std::string_view report_json, Instant now) override {
    return stepped(step_, "end_run", [&] { return inner_.end_run(run, report_json, now); });
  }
  Result<std::optional<Instant>> next_due() override { return inner_.next_due(); }
  Result<std::int64_t> last_attempt() override { return inner_.last_attempt(); }
  Result<std::int64_t> count_due(Instant now) override { return inner_.count_due(now); }

 private:
  Result<std::unique_ptr<Claim>> wrapped(Result<std::unique_ptr<Claim>> claim) {
    if (!claim) return claim;
    return std::make_unique<SteppedClaim>(std::move(*claim), step_);
  }

  DeliveryStore& inner_;
  Step step_;
};

}  // namespace

SteppedStore::SteppedStore(std::unique_ptr<Store> inner, Step step)
    : inner_(std::move(inner)), delivery_(std::make_unique<SteppedDelivery>(inner_->delivery(), std::move(step))) {}

}  // namespace avisloop
