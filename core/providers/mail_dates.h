#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/instant.h"

namespace avisloop {

/// Reads a date of RFC 5322 or of HTTP: `Fri, 20 Nov 2026 15:00:00 +0000`, or `GMT`.
std::optional<Instant> parse_mail_date(std::string_view text);

/// The same form in UTC.
std::string format_mail_date(Instant at);

}  // namespace avisloop
