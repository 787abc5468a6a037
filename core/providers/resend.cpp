#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/text.h"
#include "core/providers/answers.h"
#include "core/providers/letter.h"
#include "core/providers/vendors.h"
#include "core/rules/provider_errors.h"

namespace avisloop {
namespace {

constexpr Micros kConnectTimeout = std::chrono::seconds{5};
constexpr Micros kTimeout = std::chrono::seconds{30};
constexpr std::size_t kMostInBatch = 100;

/// Tags allow ASCII letters, digits, `_` and `-`, at most 256.
std::string tag_value(std::string_view text) {
  std::string value(text.substr(0, 256));
  for (char& c : value) {
    const bool fine =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    if (!fine) c = '_';
  }
  return value.empty() ? "none" : value;
}

nlohmann::ordered_json tag(std::string_view name, std::string_view text) {
  return {{"name", name}, {"value", tag_value(text)}};
}

/// Resend's API. Keys live for 24 h there: the same key and bytes again get the first answer, without a second email.
class Resend : public Provider {
 public:
  explicit Resend(const OrgSettings& settings)
      : api_key_(settings.resend.api_key.value),
        base_url_(settings.resend.base_url),
        from_(settings.email.from),
        price_(settings.prices.email_micros) {
    while (base_url_.ends_with('/'))
      base_url_.pop_back();
    capabilities_.name = "resend";
    capabilities_.idempotent = true;
    capabilities_.key_lifetime = std::chrono::hours{23};
    capabilities_.can_look_up = true;
    capabilities_.batch_size = kMostInBatch;
    capabilities_.request_lifetime = kTimeout + kConnectTimeout;
    capabilities_.most_in_flight = 4;  // five requests a second is what a team may make
  }

  const Capabilities& capabilities() const override { return capabilities_; }

  /// The bytes depend on the messages alone, so that a repeat under the same key is the same request.
  WireRequest build_send(std::span<const Outgoing> messages) const override {
    nlohmann::ordered_json emails = nlohmann::ordered_json::array();
    for (const Outgoing& message : messages) {
      if (flaw_of(message).empty()) emails.push_back(email(message));
    }
    if (emails.empty()) return HttpRequest{};  // never leaves: read_send refuses all of them
    HttpRequest request;
    request.url = base_url_ + (messages.size() == 1 ? "/emails" : "/emails/batch");
    request.headers = {{"Authorization", "Bearer " + api_key_},
                       {"Content-Type", "application/json"},
                       {"Idempotency-Key", messages.front().idempotency_key}};
    if (messages.size() > 1) request.headers.emplace_back("x-batch-validation", "permissive");
    const nlohmann::ordered_json& body = messages.size() == 1 ? emails.front() : emails;
    request.body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    request.repeatable = true;
    request.connect_timeout = kConnectTimeout;
    request.timeout = kTimeout;
    return request;
  }

  std::vector<SendOutcome> read_send(std::span<const Outgoing> messages, const WireResult& result) const override {
    std::vector<SendOutcome> outcomes(messages.size());
    std::vector<std::size_t> sent;  // positions of the messages that are in the request
    for (std::size_t i = 0; i < messages.size(); ++i) {
      if (std::string flaw = flaw_of(messages[i]); !flaw.empty()) {
        outcomes[i] = outcome_of(ErrorClass::permanent, "unsendable", std::move(flaw));
      } else {
        sent.push_back(i);
      }
    }
    auto common = outcome_without_answer(result);
    if (!common && result.status / 100 != 2) {
      common = refused(result);
      common->retry_after = retry_after_of(result, messages.front().started_at);
    }
    if (common) {
      for (const std::size_t i : sent)
        outcomes[i] = *common;
    } else {
      read_taken(messages.size() == 1, sent, read_json(result), outcomes);
    }
    return outcomes;
  }

  std::optional<WireRequest> build_lookup(const Outgoing&, std::span<const Outgoing> batch) const override {
    return build_send(batch);
  }

  LookupAnswer read_lookup(const Outgoing& doubt, std::span<const Outgoing> batch,
                           const WireResult& result) const override {
    LookupAnswer answer;
    const std::vector<SendOutcome> outcomes = read_send(batch, result);
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (batch[i].message != doubt.message) continue;
      const bool told =
          outcomes[i].kind == SendOutcome::Kind::accepted || outcomes[i].kind == SendOutcome::Kind::rejected;
      answer.kind = told ? LookupAnswer::Kind::found : LookupAnswer::Kind::unknown;
      if (told) answer.candidates = {outcomes[i]};
      answer.error = outcomes[i].error_text;
    }
    return answer;
  }

 private:
  nlohmann::ordered_json email(const Outgoing& message) const {
    nlohmann::ordered_json item{{"from", message.from.empty() ? from_ : message.from},
                                {"to", nlohmann::ordered_json::array({message.to})},
                                {"subject", message.subject}};
    if (!message.text.empty()) item["text"] = message.text;
    if (!message.html.empty()) item["html"] = message.html;
    if (!message.reply_to.empty()) item["reply_to"] = message.reply_to;
    nlohmann::ordered_json headers = nlohmann::ordered_json::object();
    for (const auto& [name, value] : unsubscribe_headers(message))
      headers[name] = value;
    if (!headers.empty()) item["headers"] = std::move(headers);
    item["tags"] = {tag("org", message.org_key), tag("message", to_string(message.message))};
    return item;
  }

  /// A batch is answered with the ids of what was taken, in order, and with `errors` that name the places of the rest.
  void read_taken(bool single, std::span<const std::size_t> sent, const nlohmann::json& answer,
                  std::vector<SendOutcome>& outcomes) const {
    std::vector<std::string> errors(sent.size());
    std::vector<std::string> ids;
    if (single) ids.push_back(text_of(answer, "id"));
    if (!single && answer.is_object() && answer.contains("errors") && answer["errors"].is_array()) {
      for (const nlohmann::json& error : answer["errors"]) {
        const auto index = error.is_object() ? error.value("index", nlohmann::json()) : nlohmann::json();
        if (!index.is_number_unsigned() || index.get<std::size_t>() >= errors.size()) continue;
        const std::string text = printable(text_of(error, "message"));
        errors[index.get<std::size_t>()] = text.empty() ? "refused" : text;
      }
    }
    if (!single && answer.is_object() && answer.contains("data") && answer["data"].is_array()) {
      for (const nlohmann::json& taken : answer["data"])
        ids.push_back(text_of(taken, "id"));
    }
    std::size_t next = 0;
    for (std::size_t place = 0; place < sent.size(); ++place) {
      SendOutcome& outcome = outcomes[sent[place]];
      if (!errors[place].empty()) {
        outcome = outcome_of(ErrorClass::permanent, "validation_error", errors[place]);
        continue;
      }
      outcome = outcome_of(ErrorClass::none, {}, {});
      outcome.cost_micros = price_;
      if (next < ids.size()) outcome.provider_id = ids[next++];
    }
  }

  static SendOutcome refused(const WireResult& result) {
    const nlohmann::json answer = read_json(result);
    std::string name = text_of(answer, "name");
    std::string text = printable(text_of(answer, "message"));
    if (text.empty()) text = fmt::format("HTTP status {}", result.status);
    const int status = result.status;
    ErrorClass error_class = status < 400 ? ErrorClass::unknown_outcome : classify_status(status);
    // 401 and 403 are about the account under whatever name; 409 is about the key, so an earlier copy may be under way
    // or taken; 5xx tells nothing.
    const bool by_name =
        status >= 400 && status < 500 && status != 401 && status != 403 && status != 408 && status != 409;
    const ProviderError* known = by_name ? find_provider_error("resend", name) : nullptr;
    if (known != nullptr && known->error_class != ErrorClass::none) error_class = known->error_class;
    if (status == 409) error_class = ErrorClass::unknown_outcome;
    if (name.empty()) name = fmt::format("http_{}", status);
    return outcome_of(error_class, std::move(name), std::move(text));
  }

  std::string api_key_;
  std::string base_url_;
  std::string from_;
  std::int64_t price_;
  Capabilities capabilities_;
};

}  // namespace

std::unique_ptr<Provider> make_resend(const OrgSettings& settings) {
  return std::make_unique<Resend>(settings);
}

}  // namespace avisloop
