#include <ostream>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "core/base/text.h"
#include "core/rules/segments.h"

using namespace avisloop;

namespace {

std::string times(int count, std::string_view part) {
  std::string text;
  for (int i = 0; i < count; ++i)
    text += part;
  return text;
}

}  // namespace

TEST_CASE("segments are counted as the network counts them") {
  struct Case {
    std::string text;
    SmsEncoding encoding;
    int segments;
    int characters;
    int units;
  };
  const auto gsm = SmsEncoding::gsm7;
  const auto ucs = SmsEncoding::ucs2;
  const std::vector<Case> cases{
      {"", gsm, 0, 0, 0},
      {"a", gsm, 1, 1, 1},
      {times(160, "a"), gsm, 1, 160, 160},
      {times(161, "a"), gsm, 2, 161, 161},
      {times(306, "a"), gsm, 2, 306, 306},
      {times(307, "a"), gsm, 3, 307, 307},
      {times(80, "€"), gsm, 1, 80, 160},
      {times(81, "€"), gsm, 2, 81, 162},
      {times(152, "a") + "€" + times(152, "a"), gsm, 3, 305, 306},
      {times(151, "a") + "€" + times(153, "a"), gsm, 2, 305, 306},
      {times(76, "{}") + "a" + times(10, "|"), gsm, 3, 163, 325},
      {"[]{}\\^~|€\f", gsm, 1, 10, 20},
      {"éèàùìòñÑäöüÄÖÜßÇÅØÆæøå£¥§¿¡¤ÉΔΦΓΛΩΠΨΣΘΞ@$_\n\r", gsm, 1, 44, 44},
      {"don’t", ucs, 1, 5, 5},
      {times(70, "’"), ucs, 1, 70, 70},
      {times(71, "’"), ucs, 2, 71, 71},
      {times(134, "’"), ucs, 2, 134, 134},
      {times(135, "’"), ucs, 3, 135, 135},
      {times(159, "a") + "’", ucs, 3, 160, 160},
      {times(35, "😀"), ucs, 1, 35, 70},
      {times(67, "😀"), ucs, 3, 67, 134},
      {times(66, "😀"), ucs, 2, 66, 132},
      {"`", ucs, 1, 1, 1},
      {"\t", ucs, 1, 1, 1},
      {"ç", ucs, 1, 1, 1},
  };
  for (const Case& item : cases) {
    CAPTURE(item.text);
    const SegmentCount count = count_segments(item.text);
    CHECK(count.encoding == item.encoding);
    CHECK(count.segments == item.segments);
    CHECK(count.characters == item.characters);
    CHECK(count.units == item.units);
    CHECK(count.costly.empty() == (item.encoding == gsm));
  }
}

TEST_CASE("the characters that make a text costly are named once, with a spelling that is not") {
  const auto count = count_segments("“Don’t” wait… José Šárka – it’s\u00a0ok ™ ő 漢");
  std::string told;
  for (const auto& costly : count.costly) {
    told += costly.character + "=" + costly.instead + " ";
    if (!costly.instead.empty()) CHECK(count_segments(costly.instead).encoding == SmsEncoding::gsm7);
  }
  CHECK(told == "“=\" ’=' ”=\" …=... Š=S á=a –=- \u00a0=  ™=(TM) ő=o 漢= ");
}

TEST_CASE("units add up, and a text never fits into fewer segments than its units need") {
  const auto character = rc::gen::element<std::string>("a", "Z", " ", "€", "{", "é", "’", "😀", "\n", "漢");
  CHECK(rc::check([&] {
    const auto parts = *rc::gen::container<std::vector<std::string>>(character);
    const auto repeat = *rc::gen::inRange(1, 12);
    std::string text;
    for (int i = 0; i < repeat; ++i) {
      for (const auto& part : parts)
        text += part;
    }
    const SegmentCount whole = count_segments(text);
    int units = 0;
    int characters = 0;
    for (const char32_t c : decode_utf8(text)) {
      // Counted alone the character has its own encoding, so the whole text's is asked for through a neighbour.
      std::string one;
      append_utf8(one, c);
      const bool ucs2 = whole.encoding == SmsEncoding::ucs2;
      units += count_segments(ucs2 ? one + "’" : one).units - (ucs2 ? 1 : 0);
      ++characters;
    }
    RC_ASSERT(whole.units == units);
    RC_ASSERT(whole.characters == characters);
    const int single = whole.encoding == SmsEncoding::gsm7 ? 160 : 70;
    const int part = whole.encoding == SmsEncoding::gsm7 ? 153 : 67;
    const int least = units == 0 ? 0 : units <= single ? 1 : (units + part - 1) / part;
    RC_ASSERT(whole.segments >= least);
    // Each segment loses at most one unit to a pair that was not cut.
    RC_ASSERT(whole.segments <= (units <= single ? least : (units + part - 2) / (part - 1)));
  }));
}
