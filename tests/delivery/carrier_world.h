#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/net/transport.h"
#include "core/providers/provider.h"
#include "tests/support/fake_clock.h"

namespace avisloop {

/// Thrown where a test lets the process die; nothing of the program catches it.
struct Crash {};

/// What the carrier of a test does with a message, or with the whole request that brings it.
enum class Treatment {
  accept,
  refuse,          ///< for good
  refuse_for_now,  ///< not taken, may be tried again
  opted_out,       ///< refused: the recipient told the carrier to stop
  bad_number,      ///< refused: nobody can be reached there
  // Of the whole request:
  limit,         ///< 429: not taken
  stop_account,  ///< not taken: credentials, balance, registration
  not_sent,      ///< no connection: nothing was written
  lose_answer,   ///< taken, and the connection is lost before the answer
  lose_request,  ///< not taken, and nobody can tell
  hang,          ///< not taken, and silence until the request's life is over
};

struct Behaviour {
  Treatment treatment = Treatment::accept;
  std::optional<Micros> retry_after;
  std::string words;  ///< what the carrier says about a refusal
};

/// The world outside the program: one carrier and what each recipient got from it. It outlives every crash.
class CarrierWorld {
 public:
  /// `twilio`: no key, a list to search. `resend`: idempotency keys and batches of three. `outbox`: looking proves
  /// absence. `smtp`: cannot be asked.
  CarrierWorld(FakeClock& clock, std::string_view kind);

  struct Got {
    Id message;
    std::string to;
    std::string text;
    Instant at;
    std::string id;
  };

  Capabilities carrier;
  std::function<Behaviour(const Outgoing&)> behave = [](const Outgoing&) { return Behaviour{}; };
  /// Called before and after each call of the transport: `start`, `started`, `poll`, `polled`.
  std::function<void(std::string_view)> hook = [](std::string_view) {};
  Micros lag{0};                                  ///< the list does not show younger messages
  Micros latency = std::chrono::milliseconds{5};  ///< of each poll that answers
  std::size_t answers_per_poll = 1000;
  std::set<std::string> forbidden;  ///< addresses that must not be handed anything from now on

  std::vector<Got> ledger;
  std::vector<Outgoing> handed_over;    ///< every copy that was put on the wire, taken or not
  std::vector<std::string> violations;  ///< what the program did wrong
  std::size_t requests = 0;
  std::size_t lookups = 0;
  std::size_t most_in_flight = 0;

  /// How many copies of the message were delivered.
  std::size_t copies_of(const Id& message) const;
  std::size_t copies_to(std::string_view address) const;

  std::unique_ptr<Provider> make_provider();
  std::unique_ptr<Transport> make_transport();

  // For the provider and the transport of this world.
  std::string note_request(std::vector<Outgoing> messages);
  WireResult carry(const HttpRequest& request);
  const std::vector<SendOutcome>& outcomes(const std::string& number) const { return outcomes_.at(number); }
  FakeClock& clock() { return clock_; }
  bool last_hung() const { return last_hung_; }

 private:
  WireResult take(const std::string& number, const std::vector<Outgoing>& messages);
  WireResult look(const std::string& message);
  void check(const Outgoing& message);
  SendOutcome deliver(const Outgoing& message);
  WireResult answered(const std::string& number, std::vector<SendOutcome> outcomes);

  FakeClock& clock_;
  std::map<std::string, std::vector<Outgoing>> requests_;
  std::map<std::string, std::vector<SendOutcome>> outcomes_;
  std::map<std::string, std::pair<std::string, std::vector<SendOutcome>>> by_key_;  ///< key → body, first answer
  std::size_t next_ = 1;
  bool last_hung_ = false;
};

}  // namespace avisloop
