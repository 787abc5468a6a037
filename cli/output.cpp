#include "cli/output.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "cli/exit_codes.h"
#include "cli/table.h"
#include "core/base/text.h"
#include "core/base/zones.h"

namespace avisloop {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Record& record);

Json json_of(const Value& value) {
  return std::visit(
      [](const auto& held) -> Json {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, std::monostate>) {
          return nullptr;
        } else if constexpr (std::is_same_v<Held, std::vector<Record>>) {
          Json list = Json::array();
          for (const Record& record : held)
            list.push_back(json_of(record));
          return list;
        } else {
          return held;
        }
      },
      value);
}

Json json_of(const Record& record) {
  Json object = Json::object();
  for (const auto& [key, value] : record.fields()) {
    const auto* nested = std::get_if<std::vector<Record>>(&value);
    object[key] = nested != nullptr && record.is_nested(key) ? json_of(nested->front()) : json_of(value);
  }
  return object;
}

/// The library leaves DEL and the C1 characters as they are, and a terminal obeys them.
std::string escape_controls(std::string_view json) {
  std::string result;
  result.reserve(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto byte = static_cast<unsigned char>(json[i]);
    const auto next = i + 1 < json.size() ? static_cast<unsigned char>(json[i + 1]) : 0U;
    if (byte == 0x7f) {
      result += "\\u007f";
    } else if (byte == 0xc2 && next >= 0x80 && next < 0xa0) {
      result += fmt::format("\\u{:04x}", next);
      ++i;
    } else {
      result += json[i];
    }
  }
  return result;
}

bool wants_json(const App& app) {
  return app.options.format == OutputFormat::json || app.options.format == OutputFormat::jsonl;
}

/// What a spreadsheet would run as a formula is made text; plain numbers and phone numbers stay as they are.
bool looks_like_formula(std::string_view cell) {
  if (cell.empty() || std::string_view("=+-@\t\r").find(cell.front()) == std::string_view::npos) return false;
  const bool signed_number = (cell.front() == '+' || cell.front() == '-') && cell.size() > 1 &&
                             cell.find_first_not_of("0123456789. ", 1) == std::string_view::npos;
  return !signed_number;
}

std::string csv_cell(const Value& value) {
  std::string cell = cell_text(value);
  if (std::holds_alternative<std::string>(value) && looks_like_formula(cell)) cell.insert(0, 1, '\'');
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (const char c : cell) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

void print_csv(App& app, const std::vector<Record>& records) {
  const std::vector<std::string> keys = columns_of(records);
  std::string text = join(keys, ",") + "\n";
  for (const Record& record : records) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (i > 0) text += ',';
      if (const Value* value = record.find(keys[i])) text += csv_cell(*value);
    }
    text += '\n';
  }
  app.terminal().out(app.terminal().out_is_terminal() ? printable_lines(text) : text);
}

void print_json_list(App& app, const std::vector<Record>& records) {
  std::string text = "[";
  for (std::size_t i = 0; i < records.size(); ++i)
    text += (i == 0 ? "\n" : ",\n") + to_json(records[i]);
  app.terminal().out(text + (records.empty() ? "]\n" : "\n]\n"));
}

std::string painted(App& app, bool is_terminal, Paint paint, std::string_view text) {
  if (!is_terminal || app.options.no_color || !app.environment().get("NO_COLOR").value_or("").empty()) {
    return std::string(text);
  }
  constexpr std::array<std::string_view, 4> codes{"1", "31", "33", "32"};
  return fmt::format("\x1b[{}m{}\x1b[0m", codes[static_cast<std::size_t>(paint)], text);
}

/// A remedy begins with a capital, unless it is a command.
std::string sentence_of(std::string_view remedy) {
  std::string text = printable(remedy);
  if (!text.starts_with("avisloop ") && text[0] >= 'a' && text[0] <= 'z')
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string_view fault_word(Fault fault) {
  switch (fault) {
    case Fault::usage:
      return "usage";
    case Fault::data:
      return "data";
    case Fault::unavailable:
      return "unavailable";
    case Fault::distrust:
      return "distrust";
    case Fault::busy:
      return "busy";
    case Fault::denied:
      return "denied";
    case Fault::config:
      return "config";
    case Fault::interrupted:
      return "interrupted";
    case Fault::bug:
      break;
  }
  return "bug";
}

}  // namespace

Record& Record::set(std::string key, Value value) {
  for (auto& [known, held] : fields_) {
    if (known != key) continue;
    held = std::move(value);
    return *this;
  }
  fields_.emplace_back(std::move(key), std::move(value));
  return *this;
}

Record& Record::nest(std::string key, Record value) {
  nested_.push_back(key);
  return set(std::move(key), Value{std::vector<Record>{std::move(value)}});
}

const Value* Record::find(std::string_view key) const {
  for (const auto& [known, value] : fields_) {
    if (known == key) return &value;
  }
  return nullptr;
}

bool Record::is_nested(std::string_view key) const {
  return std::find(nested_.begin(), nested_.end(), key) != nested_.end();
}

std::string to_json(const Record& record) {
  return escape_controls(json_of(record).dump(-1, ' ', false, Json::error_handler_t::replace));
}

void print_records(App& app, const std::vector<Record>& records) {
  switch (app.options.format) {
    case OutputFormat::json:
      return print_json_list(app, records);
    case OutputFormat::jsonl:
      for (const Record& record : records)
        print_json_line(app, record);
      return;
    case OutputFormat::csv:
      return print_csv(app, records);
    case OutputFormat::table:
      break;
  }
  const int width = app.terminal().out_is_terminal() ? app.terminal().columns() : 0;
  app.terminal().out(format_table(records, static_cast<std::size_t>(width)));
}

void print_record(App& app, const Record& record) {
  if (wants_json(app)) return print_json_line(app, record);
  if (app.options.format == OutputFormat::csv) return print_csv(app, {record});
  app.terminal().out(format_fields(record));
}

void print_done(App& app, std::string_view sentence, const Record& record) {
  Record told = record;
  if (app.options.dry_run) told.set("dry_run", Value{true});
  if (wants_json(app)) return print_json_line(app, told);
  if (app.options.format == OutputFormat::csv) return print_csv(app, {told});
  print_note(app,
             app.options.dry_run ? fmt::format("dry run, nothing was changed: {}", sentence) : std::string(sentence));
}

void print_json_line(App& app, const Record& record) {
  app.terminal().out(to_json(record) + "\n");
}

void print_note(App& app, std::string_view line) {
  if (!app.options.quiet) app.terminal().err(printable_lines(line) + "\n");
}

void print_error(App& app, const Error& error) {
  const int code = static_cast<int>(exit_code_of(error.fault));
  if (wants_json(app)) {
    Record detail;
    detail.set("fault", fault_word(error.fault)).set("message", error.message).set("remedy", error.remedy);
    detail.set("code", code);
    app.terminal().err(to_json(Record().nest("error", std::move(detail))) + "\n");
    return;
  }
  std::string text = "avisloop: " + painted_err(app, Paint::red, "error:") + " " + printable(error.message) + "\n";
  if (!error.remedy.empty()) text += "  " + sentence_of(error.remedy) + "\n";
  app.terminal().err(text);
}

Result<> confirm(App& app, std::string_view question) {
  if (app.options.yes || app.options.dry_run) return {};
  if (!app.terminal().in_is_terminal()) {
    return fail(Fault::usage, fmt::format("nobody can be asked, since standard input is not a terminal: {}", question),
                "Add --yes, or --dry-run to see what would happen.");
  }
  app.terminal().err(fmt::format("{} [y/N] ", printable(question)));
  std::string answer;
  std::getline(app.terminal().in(), answer);
  const std::string_view word = trim(answer);
  if (equals_ignoring_case(word, "y") || equals_ignoring_case(word, "yes")) return {};
  return fail(Fault::interrupted, "not confirmed; nothing was changed");
}

std::string painted_out(App& app, Paint paint, std::string_view text) {
  return painted(app, app.terminal().out_is_terminal(), paint, text);
}

std::string painted_err(App& app, Paint paint, std::string_view text) {
  return painted(app, app.terminal().err_is_terminal(), paint, text);
}

std::string counted(std::int64_t count, std::string_view singular, std::string_view plural) {
  return fmt::format("{} {}", count, count == 1 ? singular : plural);
}

std::string local_text(std::string_view zone, Instant at) {
  constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Zone* known = Zone::find(zone);
  std::string letters = "UTC";
  LocalTime local;
  if (known != nullptr) {
    local = to_local(*known, at);
    letters = known->span_at(at).abbreviation;
  } else {
    const auto day = std::chrono::floor<std::chrono::days>(at);
    local.date = std::chrono::year_month_day{day};
    local.weekday = std::chrono::weekday{day};
    local.second_of_day = static_cast<int>(std::chrono::floor<std::chrono::seconds>(at - day).count());
  }
  return fmt::format("{} {:02} {} {} {:02}:{:02} {}", days[local.weekday.c_encoding()],
                     static_cast<unsigned>(local.date.day()), months[static_cast<unsigned>(local.date.month()) - 1],
                     static_cast<int>(local.date.year()), local.second_of_day / 3600, local.second_of_day / 60 % 60,
                     letters);
}

}  // namespace avisloop
