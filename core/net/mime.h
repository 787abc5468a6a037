#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace avisloop {

using MailHeaders = std::vector<std::pair<std::string, std::string>>;

/// A whole message of RFC 5322 with CRLF line ends, as it lies in an .eml file and as SMTP carries it (before the dots
/// are stuffed). `headers` are ASCII and free of line breaks; the MIME headers are added here: text/plain, or
/// multipart/alternative when there is HTML, as UTF-8 in quoted-printable. The same input gives the same bytes.
std::string render_mail(const MailHeaders& headers, std::string_view text, std::string_view html);

/// RFC 2045, 6.7: lines of at most 76 characters, line ends as CRLF.
std::string quoted_printable(std::string_view text);

/// RFC 2047: the text itself when it is printable ASCII, else encoded words of UTF-8 in base64, cut between characters.
std::string encode_words(std::string_view text);

/// `Name <address>` for a header: the name quoted or encoded as it needs; only the address when there is no name.
std::string mailbox(std::string_view name, std::string_view address);

/// A mailbox as people write it: `Name <address>`, `"Name" <address>` or `address`.
struct Mailbox {
  std::string name;
  std::string address;
};
Mailbox parse_mailbox(std::string_view text);

/// Whether an address can stand in an envelope or a header: one `@`, ASCII, no blanks, brackets or control characters.
bool is_wire_safe_address(std::string_view address);

}  // namespace avisloop
