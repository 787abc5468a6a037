#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/model/message.h"
#include "core/net/transport.h"

namespace avisloop {

struct Capabilities {
  std::string name;         ///< `twilio`, `resend`, `smtp`, `outbox`
  bool idempotent = false;  ///< the same key and bytes again are harmless within `key_lifetime`
  Micros key_lifetime{0};
  bool can_look_up = false;       ///< a doubt can be settled by asking
  bool absence_is_final = false;  ///< one look that finds nothing proves that nothing was sent
  std::size_t batch_size = 1;     ///< messages per request
  Micros request_lifetime{0};     ///< after it, a request can no longer be under way
  std::size_t most_in_flight = 64;
};

/// One of four outcomes, by evidence (DESIGN.md section 4): accepted, rejected, deferred, in doubt.
struct SendOutcome {
  enum class Kind { accepted, rejected, deferred, in_doubt };
  Kind kind = Kind::in_doubt;
  std::string provider_id;
  int segments = 0;
  std::int64_t cost_micros = 0;
  ErrorClass error_class = ErrorClass::none;
  std::string error_code;
  std::string error_text;
  std::optional<Micros> retry_after;
};

/// What asking about a doubt told. A candidate may also be a rejected one: the provider had it, and it failed there.
struct LookupAnswer {
  enum class Kind { found, absent, unknown, more };
  Kind kind = Kind::unknown;
  std::vector<SendOutcome> candidates;  ///< found and more: what matches on this page, oldest first
  std::optional<WireRequest> next;      ///< more: the next page; only with the last one the answer is whole, so the
                                        ///< candidates of all pages are to be kept together
  std::string error;
};

/// A vendor: builds requests and reads answers, purely. It knows no store, no clock, and never talks to the wire.
class Provider {
 public:
  virtual ~Provider() = default;
  virtual const Capabilities& capabilities() const = 0;

  /// One request for 1 to `batch_size` messages.
  virtual WireRequest build_send(std::span<const Outgoing> messages) const = 0;

  /// One outcome per message of the request, in order.
  virtual std::vector<SendOutcome> read_send(std::span<const Outgoing> messages, const WireResult& result) const = 0;

  /// The question about an attempt in doubt; `batch` holds all messages of its request. Nothing = cannot be asked.
  virtual std::optional<WireRequest> build_lookup(const Outgoing& doubt, std::span<const Outgoing> batch) const = 0;
  virtual LookupAnswer read_lookup(const Outgoing& doubt, std::span<const Outgoing> batch,
                                   const WireResult& result) const = 0;
};

}  // namespace avisloop
