#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace avisloop {

std::string_view trim(std::string_view text);
std::string lower_ascii(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b);
bool contains_ignoring_case(std::string_view text, std::string_view part);

/// Splits at each `separator`; empty parts are kept, `""` is one empty part.
std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);

/// Whether `text` is well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms).
bool is_utf8(std::string_view text);

/// The code points of well-formed UTF-8; U+FFFD stands for each byte that is not.
std::u32string decode_utf8(std::string_view text);
void append_utf8(std::string& out, char32_t code_point);

/// Whether there is a C0 or C1 control character, or DEL. `allow` lists those that are fine, such as "\n\t".
bool has_control_characters(std::string_view text, std::string_view allow = {});

/// The text with control characters replaced by `?`, for terminals and logs.
std::string printable(std::string_view text);

/// The candidate nearest to `word` by edit distance, if it is near enough to be what was meant.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);

std::string to_hex(std::span<const std::uint8_t> bytes);
std::optional<std::vector<std::uint8_t>> from_hex(std::string_view text);

/// Percent-encodes everything but RFC 3986's unreserved characters: fit for form bodies and query values.
std::string percent_encode(std::string_view text);

}  // namespace avisloop
