#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/store/delivery_store.h"
#include "core/store/rate.h"
#include "core/store/sqlite/store.h"

namespace avisloop::sqlite {

/// Rows of one lane inside an open write transaction.
class SqliteClaim : public Claim {
 public:
  /// Begins the transaction and reads up to `limit` due rows, or only the row of `only`. Throws SQLite::Exception.
  SqliteClaim(Shared& shared, const Lane& lane, Instant now, int limit, std::optional<Id> only = std::nullopt);

  const std::vector<Candidate>& candidates() const override { return candidates_; }
  Result<Instant> room_for(std::span<const RateLimit> limits, std::int64_t count, Instant now) override;
  Result<> commit(std::span<const Decision> decisions, const Id& run, Instant now) override;

 private:
  Connection& connection() { return shared_.connection; }
  void read_candidates(Priority priority, Instant now, int limit, const std::optional<Id>& only);
  void read_address_facts(Candidate& candidate);
  Pace read_pace(Channel channel, std::string_view address);

  void send(const Candidate& candidate, const SendIntent& intent, const Id& run);
  void put_back(const Candidate& candidate, const Deferral& deferral, const Id& run, Instant now);
  void wait(const Candidate& candidate, const Wait& wait, const Id& run, Instant now);
  void end(const Candidate& candidate, const Ending& ending, const Id& run, Instant now);
  void note_pace(const Candidate& candidate, Instant at);
  void write_usage(std::int64_t sent, Instant now);

  Shared& shared_;
  Lane lane_;
  Write write_;
  std::vector<Candidate> candidates_;
  std::optional<std::vector<RateBucket>> usage_;
  std::map<std::pair<Channel, std::string>, Pace> paces_;  ///< as changed by this claim
  std::map<Id, std::int64_t> template_uses_;
};

}  // namespace avisloop::sqlite
