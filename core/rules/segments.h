#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace avisloop {

enum class SmsEncoding { gsm7, ucs2 };

/// A character that forces UCS-2 and so makes a text costly.
struct CostlyCharacter {
  std::string character;
  std::string instead;  ///< a GSM-7 spelling, empty when there is none
};

struct SegmentCount {
  SmsEncoding encoding = SmsEncoding::gsm7;
  int segments = 0;                     ///< 0 for an empty text
  int characters = 0;                   ///< code points
  int units = 0;                        ///< septets (an extension character is two) or UTF-16 units
  std::vector<CostlyCharacter> costly;  ///< each once, in order of appearance
};

/// Counts exactly as the network does (3GPP TS 23.038): one segment of 160 septets or 70 units, else 153 or 67 each;
/// an escape pair or a surrogate pair is not cut.
SegmentCount count_segments(std::string_view utf8);

}  // namespace avisloop
