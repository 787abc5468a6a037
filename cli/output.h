#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "cli/app.h"

namespace avisloop {

/// A value of a record: nothing, a switch, a number, text, a list of texts, or a nested record.
class Record;
using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string, std::vector<std::string>,
                           std::vector<Record>>;

/// An ordered list of named values: one JSON object, one row of a table, or one line of CSV.
class Record {
 public:
  Record& set(std::string key, Value value);
  Record& set(std::string key, std::string_view value) { return set(std::move(key), Value{std::string(value)}); }
  Record& set(std::string key, const char* value) { return set(std::move(key), Value{std::string(value)}); }
  Record& set(std::string key, int value) { return set(std::move(key), Value{std::int64_t{value}}); }
  Record& nest(std::string key, Record value);

  const std::vector<std::pair<std::string, Value>>& fields() const { return fields_; }

 private:
  std::vector<std::pair<std::string, Value>> fields_;
};

std::string to_json(const Record& record);

/// Prints a list in the format that was asked for: a table with a heading, a JSON array, JSON lines, or CSV. In a table
/// an empty list prints nothing.
void print_records(App& app, const std::vector<Record>& records);

/// Prints one thing: `key  value` lines, or one JSON object.
void print_record(App& app, const Record& record);

/// Prints the result of a change: one sentence for people (to standard error unless `-q`), one object for programs.
void print_done(App& app, std::string_view sentence, const Record& record);

/// Local time of a zone for people: `Tue 24 Nov 2026 09:00 CST`; UTC when the zone is not known.
std::string local_text(std::string_view zone, Instant at);

}  // namespace avisloop
