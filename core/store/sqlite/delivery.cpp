#include <algorithm>

#include "core/store/codec.h"
#include "core/store/sqlite/claim.h"
#include "core/store/sqlite/pace.h"

namespace avisloop::sqlite {
namespace {

constexpr Priority kPriorities[] = {Priority::urgent, Priority::high, Priority::normal, Priority::low};

/// What an attempt row told when its outcome was written.
struct Settled {
  std::string address;
  Priority priority = Priority::normal;
  int attempts_used = 0;
  Instant started_at;
};

/// Columns of `open_attempts` and `attempts_by_key`.
Result<Attempt> read_attempt(const Query& query) {
  Attempt attempt;
  attempt.message = query.id(2);
  attempt.number = static_cast<int>(query.number(3));
  attempt.run = query.id(4);
  attempt.provider = query.text(7);
  attempt.state = parse_enum<AttemptState>(query.view(8)).value_or(AttemptState::in_doubt);
  attempt.idempotency_key = query.text(9);
  attempt.position = static_cast<int>(query.number(10));
  AVIS_TRY_ASSIGN(attempt.payload, decode_payload(query.view(11)));
  attempt.started_at = query.instant(12);
  attempt.segments = static_cast<int>(query.number(13));
  attempt.looks = static_cast<int>(query.number(14));
  attempt.error_text = query.text(15);
  return attempt;
}

class SqliteDelivery : public DeliveryStore {
 public:
  explicit SqliteDelivery(Shared& shared) : shared_(shared) {}

  Result<std::vector<Lane>> due_lanes(Instant now, int limit) override {
    return guarded(connection(), [&]() -> Result<std::vector<Lane>> {
      std::vector<Lane> lanes;
      Query query = connection().query("due_lanes");
      query.with(now, limit);
      while (query.next()) {
        lanes.push_back(
            {OrgId{query.number(0)}, parse_enum<Channel>(query.view(1)).value_or(Channel::sms), query.instant(2)});
      }
      return lanes;
    });
  }

  Result<std::unique_ptr<Claim>> claim(const Lane& lane, Instant now, int limit) override {
    return guarded(connection(), [&]() -> Result<std::unique_ptr<Claim>> {
      return std::make_unique<SqliteClaim>(shared_, lane, now, limit);
    });
  }

  Result<std::unique_ptr<Claim>> claim_message(OrgId org, const Id& message, Instant now) override {
    return guarded(connection(), [&]() -> Result<std::unique_ptr<Claim>> {
      Lane lane{org, Channel::sms, now};
      {
        Query query = connection().query("queue_row");
        query.with(org, message);
        if (query.next()) lane.channel = parse_enum<Channel>(query.view(0)).value_or(Channel::sms);
      }
      return std::make_unique<SqliteClaim>(shared_, lane, now, 1, message);
    });
  }

  Result<std::vector<bool>> record(std::span<const AttemptResult> results, const Id& run) override {
    return guarded(connection(), [&]() -> Result<std::vector<bool>> {
      std::vector<bool> changed;
      Write write(connection());
      for (const AttemptResult& result : results)
        changed.push_back(write_result(result, run));
      write.commit();
      return changed;
    });
  }

  Result<std::vector<bool>> settle(std::span<const AttemptResult> results, const Id& run) override {
    return guarded(connection(), [&]() -> Result<std::vector<bool>> {
      std::vector<bool> changed;
      Write write(connection());
      for (const AttemptResult& result : results)
        changed.push_back(write_settlement(result, run));
      write.commit();
      return changed;
    });
  }

  Result<std::vector<Doubt>> take_doubts(Instant now, Instant lease_until, int limit) override {
    return guarded(connection(), [&]() -> Result<std::vector<Doubt>> {
      if (!has_open_attempt(now)) return std::vector<Doubt>{};
      std::vector<Doubt> doubts;
      std::vector<std::int64_t> sequences;
      Write write(connection());
      {
        Query query = connection().query("open_attempts");
        query.with(now, limit);
        while (query.next()) {
          AVIS_TRY_ASSIGN(Attempt attempt, read_attempt(query));
          const bool was_started = attempt.state == AttemptState::started;
          doubts.push_back({OrgId{query.number(1)}, std::move(attempt), was_started});
          sequences.push_back(query.number(0));
        }
      }
      for (const std::int64_t sequence : sequences) {
        connection()
            .query("lease_doubt")
            .with(sequence, lease_until, now, "the run that sent it ended before it could record the outcome")
            .run();
      }
      write.commit();
      return doubts;
    });
  }

  Result<std::vector<Attempt>> attempts_by_key(OrgId org, std::string_view key) override {
    return guarded(connection(), [&]() -> Result<std::vector<Attempt>> {
      std::vector<Attempt> attempts;
      Query query = connection().query("attempts_by_key");
      query.with(org, key);
      while (query.next()) {
        AVIS_TRY_ASSIGN(Attempt attempt, read_attempt(query));
        attempts.push_back(std::move(attempt));
      }
      return attempts;
    });
  }

  Result<bool> provider_id_known(OrgId org, std::string_view provider, std::string_view provider_id) override {
    return guarded(connection(), [&]() -> Result<bool> {
      Query query = connection().query("provider_id_known");
      query.with(org, provider, provider_id);
      return query.next();
    });
  }

  Result<> pause_lane(OrgId org, Channel channel, std::string_view reason, std::string_view detail,
                      Instant now) override {
    return guarded(connection(), [&]() -> Result<> {
      Write write(connection());
      connection().query("pause_lane").with(org, to_string(channel), now, reason, detail, kNever).run();
      write.commit();
      return {};
    });
  }

  Result<bool> resume_lane(OrgId org, Channel channel, Instant) override {
    return guarded(connection(), [&]() -> Result<bool> {
      Write write(connection());
      const bool resumed = connection().query("resume_lane").with(org, to_string(channel)).run() > 0;
      refresh_lane(connection(), org, channel);
      write.commit();
      return resumed;
    });
  }

  Result<> begin_run(const Id& run, std::string_view host, int process_id, Instant now) override {
    return guarded(connection(), [&]() -> Result<> {
      Write write(connection());
      connection().query("begin_run").with(run, host, process_id, now).run();
      write.commit();
      return {};
    });
  }

  Result<> end_run(const Id& run, std::string_view report_json, Instant now) override {
    return guarded(connection(), [&]() -> Result<> {
      Write write(connection());
      connection().query("end_run").with(run, now, report_json).run();
      write.commit();
      return {};
    });
  }

  Result<std::optional<Instant>> next_due() override {
    return guarded(connection(), [&]() -> Result<std::optional<Instant>> {
      std::optional<Instant> next;
      for (const char* statement : {"next_lane_due", "next_settling"}) {
        Query query = connection().query(statement);
        if (!query.next()) continue;
        const std::optional<Instant> at = query.optional_instant(0);
        if (at && *at < kNever && (!next || *at < *next)) next = at;
      }
      return next;
    });
  }

  Result<std::int64_t> last_attempt() override {
    return guarded(connection(), [&]() -> Result<std::int64_t> {
      Query query = connection().query("last_attempt");
      return query.next() ? query.number(0) : 0;
    });
  }

  Result<std::int64_t> count_due(Instant now) override {
    AVIS_TRY_ASSIGN(const std::vector<Lane> lanes, due_lanes(now, 1 << 20));
    return guarded(connection(), [&]() -> Result<std::int64_t> {
      std::int64_t count = 0;
      for (const Lane& lane : lanes) {
        for (const Priority priority : kPriorities) {
          Query query = connection().query("count_lane_due");
          query.with(lane.org, to_string(lane.channel), static_cast<int>(priority), now);
          if (query.next()) count += query.number(0);
        }
      }
      return count;
    });
  }

 private:
  Connection& connection() { return shared_.connection; }

  /// A look without a write lock: most runs find nothing, and an idle run must not touch the file.
  bool has_open_attempt(Instant now) {
    Query query = connection().query("next_settling");
    if (!query.next()) return false;
    const std::optional<Instant> at = query.optional_instant(0);
    return at && *at <= now;
  }

  bool write_result(const AttemptResult& result, const Id& run) {
    const int changed =
        connection()
            .query("record_attempt")
            .with(result.org, result.message, result.number, run, to_string(result.state), result.provider_id,
                  result.segments, result.cost_micros, to_string(result.error_class), result.error_code,
                  result.error_text, result.ended_at, result.look_at)
            .run();
    if (changed > 0) follow_up(result, run);
    return changed > 0;
  }

  bool write_settlement(const AttemptResult& result, const Id& run) {
    const int changed =
        connection()
            .query("settle_attempt")
            .with(result.org, result.message, result.number, to_string(result.state), result.provider_id,
                  result.segments, result.cost_micros, to_string(result.error_class), result.error_code,
                  result.error_text, result.ended_at, result.look_at)
            .run();
    if (changed > 0) follow_up(result, run);
    return changed > 0;
  }

  /// What was accepted is at its end; everything else has consequences.
  void follow_up(const AttemptResult& result, const Id& run) {
    if (result.state == AttemptState::accepted) return;
    std::optional<Settled> settled;
    {
      Query query = connection().query("attempt_facts");
      query.with(result.org, result.message, result.number);
      if (query.next()) {
        settled = Settled{query.text(1), static_cast<Priority>(query.number(2)), static_cast<int>(query.number(3)),
                          query.instant(4)};
      }
    }
    if (settled) apply_consequences(result, *settled, run);
  }

  void apply_consequences(const AttemptResult& result, const Settled& settled, const Id& run) {
    const bool may_have_arrived = result.state == AttemptState::accepted || result.state == AttemptState::in_doubt;
    if (!may_have_arrived) give_back_pace(result, settled);
    if (result.state == AttemptState::deferred || result.state == AttemptState::not_sent) {
      if (result.retry_at) {
        requeue(result, settled, run);
      } else {
        add_event(result, to_string(MessageStatus::failed), run);
      }
    } else if (result.state == AttemptState::rejected) {
      add_event(result, to_string(MessageStatus::failed), run);
    }
    if (result.suppress) {
      CancelOutcome outcome;
      avisloop::sqlite::suppress(shared_, result.org,
                                 {.channel = result.channel,
                                  .address = settled.address,
                                  .reason = "opted_out",
                                  .source = "provider",
                                  .at = result.ended_at},
                                 result.ended_at, outcome);
    }
    if (result.address_bad) mark_address_bad(result);
  }

  void requeue(const AttemptResult& result, const Settled& settled, const Id& run) {
    enqueue(connection(), result.org,
            {.channel = result.channel,
             .priority = settled.priority,
             .due_at = *result.retry_at,
             .message = result.message,
             .attempts_used = result.uses_attempt ? settled.attempts_used : settled.attempts_used - 1,
             .last_number = result.number,
             .waiting_for = {},
             .reason = result.reason,
             .deferred_by = run});
    add_event(result, "deferred", run);
  }

  void add_event(const AttemptResult& result, std::string_view what, const Id& run) {
    connection()
        .query("add_event")
        .with(result.org, result.message, result.ended_at, what, result.reason, result.error_text,
              std::optional<Id>(run))
        .run();
  }

  /// An attempt that certainly did not arrive does not count against the caps of a day.
  void give_back_pace(const AttemptResult& result, const Settled& settled) {
    std::vector<Instant> recent;
    std::optional<Id> last_enrollment;
    std::optional<Instant> last_at;
    {
      Query query = connection().query("find_pace");
      query.with(result.org, to_string(result.channel), settled.address);
      if (!query.next()) return;
      recent = read_recent(query.view(0));
      last_enrollment = query.optional_id(1);
      last_at = query.optional_instant(2);
    }
    const auto found = std::find(recent.begin(), recent.end(), settled.started_at);
    if (found == recent.end()) return;
    recent.erase(found);
    const std::string text = write_recent(recent, result.ended_at);
    connection()
        .query("write_pace")
        .with(result.org, to_string(result.channel), settled.address, text, last_enrollment, last_at)
        .run();
  }

  void mark_address_bad(const AttemptResult& result) {
    std::optional<Id> contact;
    {
      Query query = connection().query("contact_of_message");
      query.with(result.org, result.message);
      if (query.next()) contact = query.optional_id(0);
    }
    if (!contact) return;
    connection()
        .query(result.channel == Channel::sms ? "mark_phone_bad" : "mark_email_bad")
        .with(result.org, *contact, result.error_text, result.ended_at)
        .run();
  }

  Shared& shared_;
};

}  // namespace

std::unique_ptr<DeliveryStore> make_delivery(Shared& shared) {
  return std::make_unique<SqliteDelivery>(shared);
}

}  // namespace avisloop::sqlite
