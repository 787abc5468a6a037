#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace avisloop {

using Sha256 = std::array<std::uint8_t, 32>;

Sha256 sha256(std::string_view text);
Sha256 hmac_sha256(std::span<const std::uint8_t> key, std::string_view text);
std::string base64(std::span<const std::uint8_t> bytes);

}  // namespace avisloop
