#include "core/base/csv.h"

#include <csv.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <istream>

#include "core/base/text.h"

namespace avisloop {
namespace {

constexpr std::size_t kChunk = 64 << 10;

class StreamSource : public ByteSource {
 public:
  explicit StreamSource(std::istream& stream) : stream_(stream) {}
  Result<std::size_t> read(std::span<char> into) override {
    if (stream_.eof()) return std::size_t{0};
    stream_.read(into.data(), static_cast<std::streamsize>(into.size()));
    if (stream_.bad() || (stream_.fail() && !stream_.eof())) return fail(Fault::data, "the input cannot be read");
    return static_cast<std::size_t>(stream_.gcount());
  }

 private:
  std::istream& stream_;
};

class DescriptorSource : public ByteSource {
 public:
  explicit DescriptorSource(int descriptor) : descriptor_(descriptor) {}
  Result<std::size_t> read(std::span<char> into) override {
    for (;;) {
      const ssize_t got = ::read(descriptor_, into.data(), into.size());
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) return fail(Fault::data, std::string("the input cannot be read: ") + std::strerror(errno));
    }
  }

 private:
  int descriptor_;
};

bool is_ascii(std::string_view text) {
  std::uint64_t seen = 0;
  std::size_t i = 0;
  for (; i + sizeof seen <= text.size(); i += sizeof seen) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + i, sizeof word);
    seen |= word;
  }
  for (; i < text.size(); ++i)
    seen |= static_cast<unsigned char>(text[i]);
  return (seen & 0x8080808080808080U) == 0;
}

/// 0x80 to 0x9f of Windows-1252; the five that it does not define stand for themselves.
constexpr std::array<char32_t, 32> kWindows1252{0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021,
                                                0x2c6,  0x2030, 0x160,  0x2039, 0x152,  0x8d,   0x17d,  0x8f,
                                                0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                                0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178};

void append_windows_1252(std::string& out, std::string_view bytes) {
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    append_utf8(out, byte >= 0x80 && byte < 0xa0 ? kWindows1252[byte - 0x80] : byte);
  }
}

/// UTF-16 to UTF-8 over any cuts of the input.
class Utf16Decoder {
 public:
  void set_big_endian(bool big) { big_ = big; }

  void decode(std::string_view bytes, std::string& out) {
    for (const char c : bytes) {
      const auto byte = static_cast<unsigned char>(c);
      if (!half_) {
        half_ = byte;
        continue;
      }
      const char32_t unit = big_ ? char32_t{*half_} << 8 | byte : char32_t{byte} << 8 | *half_;
      half_.reset();
      take(unit, out);
    }
  }

  void finish(std::string& out) {
    if (half_ || high_ != 0) append_utf8(out, U'�');
    half_.reset();
    high_ = 0;
  }

 private:
  void take(char32_t unit, std::string& out) {
    const bool low = unit >= 0xdc00 && unit <= 0xdfff;
    if (high_ != 0 && low) {
      append_utf8(out, 0x10000 + ((high_ - 0xd800) << 10) + (unit - 0xdc00));
      high_ = 0;
      return;
    }
    if (high_ != 0) append_utf8(out, U'�');
    high_ = unit >= 0xd800 && unit <= 0xdbff ? unit : 0;
    if (high_ == 0) append_utf8(out, low ? U'�' : unit);
  }

  bool big_ = false;
  std::optional<unsigned char> half_;
  char32_t high_ = 0;
};

/// The candidate that stands most often outside quotes in the first line that is not empty.
char sniff_delimiter(std::string_view text) {
  constexpr std::string_view candidates = ",;\t|";
  std::array<int, candidates.size()> counts{};
  bool quoted = false;
  bool any = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if ((c == '\n' || c == '\r') && any) break;
    any = any || (c != '\n' && c != '\r');
    const auto found = candidates.find(c);
    if (found != std::string_view::npos) ++counts[found];
  }
  const auto most = std::max_element(counts.begin(), counts.end());
  return candidates[static_cast<std::size_t>(most - counts.begin())];
}

std::string where(std::int64_t line) {
  return fmt::format("line {}", line);
}

}  // namespace

std::unique_ptr<ByteSource> make_stream_source(std::istream& stream) {
  return std::make_unique<StreamSource>(stream);
}

std::unique_ptr<ByteSource> make_descriptor_source(int descriptor) {
  return std::make_unique<DescriptorSource>(descriptor);
}

std::optional<CsvEncoding> parse_csv_encoding(std::string_view word) {
  const std::string name = lower_ascii(word);
  if (name == "utf-8" || name == "utf8") return CsvEncoding::utf8;
  if (name == "utf-16" || name == "utf16") return CsvEncoding::utf16;
  if (name == "latin-1" || name == "latin1" || name == "iso-8859-1" || name == "windows-1252" || name == "cp1252") {
    return CsvEncoding::windows_1252;
  }
  return std::nullopt;
}

struct CsvReader::Impl {
  Impl(ByteSource& bytes, const CsvOptions& wanted) : source(bytes), options(wanted) {
    csv_init(&parser, CSV_APPEND_NULL);
  }
  ~Impl() { csv_free(&parser); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  ByteSource& source;
  CsvOptions options;
  csv_parser parser{};
  std::int64_t bytes_read = 0;
  bool started = false;
  bool ended = false;     ///< the source has no more
  bool finished = false;  ///< the last row was given out, or an error ended the reading

  std::string raw = std::string(kChunk, '\0');
  std::string text;         ///< what is to be parsed: bytes of an encoding in which quotes and delimiters are ASCII
  std::size_t at = 0;       ///< how much of `text` is parsed
  std::size_t next_lf = 0;  ///< the first line feed at or after `at`, once looked for
  Utf16Decoder utf16;
  bool is_utf16 = false;

  std::int64_t line = 1;
  std::int64_t row_line = 1;
  bool row_open = false;  ///< something of a row was read
  bool row_done = false;
  bool after_cr = false;  ///< the last byte was a carriage return: a line feed belongs to it
  std::string cells;      ///< the row's fields, one after the other
  std::vector<std::size_t> ends;
  std::string recoded;
  std::string problem;

  /// Takes the next chunk from the source to the end of `text`.
  Result<> fill() {
    text.erase(0, at);
    at = 0;
    next_lf = 0;
    AVIS_TRY_ASSIGN(const std::size_t got, source.read(raw));
    bytes_read += static_cast<std::int64_t>(got);
    ended = got == 0;
    const std::string_view chunk(raw.data(), got);
    if (!is_utf16) {
      text.append(chunk);
    } else {
      utf16.decode(chunk, text);
      if (ended) utf16.finish(text);
    }
    return {};
  }

  /// Reads up to the end of the first line, or a chunk of it, to learn encoding and delimiter.
  Result<> start() {
    started = true;
    while (!ended && text.size() < 4)
      AVIS_TRY(fill());
    read_mark();
    while (!ended && text.size() < kChunk && text.find('\n') == std::string::npos)
      AVIS_TRY(fill());
    if (options.delimiter == '\0') {
      const std::string_view rest = std::string_view(text).substr(at);
      const bool says = rest.size() > 5 && rest.substr(0, 4) == "sep=" && (rest[5] == '\r' || rest[5] == '\n');
      options.delimiter = says ? rest[4] : sniff_delimiter(rest);
      if (says) at += 5;
    }
    csv_set_delim(&parser, static_cast<unsigned char>(options.delimiter));
    return {};
  }

  void read_mark() {
    const auto begins = [&](std::string_view mark) { return std::string_view(text).substr(0, mark.size()) == mark; };
    const bool big = begins("\xfe\xff");
    const bool little = begins("\xff\xfe");
    if (options.encoding == CsvEncoding::utf16 || (options.encoding == CsvEncoding::detect && (big || little))) {
      is_utf16 = true;
      utf16.set_big_endian(big || (!little && !text.empty() && text[0] == '\0'));
      const std::string bytes = text.substr(big || little ? 2 : 0);
      text.clear();
      utf16.decode(bytes, text);
      if (ended) utf16.finish(text);
    } else if (begins("\xef\xbb\xbf") && options.encoding != CsvEncoding::windows_1252) {
      at = 3;
    }
  }

  static void on_field(void* data, std::size_t size, void* self) {
    auto& impl = *static_cast<Impl*>(self);
    if (impl.ends.size() >= kMostCsvColumns) {
      impl.problem = fmt::format("more than {} columns", kMostCsvColumns);
      return;
    }
    if (size > kMostCsvFieldBytes || impl.cells.size() + size > kMostCsvRowBytes) return impl.refuse_size(size);
    impl.cells.append(static_cast<const char*>(data), size);
    impl.ends.push_back(impl.cells.size());
  }
  static void on_row(int, void* self) { static_cast<Impl*>(self)->row_done = true; }

  void refuse_size(std::size_t field) {
    if (field > kMostCsvFieldBytes) {
      problem = fmt::format("field {} is longer than {} KiB; is a quote not closed?", ends.size() + 1,
                            kMostCsvFieldBytes >> 10);
    } else {
      problem = fmt::format("the row is longer than {} KiB", kMostCsvRowBytes >> 10);
    }
  }

  /// Hands bytes to the parser. At most a chunk at a time, so that a field is refused before it has grown far.
  Result<> feed(std::string_view piece) {
    if (std::memchr(piece.data(), '\0', piece.size()) != nullptr) {
      return give_up(line, "has a NUL byte: this is a binary file, or UTF-16 without a mark",
                     "export the table as CSV (UTF-8), or name the encoding: --encoding utf-16");
    }
    if (!row_open) row_line = line;
    if (csv_parse(&parser, piece.data(), piece.size(), on_field, on_row, this) != piece.size()) {
      return give_up(row_line, csv_strerror(csv_error(&parser)), {});
    }
    if (problem.empty() &&
        (parser.entry_pos > kMostCsvFieldBytes || cells.size() + parser.entry_pos > kMostCsvRowBytes)) {
      refuse_size(parser.entry_pos);
    }
    if (!problem.empty()) return give_up(row_line, problem, "check the row, its quotes and the delimiter");
    row_open = !row_done && (row_open || !trim(piece).empty());
    return {};
  }

  tl::unexpected<Error> give_up(std::int64_t at_line, std::string_view what, std::string_view remedy) {
    finished = true;
    return fail(Fault::data, where(at_line) + ": " + std::string(what), std::string(remedy));
  }

  /// Parses up to the end of the line that `at` is in, or of the text there is.
  Result<> feed_line() {
    const std::string_view rest = std::string_view(text).substr(at);
    if (next_lf < at || next_lf == 0) {
      const auto found = text.find('\n', at);
      next_lf = found == std::string::npos ? text.size() : found;
    }
    const auto* cr = static_cast<const char*>(std::memchr(rest.data(), '\r', next_lf - at));
    std::size_t size =
        cr != nullptr ? static_cast<std::size_t>(cr - rest.data()) + 1 : std::min(next_lf + 1 - at, rest.size());
    const bool follows_cr = after_cr && rest[0] == '\n';
    if (follows_cr) size = 1;
    AVIS_TRY(feed(rest.substr(0, size)));
    at += size;
    const char last = rest[size - 1];
    after_cr = last == '\r';
    if (last == '\r' || (last == '\n' && !follows_cr)) ++line;
    return {};
  }

  /// The end of the input ends the last row.
  Result<> finish() {
    finished = true;
    // Strict only here: it makes the library tell a field whose quote is never closed.
    csv_set_opts(&parser, CSV_APPEND_NULL | CSV_STRICT | CSV_STRICT_FINI);
    if (csv_fini(&parser, on_field, on_row, this) != 0) {
      return give_up(row_line, "a quote is opened in this row and never closed",
                     "close the quote, or write quotes inside a field twice");
    }
    if (!problem.empty()) return give_up(row_line, problem, {});
    return {};
  }

  void give(CsvRow& row) {
    row.line = row_line;
    row.guessed = false;
    row.problem.clear();
    if (!is_ascii(cells)) recode(row);
    row.fields.clear();
    std::size_t begin = 0;
    for (const std::size_t end : ends) {
      row.fields.push_back(std::string_view(cells).substr(begin, end - begin));
      begin = end;
    }
  }

  void recode(CsvRow& row) {
    const bool as_1252 = options.encoding == CsvEncoding::windows_1252;
    if (!as_1252) {
      // Field by field, since a cut may not fall into a character.
      bool good = true;
      std::size_t begin = 0;
      for (const std::size_t end : ends) {
        good = good && is_utf8(std::string_view(cells).substr(begin, end - begin));
        begin = end;
      }
      if (good) return;
      row.guessed = options.encoding == CsvEncoding::detect && !is_utf16;
      if (!row.guessed) row.problem = "is not UTF-8";
    }
    recoded.clear();
    std::size_t begin = 0;
    for (std::size_t& end : ends) {
      append_windows_1252(recoded, std::string_view(cells).substr(begin, end - begin));
      begin = end;
      end = recoded.size();
    }
    cells.swap(recoded);
  }

  Result<bool> next(CsvRow& row) {
    if (!started) AVIS_TRY(start());
    cells.clear();
    ends.clear();
    row_done = false;
    while (!row_done && !finished) {
      if (at < text.size()) {
        AVIS_TRY(feed_line());
      } else if (!ended) {
        AVIS_TRY(fill());
      } else {
        AVIS_TRY(finish());
      }
    }
    if (!row_done) return false;
    give(row);
    return true;
  }
};

CsvReader::CsvReader(ByteSource& source, const CsvOptions& options) : impl_(std::make_unique<Impl>(source, options)) {}
CsvReader::~CsvReader() = default;

Result<bool> CsvReader::next(CsvRow& row) {
  auto result = impl_->next(row);
  if (!result) impl_->finished = true;
  return result;
}
std::int64_t CsvReader::bytes_read() const {
  return impl_->bytes_read;
}
char CsvReader::delimiter() const {
  return impl_->options.delimiter;
}

void append_csv_row(std::string& out, std::span<const std::string_view> fields, CsvCells cells, char delimiter) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::string_view field = fields[i];
    if (i > 0) out += delimiter;
    const bool formula = cells == CsvCells::harmless && !field.empty() &&
                         std::string_view("=+-@\t\r").find(field.front()) != std::string_view::npos;
    const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
    const bool quote = field.find_first_of("\"\r\n") != std::string_view::npos ||
                       field.find(delimiter) != std::string_view::npos || (field.empty() && fields.size() == 1) ||
                       (!field.empty() && (is_space(field.front()) || is_space(field.back())));
    if (quote) out += '"';
    if (formula) out += '\'';
    for (const char c : field) {
      if (c == '"') out += '"';
      out += c;
    }
    if (quote) out += '"';
  }
  out += '\n';
}

void append_csv_row(std::string& out, std::span<const std::string> fields, CsvCells cells, char delimiter) {
  const std::vector<std::string_view> views(fields.begin(), fields.end());
  append_csv_row(out, std::span<const std::string_view>(views), cells, delimiter);
}

}  // namespace avisloop
