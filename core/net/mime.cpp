#include "core/net/mime.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "core/base/hash.h"
#include "core/base/text.h"

namespace avisloop {
namespace {

constexpr std::size_t kLongestLine = 76;
constexpr std::size_t kLongestHeaderLine = 78;

bool is_printable_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

void append_hex(std::string& out, unsigned char byte) {
  constexpr char digits[] = "0123456789ABCDEF";
  out += '=', out += digits[byte >> 4], out += digits[byte & 15];
}

/// Folds a header at blanks, so that no line passes 78 characters where that can be avoided.
std::string fold(std::string_view name, std::string_view value) {
  std::string out(name);
  out += ':';
  std::size_t column = out.size();
  while (!value.empty()) {
    const auto end = std::min(value.find(' '), value.size());
    if (column + 1 + end > kLongestHeaderLine && column > name.size() + 1) {
      out += "\r\n";
      column = 0;
    }
    out += ' ';
    out += value.substr(0, end);
    column += 1 + end;
    value.remove_prefix(std::min(end + 1, value.size()));
  }
  return out + "\r\n";
}

std::string part(std::string_view type, std::string_view content) {
  return fmt::format("Content-Type: {}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{}\r\n",
                     type, quoted_printable(content));
}

}  // namespace

std::string quoted_printable(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  std::size_t column = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool pair = c == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    if (c == '\n' || pair) {
      out += "\r\n";
      column = 0;
      if (pair) ++i;
      continue;
    }
    const bool last = i + 1 == text.size() || text[i + 1] == '\n' || text.substr(i + 1, 2) == "\r\n";
    const bool blank = c == ' ' || c == '\t';
    const bool plain = (c > 0x20 && c < 0x7f && c != '=') || (blank && !last);
    const std::size_t width = plain ? 1 : 3;
    if (column + width > kLongestLine - 1) {
      out += "=\r\n";
      column = 0;
    }
    if (plain) {
      out += c;
    } else {
      append_hex(out, static_cast<unsigned char>(c));
    }
    column += width;
  }
  return out;
}

std::string encode_words(std::string_view text) {
  if (is_printable_ascii(text) && text.find("=?") == std::string_view::npos) return std::string(text);
  constexpr std::size_t most_bytes = 42;  // 56 characters of base64: with its frame a word stays below 75
  std::string out;
  std::string word;
  const auto flush = [&] {
    if (word.empty()) return;
    const std::span bytes(reinterpret_cast<const std::uint8_t*>(word.data()), word.size());
    out += fmt::format("{}=?UTF-8?B?{}?=", out.empty() ? "" : " ", base64(bytes));
    word.clear();
  };
  for (const char32_t point : decode_utf8(text)) {
    std::string character;
    append_utf8(character, point);
    if (word.size() + character.size() > most_bytes) flush();
    word += character;
  }
  flush();
  return out;
}

std::string mailbox(std::string_view name, std::string_view address) {
  if (name.empty()) return std::string(address);
  if (!is_printable_ascii(name) || name.find("=?") != std::string_view::npos) {
    return fmt::format("{} <{}>", encode_words(name), address);
  }
  std::string quoted;
  for (const char c : name) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return fmt::format("\"{}\" <{}>", quoted, address);
}

Mailbox parse_mailbox(std::string_view text) {
  text = trim(text);
  const auto open = text.rfind('<');
  if (open == std::string_view::npos || !text.ends_with('>')) return {{}, std::string(text)};
  std::string_view name = trim(text.substr(0, open));
  std::string plain;
  const bool quoted = name.size() >= 2 && name.starts_with('"') && name.ends_with('"');
  if (quoted) name = name.substr(1, name.size() - 2);
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (quoted && name[i] == '\\' && i + 1 < name.size()) ++i;
    plain += name[i];
  }
  return {plain, std::string(trim(text.substr(open + 1, text.size() - open - 2)))};
}

bool is_wire_safe_address(std::string_view address) {
  if (address.empty() || address.size() > 254) return false;
  const auto at = address.find('@');
  const bool one = at != std::string_view::npos && address.find('@', at + 1) == std::string_view::npos;
  if (!one || at == 0 || at + 1 == address.size()) return false;
  return std::all_of(address.begin(), address.end(), [](char c) {
    return c > 0x20 && c < 0x7f && std::string_view("<>()[],;:\\\"").find(c) == std::string_view::npos;
  });
}

std::string render_mail(const MailHeaders& headers, std::string_view text, std::string_view html) {
  std::string out;
  for (const auto& [name, value] : headers)
    out += fold(name, value);
  out += "MIME-Version: 1.0\r\n";
  if (html.empty()) return out + part("text/plain", text);
  // A line of quoted-printable never holds `=_`, so no content can hold the boundary.
  constexpr std::string_view boundary = "=_avisloop_alternative";
  out += fmt::format("Content-Type: multipart/alternative; boundary=\"{}\"\r\n\r\n", boundary);
  out += fmt::format("--{}\r\n{}--{}\r\n{}--{}--\r\n", boundary, part("text/plain", text), boundary,
                     part("text/html", html), boundary);
  return out;
}

}  // namespace avisloop
