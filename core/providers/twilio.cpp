#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "core/base/text.h"
#include "core/providers/answers.h"
#include "core/providers/letter.h"
#include "core/providers/mail_dates.h"
#include "core/providers/vendors.h"
#include "core/rules/provider_errors.h"
#include "core/rules/segments.h"

namespace avisloop {
namespace {

constexpr Micros kConnectTimeout = std::chrono::seconds{5};
constexpr Micros kTimeout = std::chrono::seconds{30};
constexpr Micros kValidityMargin = std::chrono::seconds{60};  ///< longer than a request can be on its way
constexpr std::int64_t kLongestValidity = 36'000;
constexpr Micros kClockTolerance = std::chrono::minutes{5};
constexpr int kPageSize = 100;
constexpr std::string_view kTrialPrefix = "Sent from your Twilio trial account - ";

void add_field(std::string& form, std::string_view name, std::string_view value) {
  if (!form.empty()) form += '&';
  form += percent_encode(name);
  form += '=';
  form += percent_encode(value);
}

bool is_service(std::string_view sender) {
  return sender.starts_with("MG");
}

int whole_number(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string_view without_trial_prefix(std::string_view body) {
  if (body.starts_with(kTrialPrefix)) body.remove_prefix(kTrialPrefix.size());
  return trim(body);
}

/// Twilio Messaging, API 2010-04-01. It knows no idempotency key: a doubt is settled by searching its message list.
class Twilio : public Provider {
 public:
  explicit Twilio(const OrgSettings& settings)
      : settings_(settings.twilio), segment_price_(settings.prices.sms_segment_micros) {
    while (settings_.base_url.ends_with('/'))
      settings_.base_url.pop_back();
    capabilities_.name = "twilio";
    capabilities_.can_look_up = true;
    capabilities_.request_lifetime = kTimeout + kConnectTimeout;
  }

  const Capabilities& capabilities() const override { return capabilities_; }

  WireRequest build_send(std::span<const Outgoing> messages) const override {
    const Outgoing& message = messages.front();
    if (!flaw_of(message).empty()) return HttpRequest{};  // never leaves: read_send refuses it
    HttpRequest request = ask("POST", messages_url());
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
    std::string& form = request.body;
    add_field(form, "To", message.to);
    const std::string& sender = sender_of(message);
    add_field(form, is_service(sender) ? "MessagingServiceSid" : "From", sender);
    add_field(form, "Body", message.text);
    if (message.window_end != Instant::max()) {
      add_field(form, "ValidityPeriod", fmt::format("{}", validity_of(message)));
    }
    if (const std::string& callback = settings_.status_callback_url; !callback.empty()) {
      const char joint = callback.find('?') == std::string::npos ? '?' : '&';
      add_field(form, "StatusCallback",
                fmt::format("{}{}m={}&a={}", callback, joint, to_string(message.message), message.attempt));
    }
    return request;
  }

  std::vector<SendOutcome> read_send(std::span<const Outgoing> messages, const WireResult& result) const override {
    const Outgoing& message = messages.front();
    if (std::string flaw = flaw_of(message); !flaw.empty()) {
      return {outcome_of(ErrorClass::permanent, "unsendable", std::move(flaw))};
    }
    if (auto outcome = outcome_without_answer(result)) return {*std::move(outcome)};
    if (result.status / 100 == 2) return {accepted(message, read_json(result))};
    SendOutcome outcome = refused(result);
    outcome.retry_after = retry_after_of(result, message.started_at);
    return {std::move(outcome)};
  }

  /// By recipient only (and sender, where it is a number): whether a message that is still queued matches a filter by
  /// date is documented nowhere.
  std::optional<WireRequest> build_lookup(const Outgoing& doubt, std::span<const Outgoing>) const override {
    std::string query;
    add_field(query, "To", doubt.to);
    if (const std::string& sender = sender_of(doubt); !is_service(sender)) add_field(query, "From", sender);
    add_field(query, "PageSize", fmt::format("{}", kPageSize));
    return ask("GET", fmt::format("{}?{}", messages_url(), query));
  }

  LookupAnswer read_lookup(const Outgoing& doubt, std::span<const Outgoing>, const WireResult& result) const override {
    LookupAnswer answer;
    const nlohmann::json page = read_json(result);
    if (result.stage != WireStage::answered || result.status != 200 || !page.is_object() ||
        !page.contains("messages") || !page["messages"].is_array()) {
      answer.error = result.error.empty() ? fmt::format("the list was answered with {}", result.status) : result.error;
      return answer;
    }
    std::vector<std::pair<Instant, SendOutcome>> found;
    for (const nlohmann::json& item : page["messages"]) {
      if (const auto created = match(doubt, item)) found.emplace_back(*created, as_found(doubt, item));
    }
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (auto& [created, outcome] : found)
      answer.candidates.push_back(std::move(outcome));
    if (const std::string next = text_of(page, "next_page_uri"); next.starts_with('/')) {
      answer.kind = LookupAnswer::Kind::more;
      answer.next = ask("GET", settings_.base_url + next);
    } else {
      answer.kind = answer.candidates.empty() ? LookupAnswer::Kind::absent : LookupAnswer::Kind::found;
    }
    return answer;
  }

 private:
  std::string messages_url() const {
    return fmt::format("{}/2010-04-01/Accounts/{}/Messages.json", settings_.base_url, settings_.account_sid);
  }

  HttpRequest ask(std::string method, std::string url) const {
    HttpRequest request;
    request.repeatable = method == "GET";
    request.method = std::move(method);
    request.url = std::move(url);
    request.user = settings_.account_sid;
    request.password = settings_.auth_token.value;
    request.connect_timeout = kConnectTimeout;
    request.timeout = kTimeout;
    return request;
  }

  const std::string& sender_of(const Outgoing& message) const {
    if (!message.from.empty()) return message.from;
    return settings_.messaging_service_sid.empty() ? settings_.from : settings_.messaging_service_sid;
  }

  /// A message that waits longer at Twilio is not sent (error 30036): so its queue cannot deliver after the window.
  static std::int64_t validity_of(const Outgoing& message) {
    const Micros left = message.window_end - message.started_at - kValidityMargin;
    return std::clamp<std::int64_t>(std::chrono::floor<std::chrono::seconds>(left).count(), 1, kLongestValidity);
  }

  /// A 2xx means taken, also when its body cannot be read: then only the id is not known.
  SendOutcome accepted(const Outgoing& message, const nlohmann::json& answer) const {
    SendOutcome outcome = outcome_of(ErrorClass::none, {}, {});
    outcome.provider_id = text_of(answer, "sid");
    outcome.segments = whole_number(text_of(answer, "num_segments"));
    if (outcome.segments <= 0) outcome.segments = count_segments(message.text).segments;
    outcome.cost_micros = outcome.segments * segment_price_;
    return outcome;
  }

  static SendOutcome refused(const WireResult& result) {
    const nlohmann::json answer = read_json(result);
    std::string code = text_of(answer, "code");
    std::string text = printable(text_of(answer, "message"));
    if (text.empty()) text = fmt::format("HTTP status {}", result.status);
    ErrorClass error_class = result.status < 400 ? ErrorClass::unknown_outcome : classify_status(result.status);
    const ProviderError* known = find_provider_error("twilio", code);
    if (known != nullptr && result.status >= 400 && result.status < 500) error_class = known->error_class;
    if (error_class == ErrorClass::none) error_class = ErrorClass::permanent;
    if (code.empty()) code = fmt::format("http_{}", result.status);
    return outcome_of(error_class, std::move(code), std::move(text));
  }

  /// The instant of creation, if the item can be what the attempt made.
  std::optional<Instant> match(const Outgoing& doubt, const nlohmann::json& item) const {
    if (text_of(item, "direction") != "outbound-api" || text_of(item, "to") != doubt.to) return std::nullopt;
    if (without_trial_prefix(text_of(item, "body")) != trim(doubt.text)) return std::nullopt;
    const std::string& sender = sender_of(doubt);
    if (text_of(item, is_service(sender) ? "messaging_service_sid" : "from") != sender) return std::nullopt;
    const auto created = parse_mail_date(text_of(item, "date_created"));
    if (!created || *created < doubt.started_at - kClockTolerance) return std::nullopt;
    return created;
  }

  SendOutcome as_found(const Outgoing& doubt, const nlohmann::json& item) const {
    const std::string status = text_of(item, "status");
    if (status != "failed" && status != "undelivered" && status != "canceled") return accepted(doubt, item);
    const std::string code = text_of(item, "error_code");
    const ProviderError* known = find_provider_error("twilio", code);
    SendOutcome outcome = accepted(doubt, item);
    outcome.kind = SendOutcome::Kind::rejected;
    outcome.error_class = known == nullptr ? ErrorClass::permanent : known->error_class;
    outcome.error_code = code.empty() ? status : code;
    outcome.error_text = printable(text_of(item, "error_message"));
    return outcome;
  }

  decltype(OrgSettings::twilio) settings_;
  std::int64_t segment_price_;
  Capabilities capabilities_;
};

}  // namespace

std::unique_ptr<Provider> make_twilio(const OrgSettings& settings) {
  return std::make_unique<Twilio>(settings);
}

}  // namespace avisloop
