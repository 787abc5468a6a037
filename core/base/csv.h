#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace avisloop {

/// Where bytes come from, once and in order.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  /// Fills up to `into.size()` bytes and answers how many; 0 = the end. Fault `data` when reading fails.
  virtual Result<std::size_t> read(std::span<char> into) = 0;
};

/// The stream must outlive the source.
std::unique_ptr<ByteSource> make_stream_source(std::istream& stream);

/// Reads a file, pipe or terminal; does not close the descriptor.
std::unique_ptr<ByteSource> make_descriptor_source(int descriptor);

/// `detect`: by its mark UTF-8 or UTF-16; without one UTF-8, and Windows-1252 for each row that is not UTF-8.
/// `windows_1252` also stands for Latin-1, whose control range nobody means.
enum class CsvEncoding { detect, utf8, windows_1252, utf16 };

/// Reads `utf-8`, `latin-1`, `iso-8859-1`, `windows-1252`, `utf-16`, case free.
std::optional<CsvEncoding> parse_csv_encoding(std::string_view word);

struct CsvOptions {
  CsvEncoding encoding = CsvEncoding::detect;
  char delimiter = '\0';  ///< none = the one of , ; tab | that the first line has most of
};

inline constexpr std::size_t kMostCsvFieldBytes = 64 << 10;
inline constexpr std::size_t kMostCsvRowBytes = 1 << 20;
inline constexpr std::size_t kMostCsvColumns = 4096;

/// One row. Its fields are well-formed UTF-8, without spaces around unquoted ones, and live until the next row is read.
struct CsvRow {
  std::int64_t line = 0;  ///< where the row starts; rows may have line breaks in quotes
  std::vector<std::string_view> fields;
  bool guessed = false;  ///< was not UTF-8 and has been read as Windows-1252
  std::string problem;   ///< why only this row cannot be used (it is not in the encoding asked for)
};

/// Reads CSV as spreadsheets and CRMs write it: quotes, line breaks in quotes, CRLF, CR or LF, marks, encodings, a
/// first line `sep=;`. Empty lines are no rows. Memory does not depend on the input.
class CsvReader {
 public:
  /// The source must outlive the reader.
  CsvReader(ByteSource& source, const CsvOptions& options);
  ~CsvReader();
  CsvReader(const CsvReader&) = delete;
  CsvReader& operator=(const CsvReader&) = delete;

  /// Reads the next row; false = the end. Fault `data`, with the line: a field, row or number of columns beyond the
  /// limits, a NUL byte, a quote that is never closed. After an error there is nothing more to read.
  Result<bool> next(CsvRow& row);

  /// Bytes taken from the source, for progress.
  std::int64_t bytes_read() const;

  /// Known once the first row was read.
  char delimiter() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// `harmless` puts an apostrophe before cells that a spreadsheet would run as a formula (= + - @ tab at the front).
enum class CsvCells { exact, harmless };

/// Appends one line of CSV, quoted where needed, such that `CsvReader` reads the same fields.
void append_csv_row(std::string& out, std::span<const std::string_view> fields, CsvCells cells = CsvCells::exact,
                    char delimiter = ',');
void append_csv_row(std::string& out, std::span<const std::string> fields, CsvCells cells = CsvCells::exact,
                    char delimiter = ',');

}  // namespace avisloop
