#include <algorithm>
#include <charconv>
#include <optional>

#include "core/base/text.h"
#include "core/config/values.h"

namespace avisloop {
namespace {

struct UrlParts {
  std::string scheme;  ///< lower case
  std::string host;    ///< lower case, IPv6 in its brackets
  bool plain = true;   ///< no user, query or fragment
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_host(std::string_view host) {
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    return host.find_first_not_of("0123456789abcdef:.", 1) == host.size() - 1;
  }
  return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_';
  });
}

bool is_port(std::string_view text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc{} && end == text.data() + text.size() && port > 0 && port < 65536 && text.size() <= 5;
}

/// Splits a URL. Strict on purpose: what two parsers could read differently (spaces, backslashes, several `@`) is
/// nothing at all, so that the host that is checked here is the host that libcurl connects to.
std::optional<UrlParts> split_url(std::string_view url) {
  UrlParts parts;
  for (const char c : url) {
    if (static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7f) return std::nullopt;
    if (c == '\\' || c == '"' || c == '<' || c == '>') return std::nullopt;
  }
  const auto colon = url.find("://");
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  parts.scheme = lower_ascii(url.substr(0, colon));
  url.remove_prefix(colon + 3);
  const auto authority_end = url.find_first_of("/?#");
  std::string_view authority = url.substr(0, authority_end);
  if (authority_end != std::string_view::npos) {
    parts.plain = url.find_first_of("?#", authority_end) == std::string_view::npos;
  }
  if (authority.find('@') != std::string_view::npos) {
    parts.plain = false;
    authority.remove_prefix(authority.rfind('@') + 1);
  }
  const auto bracket = authority.rfind(']');
  const auto port = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (port != std::string_view::npos && !is_port(authority.substr(port + 1))) return std::nullopt;
  parts.host = lower_ascii(authority.substr(0, port));
  if (!is_host(parts.host)) return std::nullopt;
  return parts;
}

bool is_loopback_host(std::string_view host) {
  if (host == "localhost" || host == "[::1]") return true;
  const auto numbers = split(host, '.');
  if (numbers.size() != 4 || numbers[0] != "127") return false;
  return std::all_of(numbers.begin(), numbers.end(), [](std::string_view number) {
    int value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    return error == std::errc{} && end == number.data() + number.size() && value >= 0 && value < 256 &&
           number.size() <= 3 && (number.size() == 1 || number[0] != '0');
  });
}

bool has_sid_form(std::string_view text, std::string_view prefix) {
  return text.size() > 2 && text.substr(0, 2) == prefix &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_letter(c) || is_digit(c); });
}

}  // namespace

bool is_loopback_url(std::string_view url) {
  const auto parts = split_url(url);
  return parts && parts->plain && is_loopback_host(parts->host);
}

std::string check_any(std::string_view) {
  return {};
}

std::string check_store_url(std::string_view text) {
  for (const std::string_view prefix : {"sqlite:", "postgresql://", "postgres://"}) {
    if (text.size() > prefix.size() && text.substr(0, prefix.size()) == prefix) return {};
  }
  return "sqlite:PATH or postgresql://HOST/DATABASE";
}

std::string check_https_url(std::string_view text) {
  const auto parts = split_url(text);
  if (parts && parts->plain && parts->scheme == "https") return {};
  if (parts && parts->plain && parts->scheme == "http" && is_loopback_host(parts->host)) return {};
  return "a URL that begins with https:// and has no user, query or fragment (http:// only for the loopback address)";
}

std::string check_smtp_url(std::string_view text) {
  const auto parts = split_url(text);
  if (parts && parts->plain && (parts->scheme == "smtp" || parts->scheme == "smtps")) return {};
  return "smtp://HOST:PORT or smtps://HOST:PORT; user and password have keys of their own";
}

std::string check_mailbox(std::string_view text) {
  std::string_view address = text;
  if (!text.empty() && text.back() == '>') {
    const auto open = text.rfind('<');
    address = open == std::string_view::npos ? std::string_view{} : text.substr(open + 1, text.size() - open - 2);
  }
  const auto at = address.find('@');
  const bool good = at != std::string_view::npos && at > 0 && at + 1 < address.size() &&
                    address.find('@', at + 1) == std::string_view::npos &&
                    address.find_first_of(" <>,;\"()[]\\") == std::string_view::npos && is_host(address.substr(at + 1));
  return good ? std::string{} : "an address such as \"name@example.com\" or \"Business <name@example.com>\"";
}

std::string check_account_sid(std::string_view text) {
  return has_sid_form(text, "AC") ? std::string{} : "an account SID; it begins with AC";
}

std::string check_service_sid(std::string_view text) {
  return has_sid_form(text, "MG") ? std::string{} : "a messaging service SID; it begins with MG";
}

std::string check_sender_number(std::string_view text) {
  const bool plus = !text.empty() && text.front() == '+';
  const std::string_view digits = text.substr(plus ? 1 : 0);
  const bool numeric = std::all_of(digits.begin(), digits.end(), is_digit);
  const bool good = numeric && (plus ? digits.size() >= 7 && digits.size() <= 15 && digits.front() != '0'
                                     : digits.size() == 5 || digits.size() == 6);
  return good ? std::string{} : "a number such as \"+15125550142\", or a short code of 5 or 6 digits";
}

Result<> check_base_url(std::string_view key, std::string_view url) {
  const std::string wanted = check_https_url(url);
  if (wanted.empty()) return {};
  return fail(Fault::config, std::string(key) + " must be " + wanted,
              "set " + std::string(key) + " to the provider's https address, or leave it out");
}

bool is_harmless(const Settings& settings) {
  const auto harmless = [](const OrgSettings& org) {
    const bool sms = org.sms.provider == SmsProvider::outbox || is_loopback_url(org.twilio.base_url);
    bool email = org.email.provider == EmailProvider::outbox;
    if (org.email.provider == EmailProvider::resend) email = is_loopback_url(org.resend.base_url);
    if (org.email.provider == EmailProvider::smtp) email = is_loopback_url(org.smtp.url);
    return sms && email;
  };
  return harmless(settings.base) && std::all_of(settings.orgs.begin(), settings.orgs.end(),
                                                [&](const auto& entry) { return harmless(entry.second); });
}

}  // namespace avisloop
