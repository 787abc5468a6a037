#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "cli/app.h"
#include "core/base/id.h"
#include "core/base/instant.h"
#include "core/base/result.h"

namespace avisloop {

/// A value of a record: nothing, a switch, a number, text, a list of texts, or a nested record.
class Record;
using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string, std::vector<std::string>,
                           std::vector<Record>>;

/// An ordered list of named values: one JSON object, one row of a table, or one line of CSV.
class Record {
 public:
  Record& set(std::string key, Value value);
  Record& set(std::string key, const std::string& value) { return set(std::move(key), Value{value}); }
  Record& set(std::string key, std::string_view value) { return set(std::move(key), Value{std::string(value)}); }
  Record& set(std::string key, const char* value) { return set(std::move(key), Value{std::string(value)}); }
  Record& set(std::string key, std::vector<std::string> value) { return set(std::move(key), Value{std::move(value)}); }
  Record& set(std::string key, std::vector<Record> value) { return set(std::move(key), Value{std::move(value)}); }
  Record& set(std::string key, double value) { return set(std::move(key), Value{value}); }
  Record& set(std::string key, Instant value) { return set(std::move(key), Value{format_instant(value)}); }
  Record& set(std::string key, std::optional<Instant> value) {
    return value ? set(std::move(key), *value) : set(std::move(key), Value{});
  }
  Record& set(std::string key, const Id& value) { return set(std::move(key), Value{to_string(value)}); }
  Record& set(std::string key, std::integral auto value) {
    if constexpr (std::is_same_v<decltype(value), bool>) {
      return set(std::move(key), Value{value});
    } else {
      return set(std::move(key), Value{static_cast<std::int64_t>(value)});
    }
  }

  /// A record inside this one: an object in JSON (a list of records is an array).
  Record& nest(std::string key, Record value);

  const std::vector<std::pair<std::string, Value>>& fields() const { return fields_; }
  const Value* find(std::string_view key) const;
  bool is_nested(std::string_view key) const;

 private:
  std::vector<std::pair<std::string, Value>> fields_;
  std::vector<std::string> nested_;  ///< keys that `nest` set
};

/// One line of JSON. Bytes that are not UTF-8 become U+FFFD; characters that a terminal would obey are escaped.
std::string to_json(const Record& record);

/// Prints a list in the format that was asked for: a table with a heading, a JSON array, JSON lines, or CSV. In a table
/// an empty list prints nothing.
void print_records(App& app, const std::vector<Record>& records);

/// Prints one thing: `key  value` lines, or one JSON object.
void print_record(App& app, const Record& record);

/// Prints the result of a change: one sentence for people (to standard error unless `-q`), one object for programs.
/// With `--dry-run` both say so.
void print_done(App& app, std::string_view sentence, const Record& record);

/// Prints one more JSON line at once, whatever the format: for batches.
void print_json_line(App& app, const Record& record);

/// A line for people on standard error, unless `-q`: notes, warnings, plans.
void print_note(App& app, std::string_view line);

/// `avisloop: error: …` and the remedy on standard error; with JSON formats one object instead.
void print_error(App& app, const Error& error);

/// Asks before a destructive act. Nothing when `--yes` or `--dry-run` is given or the answer is yes; fault `usage` when
/// standard input is not a terminal, `interrupted` when the answer is not yes.
Result<> confirm(App& app, std::string_view question);

enum class Paint { bold, red, yellow, green };

/// The text in a colour, if that stream is a terminal and neither NO_COLOR nor --no-color forbids it.
std::string painted_out(App& app, Paint paint, std::string_view text);
std::string painted_err(App& app, Paint paint, std::string_view text);

/// How many columns of a terminal the text takes.
std::size_t display_width(std::string_view utf8);

/// `1 message`, `3 messages`.
std::string counted(std::int64_t count, std::string_view singular, std::string_view plural);

/// Local time of a zone for people: `Tue 24 Nov 2026 09:00 CST`; UTC when the zone is not known.
std::string local_text(std::string_view zone, Instant at);

}  // namespace avisloop
