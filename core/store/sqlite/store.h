#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/base/random.h"
#include "core/store/catalog_store.h"
#include "core/store/delivery_store.h"
#include "core/store/intake_store.h"
#include "core/store/sqlite/connection.h"
#include "core/store/store.h"

namespace avisloop::sqlite {

/// Names an address in `suppressions` without telling it: HMAC-SHA256 with the store's own key, cut to 16 bytes.
class AddressHasher {
 public:
  void set_key(std::vector<std::uint8_t> key) { key_ = std::move(key); }
  std::vector<std::uint8_t> hash(Channel channel, std::string_view address) const;

 private:
  std::vector<std::uint8_t> key_;
};

/// What all parts of the store share.
struct Shared {
  Connection connection;
  AddressHasher hasher;
};

std::unique_ptr<CatalogStore> make_catalog(Shared& shared);
std::unique_ptr<IntakeStore> make_intake(Shared& shared);
std::unique_ptr<DeliveryStore> make_delivery(Shared& shared);

/// Takes what waits for any of these messages' instants out of the queue, with an event each. Part of several
/// operations; must be called inside a Write.
struct Cancelling {
  std::string_view reason;
  std::string_view detail;
  Instant now;
  std::optional<Id> run;
};
/// False = the message is not in the queue (it is under way, in doubt or at its end).
bool cancel_queued(Connection& connection, OrgId org, const Id& message, const Cancelling& why);

/// Cancels all messages in the queue that would go to this contact by this channel (any, if not given); counts what
/// is under way.
CancelOutcome cancel_contact_messages(Connection& connection, OrgId org, const Id& contact,
                                      std::optional<Channel> channel, const Cancelling& why);
CancelOutcome cancel_enrollment_messages(Connection& connection, OrgId org, const Id& enrollment,
                                         const Cancelling& why);

/// Suppresses an address and cancels what waits for it; true = it was not suppressed before. Inside a Write.
bool suppress(Shared& shared, OrgId org, const OptOutRow& row, Instant now, CancelOutcome& outcome);

/// Puts a message into the queue and brings its lane forward. Inside a Write.
struct QueueRow {
  Channel channel = Channel::sms;
  Priority priority = Priority::normal;
  Instant due_at;
  Id message;
  int attempts_used = 0;
  int last_number = 0;
  std::string_view waiting_for;
  std::string_view reason;
  std::optional<Id> deferred_by;
};
void enqueue(Connection& connection, OrgId org, const QueueRow& row);

/// Makes the lane's next_due what the queue says. Inside a Write.
void refresh_lane(Connection& connection, OrgId org, Channel channel);

/// The due instant of rows that wait for something that is not a time.
inline constexpr Instant kNever = Instant{Micros{std::int64_t{1} << 62}};

}  // namespace avisloop::sqlite
