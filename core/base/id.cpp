#include "core/base/id.h"

#include <algorithm>

#include "core/base/random.h"

namespace avisloop {

std::string to_string(const Id& id) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(36);
  for (std::size_t i = 0; i < id.bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += digits[id.bytes[i] >> 4];
    text += digits[id.bytes[i] & 15];
  }
  return text;
}

std::optional<Id> parse_id(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  Id id;
  std::size_t digit = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (c != '-') return std::nullopt;
      continue;
    }
    unsigned value = 0;
    if (c >= '0' && c <= '9') {
      value = static_cast<unsigned>(c - '0');
    } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
      value = static_cast<unsigned>((c | 0x20) - 'a') + 10;
    } else {
      return std::nullopt;
    }
    auto& byte = id.bytes[digit / 2];
    byte = static_cast<std::uint8_t>(byte << 4 | value);
    ++digit;
  }
  return id;
}

Id IdMaker::make(Instant now) {
  const auto wall = static_cast<std::uint64_t>(std::max<std::int64_t>(0, to_micros(now) / 1000));
  Id id;
  random_.fill(id.bytes);
  // RFC 9562, 6.2, method 1: a counter of 12 + 14 bits after the milliseconds keeps ids of one process in order.
  constexpr std::uint64_t counter_limit = std::uint64_t{1} << 26;
  if (wall > last_millis_) {
    last_millis_ = wall;
    counter_ = (std::uint64_t{id.bytes[6]} << 8 | id.bytes[7]) & 0xfff;
  } else if (++counter_ == counter_limit) {
    ++last_millis_;
    counter_ = 0;
  }
  for (std::size_t i = 0; i < 6; ++i)
    id.bytes[i] = static_cast<std::uint8_t>(last_millis_ >> (40 - 8 * i));
  id.bytes[6] = static_cast<std::uint8_t>(0x70 | (counter_ >> 22 & 0x0f));
  id.bytes[7] = static_cast<std::uint8_t>(counter_ >> 14);
  id.bytes[8] = static_cast<std::uint8_t>(0x80 | (counter_ >> 8 & 0x3f));
  id.bytes[9] = static_cast<std::uint8_t>(counter_);
  return id;
}

}  // namespace avisloop
