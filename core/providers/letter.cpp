#include "core/providers/letter.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "core/providers/mail_dates.h"

namespace avisloop {
namespace {

bool is_phone(std::string_view text) {
  return text.size() > 1 && text.size() <= 16 && text.starts_with('+') &&
         text.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

bool is_target_safe(std::string_view target) {
  return std::all_of(target.begin(), target.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '<' && c != '>'; });
}

std::string email_flaw(const Outgoing& message) {
  if (!is_wire_safe_address(message.to)) return "the recipient's address cannot be used on the wire";
  for (const std::string_view field : {std::string_view(message.subject), std::string_view(message.to_name),
                                       std::string_view(message.from), std::string_view(message.reply_to)}) {
    if (has_control_characters(field)) return "a header would hold a control character";
  }
  for (const std::string& field : {message.from, message.reply_to}) {
    if (!field.empty() && !is_wire_safe_address(parse_mailbox(field).address)) {
      return "the sender's or the reply address cannot be used on the wire";
    }
  }
  if (!is_target_safe(message.unsubscribe)) return "the unsubscribe target cannot stand in a header";
  if (message.text.empty() && message.html.empty()) return "the text is empty";
  return {};
}

}  // namespace

std::string flaw_of(const Outgoing& message) {
  if (has_control_characters(message.org_key) || has_control_characters(message.idempotency_key)) {
    return "the organization or the key holds a control character";
  }
  if (message.channel == Channel::email) return email_flaw(message);
  if (!is_phone(message.to)) return "the recipient's number is not in E.164 form";
  if (has_control_characters(message.from)) return "the sender holds a control character";
  if (message.text.empty()) return "the text is empty";
  return {};
}

MailHeaders unsubscribe_headers(const Outgoing& message) {
  const std::string& target = message.unsubscribe;
  if (target.starts_with("https://")) {
    return {{"List-Unsubscribe", fmt::format("<{}>", target)}, {"List-Unsubscribe-Post", "List-Unsubscribe=One-Click"}};
  }
  if (target.starts_with("mailto:")) return {{"List-Unsubscribe", fmt::format("<{}>", target)}};
  if (is_wire_safe_address(target)) {
    return {{"List-Unsubscribe", fmt::format("<mailto:{}?subject=unsubscribe>", target)}};
  }
  return {};
}

MailHeaders letter_headers(const Outgoing& message, const std::string& from) {
  const Mailbox sender = parse_mailbox(from);
  const std::string domain = sender.address.substr(sender.address.find('@') + 1);
  MailHeaders headers{{"Date", format_mail_date(message.started_at)},
                      {"From", mailbox(sender.name, sender.address)},
                      {"To", mailbox(message.to_name, message.to)},
                      {"Subject", encode_words(message.subject)},
                      {"Message-ID", fmt::format("<{}@{}>", to_string(message.message), domain)}};
  if (!message.reply_to.empty()) {
    const Mailbox reply = parse_mailbox(message.reply_to);
    headers.emplace_back("Reply-To", mailbox(reply.name, reply.address));
  }
  for (auto& header : unsubscribe_headers(message))
    headers.push_back(std::move(header));
  return headers;
}

}  // namespace avisloop
