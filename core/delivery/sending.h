#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/delivery/context.h"
#include "core/delivery/report.h"
#include "core/store/delivery_store.h"

namespace avisloop {

/// Messages whose intent is durable, on their way to the wire and back into the store.
///
/// A request is handed over only while its lease covers its whole life and its window is open; a row that misses either
/// is given back unsent. Results are recorded in batches: whichever comes first of 256 results or 50 ms.
class Sending {
 public:
  Sending(const DeliveryParts& parts, const Id& run, int max_in_flight, RunReport& report);

  struct Ready {
    OrgId org{};
    LaneContext* lane = nullptr;
    std::vector<Attempt> attempts;   ///< of one request
    std::vector<int> attempts_used;  ///< including this one
    Micros hand_over_before{0};      ///< monotonic: later, the lease would not cover the request
  };

  void add(Ready ready) { ready_.push_back(std::move(ready)); }

  /// Hands over what there is room for, moves the wire along (waiting up to `longest` if nothing is finished), reads
  /// answers and records results that are due for it.
  Result<> step(Micros longest);

  /// Gives everything that was not handed over back, unsent.
  Result<> abandon_ready(std::string_view reason);

  /// Records everything that is left; call when nothing is in flight.
  Result<> flush();

  std::size_t ready_messages() const;
  bool has_room() const;
  bool is_idle() const { return ready_.empty() && flying_.empty() && results_.empty(); }
  std::size_t in_flight() const { return flying_.size(); }

  /// Whether this lane may send no more in this run: its account stopped, its breaker is open, or it was limited.
  bool is_blocked(OrgId org, Channel channel) const { return blocked_.contains({org, channel}); }

  /// When the first of the rows that this run put back for a moment is due again; nothing = there is none.
  std::optional<Instant> next_retry() const;
  void note_retry(Instant at);
  /// Forgets those that are due by now.
  void forget_retries(Instant now);

 private:
  using LaneKey = std::pair<OrgId, Channel>;

  void hand_over();
  void start(Ready ready);
  bool carrier_has_room(const Ready& ready) const;
  bool is_too_late(const Ready& ready, std::string& reason) const;
  void give_back_all(Ready& ready, std::string_view reason, Instant retry_at);
  void read_answer(Ready& ready, const WireResult& answer);
  void note_outcome(const Ready& ready, const AttemptResult& result, const SendOutcome& outcome);
  void alarm(std::string line);
  void count(const AttemptResult& result);
  bool flush_is_due() const;

  const DeliveryParts& parts_;
  Id run_;
  std::size_t max_in_flight_;
  RunReport& report_;
  std::unique_ptr<Transport> transport_;
  std::deque<Ready> ready_;
  std::unordered_map<Ticket, Ready> flying_;
  std::map<LaneKey, std::size_t> flying_of_;  ///< requests per lane
  Ticket next_ticket_ = 1;
  std::vector<AttemptResult> results_;
  Micros oldest_result_{0};
  std::set<LaneKey> blocked_;
  std::set<LaneKey> paused_;  ///< those of them whose account is stopped
  std::map<LaneKey, int> doubts_in_a_row_;
  std::vector<std::pair<LaneKey, SendOutcome>> stopped_accounts_;
  std::set<Instant> retries_;  ///< the next ones only: a backlog must not grow the process
};

}  // namespace avisloop
