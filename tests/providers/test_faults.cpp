#include <doctest/doctest.h>

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <ostream>

#include "core/providers/all.h"
#include "tests/providers/outgoing.h"
#include "tests/support/child.h"

namespace avisloop {
namespace {

using Kind = SendOutcome::Kind;

/// The emulator beside the tests, spoken to by the transport under test.
class Emulator {
 public:
  Emulator() : child_({AVISLOOP_BINARY_DIR "/avisloop_emulator"}) {
    const std::string line = child_.read_line();
    REQUIRE(line.starts_with("listening on "));
    url_ = "http://127.0.0.1:" + line.substr(13);
  }

  const std::string& url() const { return url_; }

  void tell(std::string_view what, const nlohmann::json& body) const {
    HttpRequest request;
    request.url = fmt::format("{}/_emulator/{}", url_, what);
    request.body = body.dump();
    const WireResult result = exchange(*make_transport(1), std::move(request));
    CAPTURE(result.body);
    REQUIRE(result.status == 200);
  }

  nlohmann::json ask(std::string_view what) const {
    HttpRequest request;
    request.method = "GET";
    request.url = fmt::format("{}/_emulator/{}", url_, what);
    return nlohmann::json::parse(exchange(*make_transport(1), std::move(request)).body);
  }

 private:
  test::Child child_;
  std::string url_;
};

struct FaultCase {
  const char* fault;
  Kind kind;
  ErrorClass error_class;
  int accepted;  ///< what the provider has of it
};

/// What each fault must come to: evidence only, so it is the same at every provider.
constexpr FaultCase kFaults[] = {
    {"rate_limited", Kind::deferred, ErrorClass::rate_limited, 0},
    {"error", Kind::rejected, ErrorClass::permanent, 0},
    {"server_error_before", Kind::in_doubt, ErrorClass::unknown_outcome, 0},
    {"server_error_after", Kind::in_doubt, ErrorClass::unknown_outcome, 1},
    {"hang_before", Kind::in_doubt, ErrorClass::unknown_outcome, 0},
    {"hang_after", Kind::in_doubt, ErrorClass::unknown_outcome, 1},
    {"reset_before_body", Kind::in_doubt, ErrorClass::unknown_outcome, 0},
    {"reset_before", Kind::in_doubt, ErrorClass::unknown_outcome, 0},
    {"reset_after", Kind::in_doubt, ErrorClass::unknown_outcome, 1},
    {"close_before", Kind::in_doubt, ErrorClass::unknown_outcome, 0},
    {"close_after", Kind::in_doubt, ErrorClass::unknown_outcome, 1},
    {"slow", Kind::in_doubt, ErrorClass::unknown_outcome, 1},
    {"delay", Kind::accepted, ErrorClass::none, 1},
    {"cut_header", Kind::in_doubt, ErrorClass::unknown_outcome, 1},
    {"cut_body", Kind::accepted, ErrorClass::none, 1},
    {"malformed", Kind::accepted, ErrorClass::none, 1},
    {"wrong_type", Kind::accepted, ErrorClass::none, 1},
    {"huge", Kind::accepted, ErrorClass::none, 1},
};

SendOutcome send(Transport& transport, const Provider& provider, const Outgoing& message, Micros timeout) {
  auto request = std::get<HttpRequest>(provider.build_send(std::span(&message, 1)));
  request.timeout = timeout;
  request.repeatable = false;  // one copy on the wire, so that the ledger tells of this one
  return provider.read_send(std::span(&message, 1), exchange(transport, std::move(request))).at(0);
}

/// Every fault on a connection that has served a request before, then the doubt settled by asking.
void check_faults(const Emulator& emulator, const Provider& provider, const Outgoing& sample, std::string_view name) {
  constexpr Micros patience = std::chrono::milliseconds{400};
  constexpr Micros long_patience = std::chrono::seconds{20};
  for (const FaultCase& c : kFaults) {
    CAPTURE(name);
    const std::string fault_name = c.fault;
    CAPTURE(fault_name);
    emulator.tell("reset", {});
    const auto transport = make_transport(1);
    Outgoing first = sample;
    first.text = "before";
    first.idempotency_key = "before";
    CHECK(send(*transport, provider, first, long_patience).kind == Kind::accepted);
    const bool limited = c.error_class == ErrorClass::rate_limited;
    nlohmann::json fault{{"fault", c.fault}, {"provider", name}, {"delay_ms", 100}, {"kept_alive", true}};
    if (limited) fault["retry_after"] = "7";
    if (c.kind == Kind::rejected) fault["code"] = name == "twilio" ? "21612" : "validation_error";
    emulator.tell("faults", nlohmann::json::array({fault}));
    const bool waits = c.kind == Kind::in_doubt;
    const SendOutcome outcome = send(*transport, provider, sample, waits ? patience : long_patience);
    CHECK(outcome.kind == c.kind);
    CHECK(outcome.error_class == c.error_class);
    if (limited) CHECK(outcome.retry_after == std::chrono::seconds{7});
    const auto ledger = emulator.ask("ledger");
    const auto entry = ledger[std::string(name)].value(sample.to, nlohmann::json::object());
    CHECK(entry.value("count", 0) == 1 + c.accepted);
    CHECK(emulator.ask("violations").empty());
    if (c.kind != Kind::in_doubt) continue;
    const std::vector<Outgoing> batch{sample};
    const LookupAnswer told =
        provider.read_lookup(sample, batch, exchange(*transport, *provider.build_lookup(sample, batch)));
    const bool repeats = provider.capabilities().idempotent;
    CHECK(told.kind == (c.accepted == 1 || repeats ? LookupAnswer::Kind::found : LookupAnswer::Kind::absent));
    const auto after = emulator.ask("ledger")[std::string(name)][sample.to];
    CHECK(after["count"] == 1 + (repeats ? 1 : c.accepted));  // settled, and still not twice
  }
}

}  // namespace

TEST_CASE("P1 never twice: every fault at Twilio comes to what the evidence says, and asking settles it") {
  const Emulator emulator;
  OrgSettings settings = test::sample_settings();
  settings.sms.provider = SmsProvider::twilio;
  settings.twilio.base_url = emulator.url();
  Outgoing message = test::sample_text();
  emulator.tell("clock", {{"at", format_instant(message.started_at)}});
  check_faults(emulator, *make_provider(Channel::sms, settings).value(), message, "twilio");
}

TEST_CASE("P1 never twice: every fault at Resend comes to what the evidence says, and the same key settles it") {
  const Emulator emulator;
  OrgSettings settings = test::sample_settings();
  settings.email.provider = EmailProvider::resend;
  settings.resend.base_url = emulator.url();
  const Outgoing message = test::sample_email();
  check_faults(emulator, *make_provider(Channel::email, settings).value(), message, "resend");
}

}  // namespace avisloop
