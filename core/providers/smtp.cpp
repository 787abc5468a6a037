#include <fmt/format.h>

#include "core/base/text.h"
#include "core/providers/answers.h"
#include "core/providers/letter.h"
#include "core/providers/vendors.h"
#include "core/rules/provider_errors.h"

namespace avisloop {
namespace {

constexpr Micros kConnectTimeout = std::chrono::seconds{10};
constexpr Micros kTimeout = std::chrono::seconds{60};

/// The enhanced status code of RFC 3463 in a reply such as `550 5.1.1 no such user`, empty when there is none.
std::string enhanced_code(std::string_view reply) {
  const auto words = split(reply, ' ');
  if (words.size() < 2) return {};
  const auto parts = split(words[1], '.');
  if (parts.size() != 3) return {};
  for (const std::string_view part : parts) {
    if (part.empty() || part.size() > 3 || part.find_first_not_of("0123456789") != std::string_view::npos) return {};
  }
  return std::string(words[1]);
}

/// Any mail server. It knows no key and cannot be asked: a doubt stays one until a person or a setting decides.
class Smtp : public Provider {
 public:
  explicit Smtp(const OrgSettings& settings)
      : settings_(settings.smtp), from_(settings.email.from), price_(settings.prices.email_micros) {
    capabilities_.name = "smtp";
    capabilities_.request_lifetime = kTimeout + kConnectTimeout;
    capabilities_.most_in_flight = 8;
  }

  const Capabilities& capabilities() const override { return capabilities_; }

  WireRequest build_send(std::span<const Outgoing> messages) const override {
    const Outgoing& message = messages.front();
    MailRequest request;
    if (!flaw_of(message).empty()) return request;  // never leaves: read_send refuses it
    const std::string& from = message.from.empty() ? from_ : message.from;
    request.url = settings_.url;
    request.user = settings_.username;
    request.password = settings_.password.value;
    request.require_tls = settings_.tls == SmtpTls::required;
    request.envelope_from = parse_mailbox(from).address;
    request.envelope_to = message.to;
    request.headers = letter_headers(message, from);
    request.text = message.text;
    request.html = message.html;
    request.connect_timeout = kConnectTimeout;
    request.timeout = kTimeout;
    return request;
  }

  std::vector<SendOutcome> read_send(std::span<const Outgoing> messages, const WireResult& result) const override {
    if (std::string flaw = flaw_of(messages.front()); !flaw.empty()) {
      return {outcome_of(ErrorClass::permanent, "unsendable", std::move(flaw))};
    }
    if (result.untrusted) return {outcome_of(ErrorClass::account_stopped, "tls", result.error)};
    if (auto outcome = outcome_without_answer(result)) return {*std::move(outcome)};
    if (result.status / 100 == 2) {
      SendOutcome outcome = outcome_of(ErrorClass::none, {}, {});
      outcome.provider_id = to_string(messages.front().message);  // as in the Message-ID
      outcome.cost_micros = price_;
      return {std::move(outcome)};
    }
    return {refused(result)};
  }

  std::optional<WireRequest> build_lookup(const Outgoing&, std::span<const Outgoing>) const override {
    return std::nullopt;
  }

  LookupAnswer read_lookup(const Outgoing&, std::span<const Outgoing>, const WireResult&) const override {
    LookupAnswer answer;
    answer.error = "a mail server cannot be asked what it took";
    return answer;
  }

 private:
  static SendOutcome refused(const WireResult& result) {
    std::string code = enhanced_code(result.body);
    const ProviderError* known = find_provider_error("smtp", code);
    if (code.empty()) code = fmt::format("{}", result.status);
    if (known == nullptr) known = find_provider_error("smtp", fmt::format("{}", result.status));
    ErrorClass error_class = result.status < 500 ? ErrorClass::temporary : ErrorClass::permanent;
    if (known != nullptr) error_class = known->error_class;
    std::string text = printable(result.body);
    if (text.empty()) text = result.error;
    return outcome_of(error_class, std::move(code), std::move(text));
  }

  decltype(OrgSettings::smtp) settings_;
  std::string from_;
  std::int64_t price_;
  Capabilities capabilities_;
};

}  // namespace

std::unique_ptr<Provider> make_smtp(const OrgSettings& settings) {
  return std::make_unique<Smtp>(settings);
}

}  // namespace avisloop
