#include <ostream>
#include <sstream>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "core/base/csv.h"
#include "core/base/text.h"

using namespace avisloop;

namespace {

using Rows = std::vector<std::vector<std::string>>;

struct Read {
  Rows rows;
  std::vector<std::int64_t> lines;
  std::string error;
  int guessed = 0;
  std::vector<std::string> problems;
  char delimiter = '\0';
  std::int64_t bytes = 0;
};

/// Gives out `text` in pieces of `size` bytes.
class Pieces : public ByteSource {
 public:
  Pieces(std::string_view text, std::size_t size) : text_(text), size_(size) {}
  Result<std::size_t> read(std::span<char> into) override {
    const std::size_t count = std::min({size_, into.size(), text_.size()});
    text_.copy(into.data(), count);
    text_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view text_;
  std::size_t size_;
};

Read read_from(ByteSource& source, const CsvOptions& options = {}) {
  Read read;
  CsvReader reader(source, options);
  CsvRow row;
  for (;;) {
    const auto more = reader.next(row);
    if (!more) {
      CHECK(more.error().fault == Fault::data);
      read.error = more.error().message;
      const auto after = reader.next(row);
      CHECK((after && !*after));
      break;
    }
    if (!*more) break;
    read.rows.emplace_back(row.fields.begin(), row.fields.end());
    read.lines.push_back(row.line);
    if (row.guessed) ++read.guessed;
    if (!row.problem.empty()) read.problems.push_back(row.problem);
  }
  read.delimiter = reader.delimiter();
  read.bytes = reader.bytes_read();
  return read;
}

/// Reads in one piece, and checks that cutting the input anywhere changes nothing.
Read read_text(std::string_view text, const CsvOptions& options = {}) {
  Pieces whole(text, 1 << 20);
  Read read = read_from(whole, options);
  for (const std::size_t size : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}}) {
    Pieces cut(text, size);
    const Read again = read_from(cut, options);
    CHECK(again.rows == read.rows);
    CHECK(again.lines == read.lines);
    CHECK(again.error == read.error);
    CHECK(again.delimiter == read.delimiter);
  }
  return read;
}

std::string utf16(std::u16string_view text, bool big, bool mark) {
  std::string bytes;
  const auto add = [&](char16_t unit) {
    const char high = static_cast<char>(unit >> 8);
    const char low = static_cast<char>(unit & 0xff);
    bytes += big ? high : low;
    bytes += big ? low : high;
  };
  if (mark) add(0xfeff);
  for (const char16_t unit : text)
    add(unit);
  return bytes;
}

}  // namespace

TEST_CASE("CSV is read as spreadsheets write it") {
  struct Case {
    const char* text;
    Rows rows;
    std::vector<std::int64_t> lines;
  };
  const std::vector<Case> cases{
      {"", {}, {}},
      {"\n\r\n\r", {}, {}},
      {"a,b\n1,2\n", {{"a", "b"}, {"1", "2"}}, {1, 2}},
      {"a,b\n1,2", {{"a", "b"}, {"1", "2"}}, {1, 2}},
      {"a,b\r\n1,2\r\n", {{"a", "b"}, {"1", "2"}}, {1, 2}},
      {"a,b\r1,2\r", {{"a", "b"}, {"1", "2"}}, {1, 2}},
      {"a,b\n\n\n1,2\n", {{"a", "b"}, {"1", "2"}}, {1, 4}},
      {"a,b\r\n\r\n1,2\r\n", {{"a", "b"}, {"1", "2"}}, {1, 3}},
      {"a,b\n   \n1,2\n", {{"a", "b"}, {"1", "2"}}, {1, 3}},
      {"a,b\n,\n", {{"a", "b"}, {"", ""}}, {1, 2}},
      {"a,b\n\"x\ny\r\nz\",2\n3,4\n", {{"a", "b"}, {"x\ny\r\nz", "2"}, {"3", "4"}}, {1, 2, 5}},
      {"\"a\"\"b\",\"c,d\"\n", {{"a\"b", "c,d"}}, {1}},
      {"5\" pipe,x\n", {{"5\" pipe", "x"}}, {1}},
      {" a , \"b\" ,\" c \"\n", {{"a", "b", " c "}}, {1}},
      {"a,b,c\n1\n1,2,3,4\n", {{"a", "b", "c"}, {"1"}, {"1", "2", "3", "4"}}, {1, 2, 3}},
      {"\xef\xbb\xbfname,x\nJos\xc3\xa9,1\n", {{"name", "x"}, {"José", "1"}}, {1, 2}},
      {"\"\"\n", {{""}}, {1}},
      {"sep=;\na,x;b\n", {{"a,x", "b"}}, {2}},
      {"sep=,\r\na,b\r\n", {{"a", "b"}}, {2}},
  };
  for (const Case& item : cases) {
    CAPTURE(item.text);
    const Read read = read_text(item.text);
    CHECK(read.error.empty());
    CHECK(read.rows == item.rows);
    CHECK(read.lines == item.lines);
  }
}

TEST_CASE("the delimiter is the one that the first line has most of, or the one that is given") {
  CHECK(read_text("a;b;c\n1,5;2;3\n").delimiter == ';');
  CHECK(read_text("a\tb\n1, 2\t3\n").rows == Rows{{"a", "b"}, {"1, 2", "3"}});
  CHECK(read_text("a|b\n1|2\n").delimiter == '|');
  CHECK(read_text("\"a;b;c\",d\n").delimiter == ',');
  CHECK(read_text("\n\na;b\n").delimiter == ';');
  CHECK(read_text("only\n1\n").delimiter == ',');
  CHECK(read_text("a,b;c;d\n", {CsvEncoding::detect, ','}).rows == Rows{{"a", "b;c;d"}});
}

TEST_CASE("marks and encodings: UTF-8, UTF-16 of both orders, Windows-1252") {
  const Rows wanted{{"name", "note"}, {"José", "“hi” 😀"}};
  const std::u16string text = u"name;note\r\nJosé;“hi” 😀\r\n";
  CHECK(read_text(utf16(text, false, true)).rows == wanted);
  CHECK(read_text(utf16(text, true, true)).rows == wanted);
  CHECK(read_text(utf16(text, false, false), {CsvEncoding::utf16, '\0'}).rows == wanted);
  CHECK(read_text(utf16(text, true, false), {CsvEncoding::utf16, '\0'}).rows == wanted);
  CHECK(read_text(utf16(u"a\xd800", false, true)).rows == Rows{{"a�"}});

  const std::string windows = "name,note\nJos\xe9,\x93hi\x94 \x80\n";
  const Rows guessed{{"name", "note"}, {"José", "“hi” €"}};
  CHECK(read_text(windows).rows == guessed);
  CHECK(read_text(windows).guessed == 1);
  CHECK(read_text(windows, {CsvEncoding::windows_1252, '\0'}).rows == guessed);
  CHECK(read_text("Jos\xc3\xa9,x\n", {CsvEncoding::windows_1252, '\0'}).rows == Rows{{"JosÃ©", "x"}});
  const Read refused = read_text(windows, {CsvEncoding::utf8, '\0'});
  CHECK(refused.problems == std::vector<std::string>{"is not UTF-8"});
  CHECK(refused.rows.size() == 2);
  for (const auto& field : refused.rows[1])
    CHECK(is_utf8(field));
  // Two halves of a character in two fields are not a character.
  CHECK(read_text("\xc3,\xa9\n").guessed == 1);

  CHECK(parse_csv_encoding("UTF-8") == CsvEncoding::utf8);
  CHECK(parse_csv_encoding("latin-1") == CsvEncoding::windows_1252);
  CHECK_FALSE(parse_csv_encoding("ebcdic").has_value());
}

TEST_CASE("what cannot be read is refused with its line") {
  CHECK(read_text(std::string_view("a,b\n1,\0\n", 8)).error ==
        "line 2: has a NUL byte: this is a binary file, or UTF-16 without a mark");
  CHECK(read_text(std::string_view("a,b\n1,\0\n", 8)).rows == Rows{{"a", "b"}});
  CHECK(read_text("a,b\n1,2\n3,\"4\n5,6\n").error == "line 3: a quote is opened in this row and never closed");
  CHECK(read_text("a,b\n1,2\n3,\"4\n5,6\n").rows.size() == 2);

  std::string wide = "a";
  for (int i = 1; i < 10000; ++i)
    wide += ",a";
  Pieces wide_source(wide, 4096);
  CHECK(read_from(wide_source).error == "line 1: more than 4096 columns");

  const std::string field_at_limit(kMostCsvFieldBytes, 'x');
  CHECK(read_text("a,b\n1," + field_at_limit + "\n").rows[1][1].size() == kMostCsvFieldBytes);
  CHECK(read_text("a,b\n1," + field_at_limit + "x\n").error ==
        "line 2: field 2 is longer than 64 KiB; is a quote not closed?");

  std::string row = "a";
  for (int i = 0; i < 17; ++i)
    row += ',' + field_at_limit;
  Pieces row_source(row, 1 << 16);
  CHECK(read_from(row_source).error == "line 1: the row is longer than 1024 KiB");
}

TEST_CASE("a line of 100 MB is refused after little of it was read") {
  class Endless : public ByteSource {
   public:
    Result<std::size_t> read(std::span<char> into) override {
      std::fill(into.begin(), into.end(), 'x');
      return into.size();
    }
  };
  Endless endless;
  const Read read = read_from(endless);
  CHECK(read.error == "line 1: field 1 is longer than 64 KiB; is a quote not closed?");
  CHECK(read.bytes < (1 << 20));
}

TEST_CASE("a stream and a failing stream are sources") {
  std::istringstream stream("a,b\n1,2\n");
  const auto source = make_stream_source(stream);
  CHECK(read_from(*source).rows == Rows{{"a", "b"}, {"1", "2"}});
  std::istringstream broken("a,b\n");
  broken.setstate(std::ios::badbit);
  const auto bad = make_stream_source(broken);
  CHECK(read_from(*bad).error == "the input cannot be read");
  const auto closed = make_descriptor_source(-1);
  CHECK(read_from(*closed).error == "the input cannot be read: Bad file descriptor");
}

TEST_CASE("cells that a spreadsheet would run are made harmless only when asked") {
  const std::vector<std::string> cells{"=1+1", "+1", "-2", "@x", "\tz", "plain", "a=b"};
  std::string exact;
  append_csv_row(exact, cells);
  CHECK(exact == "=1+1,+1,-2,@x,\"\tz\",plain,a=b\n");
  std::string harmless;
  append_csv_row(harmless, cells, CsvCells::harmless);
  CHECK(harmless == "'=1+1,'+1,'-2,'@x,\"'\tz\",plain,a=b\n");
}

TEST_CASE("what is written is read again, whatever the fields, the delimiter and the cuts") {
  const auto field = rc::gen::container<std::string>(
      rc::gen::element('a', 'b', ',', ';', '"', '\n', '\r', ' ', '\t', '\'', '=', '|', '0'));
  const auto rows = rc::gen::container<Rows>(rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(field)));
  CHECK(rc::check([&] {
    const Rows wanted = *rows;
    const char delimiter = *rc::gen::element(',', ';', '\t', '|');
    std::string text;
    for (const auto& row : wanted)
      append_csv_row(text, row, CsvCells::exact, delimiter);
    Pieces source(text, static_cast<std::size_t>(*rc::gen::inRange(1, 40)));
    const Read read = read_from(source, {CsvEncoding::detect, delimiter});
    RC_ASSERT(read.error.empty());
    RC_ASSERT(read.rows == wanted);
  }));
}

TEST_CASE("no bytes whatsoever break the reader, and fields are always UTF-8") {
  CHECK(rc::check([] {
    const auto bytes = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
    Pieces source(bytes, static_cast<std::size_t>(*rc::gen::inRange(1, 9)));
    const Read read = read_from(source);
    for (const auto& row : read.rows) {
      for (const auto& field : row)
        RC_ASSERT(is_utf8(field));
    }
  }));
}
