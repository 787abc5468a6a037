#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/id.h"
#include "core/base/instant.h"
#include "core/model/business.h"
#include "core/model/enums.h"

namespace avisloop {

/// The state of a message. It only moves along the arrows of `may_follow`, and never back from a final one.
enum class MessageStatus {
  scheduled,    ///< waits for its instant
  pending,      ///< waits for something that is not a time
  sending,      ///< an attempt is durable and under way
  in_doubt,     ///< the outcome of the last attempt is not known
  queued,       ///< handed to the provider for a future time
  sent,         ///< the provider accepted it
  delivered,    ///< final
  undelivered,  ///< final
  skipped,      ///< final: a rule forbids it
  cancelled,    ///< final: the reason to send it is gone
  failed,       ///< final: refused by the provider
};
template <>
struct EnumWords<MessageStatus> {
  static constexpr std::array<std::pair<MessageStatus, std::string_view>, 11> words{
      {{MessageStatus::scheduled, "scheduled"},
       {MessageStatus::pending, "pending"},
       {MessageStatus::sending, "sending"},
       {MessageStatus::in_doubt, "in_doubt"},
       {MessageStatus::queued, "queued"},
       {MessageStatus::sent, "sent"},
       {MessageStatus::delivered, "delivered"},
       {MessageStatus::undelivered, "undelivered"},
       {MessageStatus::skipped, "skipped"},
       {MessageStatus::cancelled, "cancelled"},
       {MessageStatus::failed, "failed"}}};
};

bool is_final(MessageStatus status);

/// Whether the state machine has the arrow from `from` to `to`.
bool may_follow(MessageStatus from, MessageStatus to);

/// One outgoing piece. What it was made with never changes; its state lies in the queue, its attempts and its events.
struct Message {
  Id id;
  std::optional<Id> contact;
  std::optional<Id> job;
  std::optional<Id> enrollment;
  std::optional<Id> campaign;
  int touch = 0;  ///< position in the campaign, 0 = none
  Channel channel = Channel::sms;
  Priority priority = Priority::normal;
  MessageClass message_class = MessageClass::marketing;
  std::optional<Id> template_id;
  std::string to;       ///< an address given with `send --to`; empty = the contact's
  std::string subject;  ///< given text instead of a template
  std::string text;
  std::map<std::string, std::string> variables;
  Instant planned_at;  ///< the instant it was made for
  Instant created_at;
};

/// How one try to hand a message to a provider ended. `started` is the only state that may still change by itself.
enum class AttemptState {
  started,   ///< the intent is durable; the request may be on the wire
  accepted,  ///< the provider has it
  rejected,  ///< refused for good
  deferred,  ///< refused for now, certainly not taken
  in_doubt,  ///< may have been taken
  not_sent,  ///< evidence says that it never left
};
template <>
struct EnumWords<AttemptState> {
  static constexpr std::array<std::pair<AttemptState, std::string_view>, 6> words{
      {{AttemptState::started, "started"},
       {AttemptState::accepted, "accepted"},
       {AttemptState::rejected, "rejected"},
       {AttemptState::deferred, "deferred"},
       {AttemptState::in_doubt, "in_doubt"},
       {AttemptState::not_sent, "not_sent"}}};
};

/// What a provider's error means for us. The table of codes is core/rules/data/provider_errors.csv.
enum class ErrorClass {
  none,
  permanent,            ///< this message can never be sent
  temporary,            ///< not taken; may be tried again
  rate_limited,         ///< not taken; slow down
  recipient_opted_out,  ///< the provider knows of an opt-out that we must record
  number_invalid,       ///< the address is bad; stop using it
  account_stopped,      ///< credentials, balance, registration: the org's channel is paused
  unknown_outcome,      ///< may have been taken
};
template <>
struct EnumWords<ErrorClass> {
  static constexpr std::array<std::pair<ErrorClass, std::string_view>, 8> words{
      {{ErrorClass::none, "none"},
       {ErrorClass::permanent, "permanent"},
       {ErrorClass::temporary, "temporary"},
       {ErrorClass::rate_limited, "rate_limited"},
       {ErrorClass::recipient_opted_out, "recipient_opted_out"},
       {ErrorClass::number_invalid, "number_invalid"},
       {ErrorClass::account_stopped, "account_stopped"},
       {ErrorClass::unknown_outcome, "unknown_outcome"}}};
};

/// Everything that a carrier needs to know of one message, rendered. It is stored with the attempt, so that a repeat
/// with the same idempotency key has the same bytes, and so that a person can read what was sent.
struct Outgoing {
  Id message;
  int attempt = 1;
  Channel channel = Channel::sms;
  std::string to;       ///< E.164 or email address
  std::string to_name;  ///< email only
  std::string from;     ///< as configured: E.164, messaging service, or `Name <address>`
  std::string reply_to;
  std::string subject;
  std::string text;
  std::string html;
  std::string unsubscribe;  ///< target of List-Unsubscribe (RFC 2369), empty = none
  std::string org_key;
  std::string idempotency_key;
  Instant started_at;
  Instant not_after;   ///< the request must not be handed over at or after this instant; the window's end less a margin
  Instant window_end;  ///< the provider must not deliver at or after it; Instant::max() = no window
};

struct Attempt {
  Id message;
  int number = 1;
  Id run;
  std::string provider;
  AttemptState state = AttemptState::started;
  Instant started_at;
  std::optional<Instant> ended_at;
  std::string idempotency_key;
  int position = 0;  ///< place in the provider's batch, from 0
  Outgoing payload;
  std::string checks;  ///< the rules asked, what each was given and answered (rules/gate.h)
  std::string provider_id;
  int segments = 0;
  std::int64_t cost_micros = 0;  ///< millionths of a US dollar
  ErrorClass error_class = ErrorClass::none;
  std::string error_code;
  std::string error_text;
  int looks = 0;  ///< how often the provider was asked about a doubt
};

/// A change of a message's state that no attempt row tells: deferred, skipped, cancelled, delivered, …
struct MessageEvent {
  Instant at;
  std::string what;    ///< a MessageStatus word, or `deferred`
  std::string reason;  ///< machine word: `quiet_hours`, `no_consent`, …
  std::string detail;  ///< for people: the instant, the window, the provider's words
  std::optional<Id> run;
};

/// A message with the state that its queue row, last attempt and events add up to.
struct MessageView {
  Message message;
  MessageStatus status = MessageStatus::scheduled;
  std::string reason;
  std::optional<Instant> due_at;
  std::string contact_name;
  std::string address;
  std::string template_key;
  std::string campaign_key;
  std::string provider_id;
  std::optional<Instant> sent_at;
  std::string sent_text;  ///< as it was rendered for the last attempt
  int attempts = 0;
};

}  // namespace avisloop
