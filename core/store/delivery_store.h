#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/model/business.h"
#include "core/model/delivery.h"
#include "core/model/message.h"

namespace avisloop {

/// Rows taken from one lane, inside one open write transaction; destroyed without `commit` it leaves no trace.
class Claim {
 public:
  virtual ~Claim() = default;
  virtual const std::vector<Candidate>& candidates() const = 0;

  /// The first instant, not before `now`, at which `count` more messages fit into every limit on top of what is
  /// recorded; with `count` above a limit, the instant of the last of them. Whole buckets count (a tenth of a second to
  /// half an hour, by period), so it errs to the strict side.
  virtual Result<Instant> room_for(std::span<const RateLimit> limits, std::int64_t count, Instant now) = 0;

  /// Applies `decisions[i]` to `candidates()[i]` and commits: attempts, pace, rate usage, events, queue.
  virtual Result<> commit(std::span<const Decision> decisions, const Id& run, Instant now) = 0;
};

/// What an attempt came to. Named by message, number and run: one that another runner settled meanwhile is not touched.
struct AttemptResult {
  OrgId org{};
  Channel channel = Channel::sms;
  Id message;
  int number = 1;
  AttemptState state = AttemptState::accepted;
  std::string provider_id;
  int segments = 0;
  std::int64_t cost_micros = 0;
  ErrorClass error_class = ErrorClass::none;
  std::string error_code;
  std::string error_text;
  Instant ended_at;
  // What follows:
  std::optional<Instant> retry_at;  ///< deferred, not_sent: due again then (with the row's priority)
  bool uses_attempt = true;         ///< whether the retry counts against the limit of attempts
  std::optional<Instant> look_at;   ///< in_doubt: the provider is asked then
  std::string reason;               ///< machine word for the event: `temporary`, `permanent`, `attempts_exhausted`, …
  bool suppress = false;            ///< recipient_opted_out: suppress the address and cancel what waits for it
  bool address_bad = false;         ///< number_invalid: the contact's address is not used any more
};

/// An attempt whose outcome is not known, taken for settling by this run until `lease_until`.
struct Doubt {
  OrgId org{};
  Attempt attempt;
  bool was_started = false;  ///< its runner died or lost its lease; false = it was in doubt already
};

/// The narrow path of `run-due`. See DESIGN.md: no operation here is longer than one short transaction.
class DeliveryStore {
 public:
  virtual ~DeliveryStore() = default;

  /// Lanes with something due at `now` that are not paused, longest waiting first. One index read when there is none.
  virtual Result<std::vector<Lane>> due_lanes(Instant now, int limit) = 0;

  /// Takes up to `limit` due rows of a lane, urgent and longest waiting first, that no other runner holds. The lane's
  /// `next_due` is brought up to date by the commit.
  virtual Result<std::unique_ptr<Claim>> claim(const Lane& lane, Instant now, int limit) = 0;

  /// Takes one message, if it is in the queue and due at `now` (no matter how long the queue is). The other operations
  /// of the store may be read while a claim is open.
  virtual Result<std::unique_ptr<Claim>> claim_message(OrgId org, const Id& message, Instant now) = 0;

  /// Records results. Answers for each whether it changed its row; crash contract: all or none.
  virtual Result<std::vector<bool>> record(std::span<const AttemptResult> results, const Id& run) = 0;

  /// Takes up to `limit` attempts that are in doubt and due for a look, or whose lease is over, and leases them to this
  /// run until `lease_until`. The latter become `in_doubt` in the same transaction.
  virtual Result<std::vector<Doubt>> take_doubts(Instant now, Instant lease_until, int limit) = 0;

  /// All attempts that went out under one idempotency key, by position.
  virtual Result<std::vector<Attempt>> attempts_by_key(OrgId org, std::string_view idempotency_key) = 0;

  /// Whether another attempt of the org has this provider id already.
  virtual Result<bool> provider_id_known(OrgId org, std::string_view provider, std::string_view provider_id) = 0;

  /// Settles doubts: `accepted`, `rejected`, `not_sent`/`deferred` (with `retry_at`), or still `in_doubt` with a new
  /// `look_at`.
  virtual Result<std::vector<bool>> settle(std::span<const AttemptResult> results, const Id& run) = 0;

  virtual Result<> pause_lane(OrgId org, Channel channel, std::string_view reason, std::string_view detail,
                              Instant now) = 0;
  virtual Result<bool> resume_lane(OrgId org, Channel channel, Instant now) = 0;

  virtual Result<> begin_run(const Id& run, std::string_view host, int process_id, Instant now) = 0;
  virtual Result<> end_run(const Id& run, std::string_view report_json, Instant now) = 0;

  /// The earliest instant after `now` at which something is due or a doubt can be looked at, of lanes that are not
  /// paused.
  virtual Result<std::optional<Instant>> next_due() = 0;

  /// The number of the newest attempt of any org; it only grows. 0 = none yet.
  virtual Result<std::int64_t> last_attempt() = 0;

  /// How many rows are due at `now` in lanes that are not paused.
  virtual Result<std::int64_t> count_due(Instant now) = 0;
};

}  // namespace avisloop
