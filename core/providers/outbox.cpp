#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/providers/answers.h"
#include "core/providers/letter.h"
#include "core/providers/vendors.h"
#include "core/rules/segments.h"

namespace avisloop {
namespace {

constexpr std::string_view kLogName = "outbox.jsonl";

/// A folder instead of a carrier: one .eml or .txt per message, named by the message, so that it can exist only once.
class Outbox : public Provider {
 public:
  Outbox(Channel channel, const OrgSettings& settings)
      : directory_(settings.outbox.directory),
        price_(channel == Channel::sms ? settings.prices.sms_segment_micros : settings.prices.email_micros) {
    capabilities_.name = "outbox";
    capabilities_.can_look_up = true;
    capabilities_.absence_is_final = true;
    capabilities_.request_lifetime = std::chrono::seconds{30};
    capabilities_.most_in_flight = 128;
  }

  const Capabilities& capabilities() const override { return capabilities_; }

  WireRequest build_send(std::span<const Outgoing> messages) const override {
    const Outgoing& message = messages.front();
    FileDrop drop;
    drop.directory = directory_;
    drop.name = file_name(message);
    if (!flaw_of(message).empty()) {
      drop.look_only = true;
      return drop;
    }
    drop.content = message.channel == Channel::email ? letter(message) : note(message);
    drop.log_name = kLogName;
    drop.log_line = log_line(message);
    return drop;
  }

  std::vector<SendOutcome> read_send(std::span<const Outgoing> messages, const WireResult& result) const override {
    const Outgoing& message = messages.front();
    if (std::string flaw = flaw_of(message); !flaw.empty()) {
      return {outcome_of(ErrorClass::permanent, "unsendable", std::move(flaw))};
    }
    if (auto outcome = outcome_without_answer(result)) return {*std::move(outcome)};
    return {accepted(message)};
  }

  std::optional<WireRequest> build_lookup(const Outgoing& doubt, std::span<const Outgoing>) const override {
    FileDrop drop;
    drop.directory = directory_;
    drop.name = file_name(doubt);
    drop.look_only = true;
    return drop;
  }

  LookupAnswer read_lookup(const Outgoing& doubt, std::span<const Outgoing>, const WireResult& result) const override {
    LookupAnswer answer;
    if (result.stage != WireStage::answered) {
      answer.error = result.error;
    } else if (result.status == 404) {
      answer.kind = LookupAnswer::Kind::absent;
    } else {
      answer.kind = LookupAnswer::Kind::found;
      answer.candidates = {accepted(doubt)};
    }
    return answer;
  }

 private:
  static std::string file_name(const Outgoing& message) {
    return to_string(message.message) + (message.channel == Channel::email ? ".eml" : ".txt");
  }

  static std::string letter(const Outgoing& message) {
    const std::string from = message.from.empty() ? "outbox@localhost" : message.from;
    return render_mail(letter_headers(message, from), message.text, message.html);
  }

  static std::string note(const Outgoing& message) {
    return fmt::format("To: {}\nFrom: {}\nDate: {}\nMessage: {}\nSegments: {}\n\n{}\n", message.to,
                       message.from.empty() ? "outbox" : message.from, format_instant(message.started_at),
                       to_string(message.message), count_segments(message.text).segments, message.text);
  }

  static std::string log_line(const Outgoing& message) {
    nlohmann::ordered_json line{{"at", format_instant(message.started_at)},
                                {"channel", to_string(message.channel)},
                                {"message", to_string(message.message)},
                                {"org", message.org_key},
                                {"to", message.to}};
    if (message.channel == Channel::email) {
      line["subject"] = message.subject;
    } else {
      line["text"] = message.text;
      line["segments"] = count_segments(message.text).segments;
    }
    return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }

  /// A rehearsal costs on paper what the real thing would.
  SendOutcome accepted(const Outgoing& message) const {
    SendOutcome outcome = outcome_of(ErrorClass::none, {}, {});
    outcome.provider_id = file_name(message);
    if (message.channel == Channel::sms) outcome.segments = count_segments(message.text).segments;
    outcome.cost_micros = price_ * (message.channel == Channel::sms ? outcome.segments : 1);
    return outcome;
  }

  std::string directory_;
  std::int64_t price_;
  Capabilities capabilities_;
};

}  // namespace

std::unique_ptr<Provider> make_outbox(Channel channel, const OrgSettings& settings) {
  return std::make_unique<Outbox>(channel, settings);
}

}  // namespace avisloop
