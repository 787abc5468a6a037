#include <ostream>

#include "core/base/text.h"
#include "tests/support/property.h"

#include <doctest/doctest.h>

using namespace avisloop;

TEST_CASE("white space at both ends is taken off") {
  CHECK(trim("  a b\t\r\n") == "a b");
  CHECK(trim(" \t").empty());
  CHECK(trim("").empty());
  CHECK(trim("a") == "a");
}

TEST_CASE("case is folded for ASCII alone") {
  CHECK(lower_ascii("ÄBC-z") == "Äbc-z");
  CHECK(equals_ignoring_case("sToP", "StOp"));
  CHECK(!equals_ignoring_case("stop", "stop "));
  CHECK(contains_ignoring_case("Please STOP now", "stop"));
  CHECK(contains_ignoring_case("abc", ""));
  CHECK(!contains_ignoring_case("", "a"));
}

TEST_CASE("splitting keeps empty parts, joining puts them back") {
  CHECK(split("", ',').size() == 1);
  CHECK(split("a,,b,", ',') == std::vector<std::string_view>{"a", "", "b", ""});
  CHECK(join(std::vector<std::string>{"a", "b"}, ", ") == "a, b");
  CHECK(join(std::vector<std::string>{}, ", ").empty());
}

TEST_CASE("UTF-8 is judged strictly") {
  for (const char* text : {"", "abc", "é", "€", "\U0001f6d1", "\xf4\x8f\xbf\xbf"})
    CHECK(is_utf8(text));
  for (const char* text : {"\x80", "\xc0\x80", "\xc1\xbf", "\xc3", "\xe2\x82", "\xe0\x80\x80", "\xed\xa0\x80",
                           "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "a\xc3z"}) {
    CHECK(!is_utf8(text));
  }
}

TEST_CASE("code points survive being encoded and decoded") {
  CHECK(property_holds("append_utf8 and decode_utf8 are inverse", 500, [] {
    const auto point = static_cast<char32_t>(*rc::gen::inRange(0, 0x110000));
    RC_PRE(point < 0xd800 || point > 0xdfff);
    std::string text;
    append_utf8(text, point);
    RC_ASSERT(is_utf8(text));
    RC_ASSERT((decode_utf8(text) == std::u32string(1, point)));
  }));
}

TEST_CASE("a byte that begins no code point is decoded as the replacement character") {
  CHECK((decode_utf8("a\xff\x62") == U"a\ufffdb"));
  CHECK((decode_utf8("\xe2\x82") == U"\ufffd\ufffd"));
}

TEST_CASE("control characters are found and made harmless") {
  CHECK(has_control_characters("a\nb"));
  CHECK(!has_control_characters("a\nb", "\n"));
  CHECK(has_control_characters("a\x7f"));
  CHECK(has_control_characters("a\u0085"));
  CHECK(has_control_characters("a\u0085", "\n\t"));
  CHECK(!has_control_characters("é€"));
  CHECK(has_control_characters(std::string_view("a\0b", 3)));
  CHECK(printable("a\x1b[31mb\nc") == "a?[31mb?c");
}

TEST_CASE("the nearest word is found, and none if nothing is near") {
  const std::vector<std::string> words{"contact", "campaign", "template"};
  CHECK(nearest("contcat", words) == "contact");
  CHECK(nearest("campain", words) == "campaign");
  CHECK(!nearest("zebra-crossing", words));
  CHECK(!nearest("x", std::vector<std::string>{}));
}

TEST_CASE("bytes survive hexadecimal") {
  CHECK(to_hex(std::vector<std::uint8_t>{0, 171, 255}) == "00abff");
  CHECK(from_hex("00ABff") == std::vector<std::uint8_t>{0, 171, 255});
  CHECK(!from_hex("0"));
  CHECK(!from_hex("0g"));
  CHECK(from_hex("").value().empty());
}

TEST_CASE("percent encoding leaves only the unreserved characters") {
  CHECK(percent_encode("aZ09-._~") == "aZ09-._~");
  CHECK(percent_encode("+1 5&b=é") == "%2B1%205%26b%3D%C3%A9");
}
