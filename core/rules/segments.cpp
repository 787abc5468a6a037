#include "core/rules/segments.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/text.h"

namespace avisloop {
namespace {

constexpr int kGsmSingle = 160;
constexpr int kGsmPart = 153;
constexpr int kUcsSingle = 70;
constexpr int kUcsPart = 67;

// 3GPP TS 23.038, 6.2.1: the default alphabet and its extension table, without ASCII letters and digits.
constexpr std::u32string_view kGsmOthers = U"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà";
constexpr std::u32string_view kGsmExtension = U"\f^{}\\[~]|€";

/// Septets of a character: 1, 2 for the extension table, 0 = not in the alphabet.
int septets(char32_t c) {
  static const auto ascii = [] {
    std::array<std::int8_t, 128> table{};
    for (char32_t i = 0; i < table.size(); ++i) {
      const bool letter = (i >= 'a' && i <= 'z') || (i >= 'A' && i <= 'Z') || (i >= '0' && i <= '9');
      const bool plain = letter || kGsmOthers.find(i) != std::u32string_view::npos;
      const bool extended = kGsmExtension.find(i) != std::u32string_view::npos;
      table[i] = static_cast<std::int8_t>(plain ? 1 : extended ? 2 : 0);
    }
    return table;
  }();
  if (c < ascii.size()) return ascii[c];
  if (c == U'€') return 2;
  return kGsmOthers.find(c) != std::u32string_view::npos ? 1 : 0;
}

int utf16_units(char32_t c) {
  return c > 0xffff ? 2 : 1;
}

/// Letters of U+0100 to U+017F without their marks; `*` where it takes two letters.
constexpr std::string_view kLatinExtendedA =
    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIi**JjKkkLlLlLlLlLlNnNnNnnNnOoOoOo**"
    "RrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUu"
    "WwYyYZzZzZzs";
static_assert(kLatinExtendedA.size() == 128);

struct Spelling {
  std::u32string_view characters;
  std::string_view instead;
};
constexpr Spelling kSpellings[] = {
    {U"‘’‚‛′`´ʼ", "'"},
    {U"“”„‟″«»", "\""},
    {U"‐‑‒–—―−", "-"},
    {U"…", "..."},
    {U"•·●▪", "*"},
    {U"\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t", " "},
    {U"™", "(TM)"},
    {U"®", "(R)"},
    {U"©", "(C)"},
    {U"×", "x"},
    {U"½", "1/2"},
    {U"¼", "1/4"},
    {U"¾", "3/4"},
    {U"ÀÁÂÃ", "A"},
    {U"ÈÊË", "E"},
    {U"ÌÍÎÏ", "I"},
    {U"ÒÓÔÕ", "O"},
    {U"ÙÚÛ", "U"},
    {U"Ý", "Y"},
    {U"Ð", "D"},
    {U"Þ", "Th"},
    {U"áâã", "a"},
    {U"ç", "c"},
    {U"êë", "e"},
    {U"íîï", "i"},
    {U"óôõ", "o"},
    {U"úû", "u"},
    {U"ýÿ", "y"},
    {U"ð", "d"},
    {U"þ", "th"},
    {U"Ĳ", "IJ"},
    {U"ĳ", "ij"},
    {U"Œ", "OE"},
    {U"œ", "oe"},
    {U"ªº°", "o"},
    {U"\u2028\u2029\u0085", "\n"},
};

std::string spelling_of(char32_t c) {
  for (const Spelling& entry : kSpellings) {
    if (entry.characters.find(c) != std::u32string_view::npos) return std::string(entry.instead);
  }
  if (c >= 0x100 && c < 0x180) return {kLatinExtendedA[c - 0x100]};
  return {};
}

/// Fills parts of `room` units; a character that does not fit whole begins the next part.
template <class Size>
int parts_needed(const std::u32string& text, int room, Size size) {
  int parts = 1;
  int used = 0;
  for (const char32_t c : text) {
    const int units = size(c);
    if (used + units > room) ++parts, used = 0;
    used += units;
  }
  return parts;
}

}  // namespace

SegmentCount count_segments(std::string_view utf8) {
  const std::u32string text = decode_utf8(utf8);
  SegmentCount count;
  count.characters = static_cast<int>(text.size());
  int gsm_units = 0;
  int ucs_units = 0;
  std::u32string seen;
  for (const char32_t c : text) {
    const int units = septets(c);
    gsm_units += units;
    ucs_units += utf16_units(c);
    if (units != 0) continue;
    count.encoding = SmsEncoding::ucs2;
    if (seen.find(c) != std::u32string::npos) continue;
    seen += c;
    CostlyCharacter costly;
    append_utf8(costly.character, c);
    costly.instead = spelling_of(c);
    count.costly.push_back(std::move(costly));
  }
  const bool gsm = count.encoding == SmsEncoding::gsm7;
  count.units = gsm ? gsm_units : ucs_units;
  if (count.units == 0) return count;
  if (count.units <= (gsm ? kGsmSingle : kUcsSingle)) {
    count.segments = 1;
  } else {
    count.segments = gsm ? parts_needed(text, kGsmPart, septets) : parts_needed(text, kUcsPart, utf16_units);
  }
  return count;
}

}  // namespace avisloop
