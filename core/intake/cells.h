#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/instant.h"
#include "core/base/result.h"
#include "core/base/zones.h"
#include "core/model/enums.h"

namespace avisloop {

// Reading single cells. Every fault is `data`, and its message goes behind the column's name: `has no @`.

/// `yes`, `y`, `true`, `1`, `x`, `on` and their opposites, case free; nothing for any other text.
std::optional<bool> read_yes_no(std::string_view text);

/// One address: one `@`, a domain with a dot or `localhost`, no spaces or control characters, at most 254 bytes
/// (RFC 5321). The domain comes back in lower case.
Result<std::string> read_email(std::string_view text);

/// The first of several addresses or numbers in one cell, as exports write them: parted by ` ::: `, commas, semicolons
/// or line breaks. A cell with one value stays whole.
std::string_view first_value(std::string_view cell);

/// The given and the family name in one text: `Ann Smith`, `Smith, Ann`, `Dr. Ann Smith`.
std::pair<std::string, std::string> split_name(std::string_view name);

/// Tags parted by `;`, `,` or ` ::: `, trimmed, each once.
std::vector<std::string> read_tags(std::string_view cell);

/// A language tag (`es`, `pt-BR`) or the name of one that is common in the US; in the form of RFC 5646.
Result<std::string> read_language(std::string_view text);

/// An instant (RFC 3339), or a wall clock reading of `zone`: `2026-11-20`, `2026-11-20 14:30`, `11/20/2026`,
/// `11/20/2026 2:30 PM`. A date alone means `second_of_day`.
Result<Instant> read_when(std::string_view text, const Zone& zone, int second_of_day);

/// One of the service categories, or a trade's usual name for one: `AC`, `lawn care`.
Result<ServiceCategory> read_service(std::string_view text);

/// The name of an IANA zone. The message names the nearest of the US zones.
Result<const Zone*> read_time_zone(std::string_view text);

/// The text on one line: line breaks and runs of spaces become one space. Fault `data` for other control characters
/// and for more than `longest` bytes.
Result<std::string> read_line(std::string_view text, std::size_t longest);

/// The same for text of several lines.
Result<std::string> read_text(std::string_view text, std::size_t longest);

}  // namespace avisloop
