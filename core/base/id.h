#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/instant.h"

namespace avisloop {

class Random;

/// A UUID of version 7 (RFC 9562): 48 bits of milliseconds, then random bits. Sorts by creation.
struct Id {
  std::array<std::uint8_t, 16> bytes{};

  auto operator<=>(const Id&) const = default;
  bool is_nil() const { return *this == Id{}; }
};

/// `0192f7a0-....`: 36 characters, lower case.
std::string to_string(const Id& id);

/// Reads the form of `to_string`, case free. Nothing else is an id.
std::optional<Id> parse_id(std::string_view text);

/// Makes ids that grow strictly within one process, also when the clock stands still or steps back.
class IdMaker {
 public:
  explicit IdMaker(Random& random) : random_(random) {}
  Id make(Instant now);

 private:
  Random& random_;
  std::uint64_t last_millis_ = 0;
  std::uint64_t counter_ = 0;
};

}  // namespace avisloop

template <>
struct std::hash<avisloop::Id> {
  std::size_t operator()(const avisloop::Id& id) const noexcept {
    std::uint64_t value = 0;
    for (std::size_t i = 8; i < 16; ++i)
      value = value << 8 | id.bytes[i];
    return static_cast<std::size_t>(value);
  }
};
