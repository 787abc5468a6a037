#include "core/rules/phone.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>

#include "core/base/text.h"
#include "core/rules/data_table.h"

namespace avisloop {
namespace {

constexpr std::size_t kMostDigits = 15;  // ITU-T E.164, 6.2.1

struct AreaRow {
  AreaCode code;
  bool premium = false;
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// The number that three digits stand for, 1000 when they are none.
std::size_t area_index(std::string_view digits) {
  if (digits.size() != 3 || !is_digit(digits[0]) || !is_digit(digits[1]) || !is_digit(digits[2])) return 1000;
  const int number = (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0');
  return static_cast<std::size_t>(number);
}

using AreaTable = std::array<std::unique_ptr<const AreaRow>, 1000>;

AreaTable read_area_table() {
  AreaTable table;
  for (const auto& row : read_data_table("area_codes.csv", 4)) {
    const std::size_t index = area_index(row[0]);
    if (index >= table.size()) throw std::logic_error(fmt::format("area_codes.csv: {} is no area code", row[0]));
    table[index] =
        std::make_unique<const AreaRow>(AreaRow{{list_cell(row[1]), list_cell(row[2])}, row[3] == "premium"});
  }
  return table;
}

const AreaRow* find_area_row(std::string_view three_digits) {
  static const AreaTable table = read_area_table();
  const std::size_t index = area_index(three_digits);
  return index < table.size() ? table[index].get() : nullptr;
}

/// What a raw number consists of, before any rule of a numbering plan.
struct Scan {
  std::array<char, kMostDigits> digits{};
  std::size_t count = 0;  ///< also counts the digits that do not fit
  bool plus = false;
  std::string problem;  ///< empty = only digits and what people write between them

  std::string_view text() const { return {digits.data(), std::min(count, digits.size())}; }
};

/// The length of a dash, space or mark outside ASCII that stands at the front of `text`; 0 when it is something else.
std::size_t separator_length(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned>(static_cast<unsigned char>(text[i])) : 0U;
  };
  const unsigned first = byte(0);
  const unsigned second = byte(1);
  const unsigned third = byte(2);
  if (first == 0xc2 && (second == 0xa0 || second == 0xad)) return 2;                // no-break space, soft hyphen
  if (first == 0xe2 && second == 0x80 && third >= 0x80 && third <= 0x95) return 3;  // U+2000 to U+2015: spaces, dashes
  if (first == 0xe2 && second == 0x80 && third >= 0xaa && third <= 0xaf) return 3;  // direction marks, narrow space
  if (first == 0xe2 && second == 0x81 && third >= 0x9f && third <= 0xa9) return 3;  // math space, joiner, isolates
  if (first == 0xe2 && second == 0x88 && third == 0x92) return 3;                   // minus sign
  if (first == 0xe3 && second == 0x80 && third == 0x80) return 3;                   // ideographic space
  if (first == 0xef && second == 0xb9 && (third == 0x98 || third == 0xa3)) return 3;  // small dashes
  if (first == 0xef && second == 0xbc && third == 0x8d) return 3;                     // full-width hyphen
  if (first == 0xef && second == 0xbb && third == 0xbf) return 3;                     // byte order mark
  return 0;
}

bool starts_extension(std::string_view rest) {
  if (rest.front() == ';') rest.remove_prefix(1);  // RFC 3966: `;ext=`
  const std::string word = lower_ascii(rest.substr(0, 3));
  return word.starts_with('x') || word.starts_with('#') || word == "ext";
}

/// Why the character at the front of `rest` cannot stand in a number.
std::string problem_at(std::string_view rest, std::size_t digits_before) {
  if (digits_before >= 7 && starts_extension(rest)) return "has an extension, which a text cannot reach";
  if (rest.front() == '+') return "has a + in the middle";
  if ((rest.front() >= 'a' && rest.front() <= 'z') || (rest.front() >= 'A' && rest.front() <= 'Z')) {
    return "has letters";
  }
  const std::u32string points = decode_utf8(rest.substr(0, 4));
  std::string shown;
  append_utf8(shown, points.front());
  return fmt::format("has the character `{}` (U+{:04X})", printable(shown), static_cast<unsigned>(points.front()));
}

Scan scan(std::string_view text) {
  Scan result;
  std::size_t at = 0;
  const bool has_scheme = text.size() > 4 && text[3] == ':' && equals_ignoring_case(text.substr(0, 3), "tel");
  if (has_scheme) at = 4;
  while (at < text.size()) {
    const char c = text[at];
    if (is_digit(c)) {
      // `+44 (0)20`: the trunk digit that is dialled only inside the country. The American plan has none.
      const bool bracketed = at > 0 && text[at - 1] == '(' && at + 1 < text.size() && text[at + 1] == ')';
      const bool trunk = c == '0' && bracketed && result.plus && result.count > 0 && result.digits[0] != '1';
      if (!trunk) {
        if (result.count < result.digits.size()) result.digits[result.count] = c;
        ++result.count;
      }
      ++at;
    } else if (c == ' ' || c == '-' || c == '(' || c == ')' || c == '.' || c == '/' || c == '\t') {
      ++at;
    } else if (c == '+' && !result.plus && result.count == 0) {
      result.plus = true;
      ++at;
    } else if (const std::size_t length = separator_length(text.substr(at)); length > 0) {
      at += length;
    } else {
      result.problem = problem_at(text.substr(at), result.count);
      return result;
    }
  }
  return result;
}

/// The number as it came in, fit for one line of an error message.
std::string quoted(std::string_view raw) {
  const std::string shown = printable(raw.substr(0, 40));
  return raw.size() > 40 ? fmt::format("\"{}…\"", shown) : fmt::format("\"{}\"", shown);
}

tl::unexpected<Error> refuse(std::string_view raw, std::string_view problem, std::string remedy = {}) {
  return fail(Fault::data, fmt::format("phone {} {}", quoted(raw), problem), std::move(remedy));
}

/// Why ten digits are no number of the North American plan; empty when they are one.
std::string plan_problem(std::string_view digits, const AreaRow* area) {
  const std::string_view code = digits.substr(0, 3);
  const std::string_view exchange = digits.substr(3, 3);
  if (code[0] < '2') return fmt::format("has an area code that begins with {}: {}", code[0], code);
  if (code.substr(1) == "11") return fmt::format("has a service code as its area code: {}", code);
  if (exchange[0] < '2')
    return fmt::format("has {} after the area code, which cannot begin with {}", exchange, exchange[0]);
  if (exchange.substr(1) == "11") return fmt::format("has a service code after the area code: {}", exchange);
  if (area != nullptr && area->premium) return fmt::format("is a premium number: {}", code);
  return {};
}

PhoneReading reading_of(std::string e164, const AreaRow* area) {
  PhoneReading reading;
  reading.e164 = std::move(e164);
  if (area != nullptr) {
    reading.states = area->code.states;
    reading.zones = area->code.zones;
  }
  return reading;
}

Result<PhoneReading> read_american(std::string_view ten_digits, std::string_view raw) {
  const AreaRow* area = find_area_row(ten_digits.substr(0, 3));
  if (std::string problem = plan_problem(ten_digits, area); !problem.empty()) return refuse(raw, problem);
  std::string e164 = "+1";
  e164 += ten_digits;
  return reading_of(std::move(e164), area);
}

Result<PhoneReading> read_international(const Scan& number, std::string_view raw, const ForeignNumberCheck& foreign) {
  const std::string_view digits = number.text();
  if (number.count > kMostDigits) {
    return refuse(raw, fmt::format("has {} digits: the longest numbers have {}", number.count, kMostDigits));
  }
  if (digits[0] == '1') {
    if (number.count != 11) return refuse(raw, fmt::format("has {} digits: +1 is followed by 10", number.count));
    return read_american(digits.substr(1), raw);
  }
  if (digits[0] == '0') return refuse(raw, "has a 0 after the +: no country code begins with it");
  if (number.count < 7) return refuse(raw, fmt::format("is too short: {} digits", number.count));
  std::string e164 = "+";
  e164 += digits;
  if (!foreign) return refuse(raw, "is of another country, which cannot be checked here");
  AVIS_TRY_ASSIGN(const bool possible, foreign(e164));
  if (!possible) return refuse(raw, "has a length that its country does not use");
  return reading_of(std::move(e164), nullptr);
}

Result<PhoneReading> read_national(const Scan& number, std::string_view raw) {
  const std::string_view digits = number.text();
  const std::size_t count = number.count;
  if (count == 10) return read_american(digits, raw);
  if (count == 11 && digits[0] == '1') return read_american(digits.substr(1), raw);
  if (count == 7) return refuse(raw, "has no area code", "write all 10 digits");
  if (count < 10)
    return refuse(raw, fmt::format("is too short: {} digits instead of 10", count), "write all 10 digits");
  if (digits.starts_with("011") || digits.starts_with("00")) {
    return refuse(raw, fmt::format("begins with the dialling prefix {}", digits[1] == '1' ? "011" : "00"),
                  "write + and the country code instead of it");
  }
  if (count > kMostDigits) {
    return refuse(raw, fmt::format("has {} digits: too many for one number", count), "write one number");
  }
  return refuse(raw, fmt::format("has {} digits and no +", count),
                "write 10 digits, or + and the country code for another country");
}

}  // namespace

const AreaCode* find_area_code(std::string_view three_digits) {
  const AreaRow* row = find_area_row(three_digits);
  return row == nullptr ? nullptr : &row->code;
}

Result<PhoneReading> read_phone(std::string_view raw, const ForeignNumberCheck& foreign) {
  const std::string_view text = trim(raw);
  const Scan number = scan(text);
  if (!number.problem.empty()) return refuse(text, number.problem);
  if (number.count == 0) {
    if (text.empty()) return fail(Fault::data, "the phone number is empty");
    return refuse(text, "has no digits");
  }
  return number.plus ? read_international(number, text, foreign) : read_national(number, text);
}

PhoneReading place_of_phone(std::string_view e164) {
  const bool american = e164.size() == 12 && e164.starts_with("+1");
  return reading_of(std::string(e164), american ? find_area_row(e164.substr(2, 3)) : nullptr);
}

}  // namespace avisloop
