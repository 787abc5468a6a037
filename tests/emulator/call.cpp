#include "tests/emulator/call.h"

#include <charconv>

#include "core/base/text.h"

namespace avisloop::emulator {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(high << 4 | low);
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

}  // namespace

std::string_view Call::header(std::string_view name) const {
  for (const auto& [candidate, value] : headers) {
    if (equals_ignoring_case(candidate, name)) return value;
  }
  return {};
}

Fields decode_form(std::string_view text) {
  Fields fields;
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const auto equal = std::min(pair.find('='), pair.size());
    fields.emplace_back(decode(pair.substr(0, equal)), decode(pair.substr(std::min(pair.size(), equal + 1))));
  }
  return fields;
}

const std::string* find_field(const Fields& fields, std::string_view name) {
  for (const auto& [candidate, value] : fields) {
    if (candidate == name) return &value;
  }
  return nullptr;
}

void append_json(std::string& out, std::string_view text) {
  constexpr char digits[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\', out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += "\\u00", out += digits[(c >> 4) & 15], out += digits[c & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

std::string json_text(std::string_view text) {
  std::string out;
  append_json(out, text);
  return out;
}

bool read_head(std::string_view head, Call& call, std::size_t& content_length) {
  call.headers.clear();
  content_length = 0;
  const std::string_view line = head.substr(0, head.find("\r\n"));
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || last <= first || !line.substr(last + 1).starts_with("HTTP/1.")) return false;
  call.method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, last - first - 1);
  const auto mark = std::min(target.find('?'), target.size());
  call.path = target.substr(0, mark);
  call.query = target.substr(std::min(target.size(), mark + 1));
  head.remove_prefix(line.size() + 2);
  while (!head.starts_with("\r\n")) {
    const std::string_view header = head.substr(0, head.find("\r\n"));
    const auto colon = header.find(':');
    if (colon == std::string_view::npos) return false;
    call.headers.emplace_back(header.substr(0, colon), trim(header.substr(colon + 1)));
    head.remove_prefix(header.size() + 2);
  }
  const std::string_view length = call.header("content-length");
  std::from_chars(length.data(), length.data() + length.size(), content_length);
  return true;
}

}  // namespace avisloop::emulator
