#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace avisloop {

/// What an area code of the North American plan tells: every state and every zone it may lie in (area_codes.csv).
struct AreaCode {
  std::vector<std::string_view> states;  ///< ISO 3166-2 (`US-TX`) or ISO 3166-1 (`JM`)
  std::vector<std::string_view> zones;   ///< IANA names; empty = not geographic
};

/// Nothing for a code that is not in the table.
const AreaCode* find_area_code(std::string_view three_digits);

struct PhoneReading {
  std::string e164;
  std::vector<std::string_view> states;  ///< empty = unknown
  std::vector<std::string_view> zones;
};

/// Judges whether a number of another country, `+` and digits, has a possible length. Loaded only when one is met.
using ForeignNumberCheck = std::function<Result<bool>(std::string_view e164)>;

/// Reads a phone number as people write it: `(512) 555-0142`, `1-512-555-0142 ext. 3` (refused: extension),
/// `+44 20 7946 0958`. `+1` by the rules of the North American plan: NXX-NXX-XXXX, neither N below 2, no N11 code.
/// Fault `data` with one line that says what is wrong with it.
Result<PhoneReading> read_phone(std::string_view raw, const ForeignNumberCheck& foreign);

/// States and zones of a stored E.164 number; empty for another country or an unknown area code.
PhoneReading place_of_phone(std::string_view e164);

}  // namespace avisloop
