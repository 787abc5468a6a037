#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/clock.h"
#include "tests/emulator/call.h"
#include "tests/emulator/faults.h"

namespace avisloop::emulator {

/// A text that Twilio accepted.
struct Text {
  std::string sid;
  std::string account;
  std::string to;
  std::string from;
  std::string service;
  std::string body;
  std::string callback;
  std::string validity;
  Instant created;
  bool canceled = false;
};

/// An email that Resend accepted.
struct Email {
  std::string id;
  std::string from;
  std::vector<std::string> to;
  std::string subject;
  std::string text;
  std::string html;
  std::string key;
  std::string item;  ///< as it was received
  Instant created;
};

/// The first answer to an idempotency key.
struct KeptAnswer {
  std::string path;
  std::string body;
  Reply reply;
  Instant at;
};

/// All that the emulator knows: the ledgers are the truth that tests compare with.
struct World {
  std::unique_ptr<Clock> clock;
  FaultScript faults;
  std::vector<Text> texts;
  std::unordered_map<std::string, std::vector<std::size_t>> texts_by_to;
  std::unordered_map<std::string, std::size_t> text_by_sid;
  std::vector<Email> emails;
  std::unordered_map<std::string, std::vector<std::size_t>> emails_by_to;
  std::unordered_map<std::string, KeptAnswer> keys;
  std::vector<std::string> violations;
  std::deque<std::string> requests;  ///< the last ones, raw
  std::uint64_t request_count = 0;
  Micros lag{0};
  std::optional<std::size_t> shown_texts;  ///< the list shows no text from this one on

  void violate(std::string_view provider, std::string_view what);
  void forget();
};

/// Which provider and operation a path belongs to; an empty operation = an unknown path.
struct Route {
  std::string_view provider;
  std::string_view operation;
};
Route route_of(const Call& call);

// The providers. Each answers a call as the real one would, and notes in `violations` what a careful client never does.
Reply answer_twilio(World& world, std::string_view operation, const Call& call);
Reply answer_resend(World& world, std::string_view operation, const Call& call);

/// An error in the shape of the provider.
Reply twilio_error(int status, std::string_view code, std::string_view message);
Reply resend_error(int status, std::string_view name, std::string_view message);

/// `/_emulator/…` (README.md).
Reply answer_control(World& world, const Call& call);

}  // namespace avisloop::emulator
