#include "core/store/sqlite/claim.h"

#include <algorithm>

#include "core/store/codec.h"
#include "core/store/sqlite/pace.h"

namespace avisloop::sqlite {
namespace {

constexpr Priority kPriorities[] = {Priority::urgent, Priority::high, Priority::normal, Priority::low};

/// Reads columns one after another, in the order of the statement.
class Columns {
 public:
  explicit Columns(const Query& query) : query_(query) {}

  bool is_null() const { return query_.is_null(at_); }
  void skip(int count) { at_ += count; }
  std::int64_t number() { return query_.number(at_++); }
  std::string text() { return query_.text(at_++); }
  Id id() { return query_.id(at_++); }
  std::optional<Id> optional_id() { return query_.optional_id(at_++); }
  Instant instant() { return query_.instant(at_++); }

  template <class E>
  E word(E fallback) {
    return parse_enum<E>(query_.view(at_++)).value_or(fallback);
  }

  /// A JSON object of texts; what cannot be read is empty, which a template then reports as missing.
  std::map<std::string, std::string> map() {
    const std::string_view json = query_.view(at_++);
    if (json.empty() || json == "{}") return {};
    return decode_map(json).value_or(std::map<std::string, std::string>{});
  }

 private:
  const Query& query_;
  int at_ = 0;
};

Contact read_contact(Columns& row, const Id& id) {
  Contact contact;
  contact.id = id;
  contact.external_id = row.text();
  contact.first_name = row.text();
  contact.last_name = row.text();
  contact.email = row.text();
  contact.phone = row.text();
  contact.state = row.text();
  contact.time_zone = row.text();
  contact.language = row.text();
  contact.custom = row.map();
  contact.phone_problem = row.text();
  contact.email_problem = row.text();
  return contact;
}

Message read_message(Columns& row, const Id& id, Channel channel, Priority priority) {
  Message message;
  message.id = id;
  message.channel = channel;
  message.priority = priority;
  message.contact = row.optional_id();
  message.job = row.optional_id();
  message.enrollment = row.optional_id();
  message.campaign = row.optional_id();
  message.touch = static_cast<int>(row.number());
  message.message_class = row.word(MessageClass::marketing);
  message.template_id = row.optional_id();
  message.to = row.text();
  message.subject = row.text();
  message.text = row.text();
  message.variables = row.map();
  message.planned_at = row.instant();
  message.created_at = row.instant();
  return message;
}

Candidate read_candidate(const Query& query, Channel channel) {
  Columns row(query);
  row.skip(2);  // org and channel are the lane's
  Candidate candidate;
  const auto priority = static_cast<Priority>(row.number());
  candidate.due_at = row.instant();
  const Id message = row.id();
  candidate.attempts_used = static_cast<int>(row.number());
  candidate.last_number = static_cast<int>(row.number());
  candidate.deferred_by = row.optional_id();
  candidate.deferred_reason = row.text();
  candidate.message = read_message(row, message, channel, priority);
  if (candidate.message.contact && !row.is_null()) {
    candidate.contact = read_contact(row, *candidate.message.contact);
  } else {
    row.skip(11);
  }
  if (candidate.message.job && !row.is_null()) {
    Job job;
    job.id = *candidate.message.job;
    job.contact = candidate.message.contact.value_or(Id{});
    job.service = row.word(ServiceCategory::other);
    job.completed_at = row.instant();
    job.technician = row.text();
    candidate.job = std::move(job);
  } else {
    row.skip(3);
  }
  if (candidate.message.enrollment && !row.is_null()) {
    Enrollment enrollment;
    enrollment.id = *candidate.message.enrollment;
    enrollment.campaign = candidate.message.campaign.value_or(Id{});
    enrollment.status = row.word(EnrollmentStatus::active);
    enrollment.stop_reason = row.text();
    enrollment.started_at = row.instant();
    candidate.enrollment = std::move(enrollment);
  } else {
    row.skip(3);
  }
  if (candidate.message.campaign && !row.is_null()) {
    candidate.campaign_status = row.word(CampaignStatus::completed);
    candidate.cool_down = Micros{row.number()};
  } else {
    row.skip(2);
  }
  if (candidate.message.template_id && !row.is_null()) {
    candidate.template_version = static_cast<int>(row.number());
    candidate.template_active = row.number() != 0;
  }
  if (!candidate.message.to.empty()) {
    candidate.address = candidate.message.to;
  } else if (candidate.contact) {
    candidate.address = channel == Channel::sms ? candidate.contact->phone : candidate.contact->email;
  }
  return candidate;
}

}  // namespace

SqliteClaim::SqliteClaim(Shared& shared, const Lane& lane, Instant now, int limit, std::optional<Id> only)
    : shared_(shared), lane_(lane), write_(shared.connection) {
  {
    Query query = connection().query("lane_is_paused");
    query.with(lane.org, to_string(lane.channel));
    if (query.next() && query.number(0) != 0) return;
  }
  for (const Priority priority : kPriorities) {
    const int left = limit - static_cast<int>(candidates_.size());
    if (left > 0) read_candidates(priority, now, left, only);
  }
  for (Candidate& candidate : candidates_)
    read_address_facts(candidate);
}

void SqliteClaim::read_candidates(Priority priority, Instant now, int limit, const std::optional<Id>& only) {
  Query query = connection().query(only ? "candidate" : "candidates");
  query.with(lane_.org, to_string(lane_.channel), static_cast<int>(priority), now, limit, only);
  while (query.next())
    candidates_.push_back(read_candidate(query, lane_.channel));
}

Pace SqliteClaim::read_pace(Channel channel, std::string_view address) {
  Pace pace;
  if (address.empty()) return pace;
  Query query = connection().query("find_pace");
  query.with(lane_.org, to_string(channel), address);
  if (query.next()) {
    pace.recent = read_recent(query.view(0));
    pace.last_enrollment = query.optional_id(1);
    pace.last_at = query.optional_instant(2);
  }
  return pace;
}

void SqliteClaim::read_address_facts(Candidate& candidate) {
  const bool sms = lane_.channel == Channel::sms;
  const std::string phone = sms ? candidate.address : (candidate.contact ? candidate.contact->phone : std::string{});
  const std::string email = sms ? (candidate.contact ? candidate.contact->email : std::string{}) : candidate.address;
  candidate.phone_pace = read_pace(Channel::sms, phone);
  candidate.email_pace = read_pace(Channel::email, email);
  if (candidate.address.empty()) return;
  const std::vector<std::uint8_t> hash = shared_.hasher.hash(lane_.channel, candidate.address);
  {
    Query query = connection().query("find_suppression");
    query.with(lane_.org, to_string(lane_.channel), hash);
    if (query.next()) {
      candidate.suppression = Suppression{lane_.channel, query.text(2), query.text(0), query.text(1), query.instant(3)};
    }
  }
  Query query = connection().query("latest_consent");
  query.with(lane_.org, to_string(lane_.channel), candidate.address);
  if (query.next()) {
    candidate.consent =
        Consent{query.id(0),   lane_.channel, candidate.address, query.number(2) != 0, query.instant(1),
                query.text(3), query.text(4), query.text(5),     query.text(6),        query.instant(7)};
  }
}

Result<Instant> SqliteClaim::room_for(std::span<const RateLimit> limits, std::int64_t count, Instant now) {
  return guarded(connection(), [&]() -> Result<Instant> {
    if (!usage_) {
      usage_.emplace();
      Query query = connection().query("rate_usage");
      query.with(lane_.org, to_string(lane_.channel));
      while (query.next())
        usage_->push_back({Micros{query.number(0)}, query.instant(1), query.number(2)});
    }
    return avisloop::room_for(*usage_, limits, count, now);
  });
}

Result<> SqliteClaim::commit(std::span<const Decision> decisions, const Id& run, Instant now) {
  return guarded(connection(), [&]() -> Result<> {
    // All rows leave the queue before anything else: an ending cancels what its enrollment still has in the queue.
    for (const Candidate& candidate : candidates_) {
      connection()
          .query("dequeue")
          .with(lane_.org, to_string(lane_.channel), static_cast<int>(candidate.message.priority), candidate.due_at,
                candidate.message.id)
          .run();
    }
    std::int64_t sent = 0;
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      const Candidate& candidate = candidates_[i];
      if (const auto* intent = std::get_if<SendIntent>(&decisions[i])) {
        send(candidate, *intent, run);
        ++sent;
      } else if (const auto* deferral = std::get_if<Deferral>(&decisions[i])) {
        put_back(candidate, *deferral, run, now);
      } else if (const auto* waiting = std::get_if<Wait>(&decisions[i])) {
        wait(candidate, *waiting, run, now);
      } else {
        end(candidate, std::get<Ending>(decisions[i]), run, now);
      }
    }
    for (const auto& [key, pace] : paces_) {
      const std::string recent = write_recent(pace.recent, now);
      connection()
          .query("write_pace")
          .with(lane_.org, to_string(key.first), key.second, recent, pace.last_enrollment, pace.last_at)
          .run();
    }
    for (const auto& [id, uses] : template_uses_) {
      connection().query("count_template_use").with(lane_.org, id, uses, now).run();
    }
    if (sent > 0) write_usage(sent, now);
    refresh_lane(connection(), lane_.org, lane_.channel);
    write_.commit();
    return {};
  });
}

void SqliteClaim::send(const Candidate& candidate, const SendIntent& intent, const Id& run) {
  const Attempt& attempt = intent.attempt;
  const std::string payload = encode_payload(attempt.payload);
  connection()
      .query("insert_attempt")
      .with(lane_.org, attempt.message, attempt.number, run, to_string(lane_.channel), candidate.address,
            attempt.provider, static_cast<int>(candidate.message.priority), candidate.attempts_used + 1,
            attempt.idempotency_key, attempt.position, payload, attempt.checks, attempt.started_at, intent.lease_until,
            attempt.segments)
      .run();
  note_pace(candidate, attempt.started_at);
  if (candidate.message.template_id) ++template_uses_[*candidate.message.template_id];
}

/// Counts an attempt for its address and, if it belongs to an enrollment, marks every address of the person: the
/// cool-down is about people, the daily cap about addresses.
void SqliteClaim::note_pace(const Candidate& candidate, Instant at) {
  const auto pace_of = [&](Channel channel, const std::string& address) -> Pace& {
    const Pace& read = channel == Channel::sms ? candidate.phone_pace : candidate.email_pace;
    return paces_.try_emplace({channel, address}, read).first->second;
  };
  pace_of(lane_.channel, candidate.address).recent.push_back(at);
  if (!candidate.message.enrollment) return;
  const auto mark = [&](Channel channel, const std::string& address) {
    if (address.empty()) return;
    Pace& pace = pace_of(channel, address);
    pace.last_enrollment = candidate.message.enrollment;
    pace.last_at = at;
  };
  mark(lane_.channel, candidate.address);
  if (!candidate.contact) return;
  if (lane_.channel == Channel::sms) {
    mark(Channel::email, candidate.contact->email);
  } else {
    mark(Channel::sms, candidate.contact->phone);
  }
}

void SqliteClaim::put_back(const Candidate& candidate, const Deferral& deferral, const Id& run, Instant now) {
  enqueue(connection(), lane_.org,
          {.channel = lane_.channel,
           .priority = candidate.message.priority,
           .due_at = deferral.until,
           .message = candidate.message.id,
           .attempts_used = candidate.attempts_used,
           .last_number = candidate.last_number,
           .waiting_for = {},
           .reason = deferral.reason,
           .deferred_by = run});
  connection()
      .query("add_event")
      .with(lane_.org, candidate.message.id, now, "deferred", deferral.reason, deferral.detail, std::optional<Id>(run))
      .run();
}

void SqliteClaim::wait(const Candidate& candidate, const Wait& waiting, const Id& run, Instant now) {
  enqueue(connection(), lane_.org,
          {.channel = lane_.channel,
           .priority = candidate.message.priority,
           .due_at = kNever,
           .message = candidate.message.id,
           .attempts_used = candidate.attempts_used,
           .last_number = candidate.last_number,
           .waiting_for = waiting.waiting_for,
           .reason = waiting.waiting_for,
           .deferred_by = run});
  connection()
      .query("add_event")
      .with(lane_.org, candidate.message.id, now, to_string(MessageStatus::pending), waiting.waiting_for,
            waiting.detail, std::optional<Id>(run))
      .run();
}

void SqliteClaim::end(const Candidate& candidate, const Ending& ending, const Id& run, Instant now) {
  connection()
      .query("add_event")
      .with(lane_.org, candidate.message.id, now, to_string(ending.status), ending.reason, ending.detail,
            std::optional<Id>(run))
      .run();
  if (!ending.stops_enrollment || !candidate.message.enrollment) return;
  const Id& enrollment = *candidate.message.enrollment;
  connection().query("stop_enrollment").with(lane_.org, enrollment, ending.reason, now).run();
  cancel_enrollment_messages(connection(), lane_.org, enrollment, {ending.reason, ending.detail, now, run});
}

void SqliteClaim::write_usage(std::int64_t sent, Instant now) {
  const std::string_view channel = to_string(lane_.channel);
  for (const Micros length : bucket_lengths()) {
    connection().query("add_rate_usage").with(lane_.org, channel, length, bucket_start(now, length), sent).run();
    // The longest period counted in buckets of this length, and one more bucket, is all that is ever asked.
    const Micros longest = length == bucket_for(std::chrono::seconds{1})   ? Micros{std::chrono::seconds{1}}
                           : length == bucket_for(std::chrono::minutes{1}) ? Micros{std::chrono::minutes{1}}
                           : length == bucket_for(kHour)                   ? kHour
                                                                           : kDay;
    connection().query("prune_rate_usage").with(lane_.org, channel, length, now - longest - 2 * length).run();
  }
}

}  // namespace avisloop::sqlite
