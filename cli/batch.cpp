#include "cli/batch.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/base/text.h"

namespace avisloop {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLongestLine = 1U << 20U;
constexpr int kDeepest = 16;  ///< nesting that any case could need; more is refused before it costs memory

class JsonCase : public BatchCase {
 public:
  explicit JsonCase(const Json& object) : object_(object) {}

  Result<std::optional<std::string>> text(std::string_view field) const override {
    const auto found = object_.find(field);
    if (found == object_.end() || found->is_null()) return std::optional<std::string>();
    if (!found->is_string()) return fail(Fault::data, fmt::format("`{}` is not a text", field));
    const auto& held = found->get_ref<const std::string&>();
    return held.empty() ? std::optional<std::string>() : std::optional<std::string>(held);
  }

  Result<std::vector<std::string>> texts(std::string_view field) const override {
    std::vector<std::string> result;
    const auto found = object_.find(field);
    if (found == object_.end() || found->is_null()) return result;
    if (!found->is_array()) return fail(Fault::data, fmt::format("`{}` is not a list", field));
    for (const Json& item : *found) {
      if (!item.is_string()) return fail(Fault::data, fmt::format("`{}` holds something that is not a text", field));
      result.push_back(item.get<std::string>());
    }
    return result;
  }

 private:
  const Json& object_;
};

/// The id as it came, if it is a text or a whole number.
Value id_of(const Json& object) {
  if (!object.is_object()) return {};
  const auto found = object.find("id");
  if (found == object.end()) return {};
  if (found->is_string()) return found->get<std::string>();
  if (found->is_number_integer()) return found->get<std::int64_t>();
  return {};
}

/// The answer to one line; `failed` is set when it has none.
Record answer_line(const std::string& line, const std::function<Result<Record>(const BatchCase&)>& answer,
                   bool& failed) {
  Record out;
  Result<Record> answered = fail(Fault::data, "this line is not a JSON object");
  if (line.size() > kLongestLine) {
    answered = fail(Fault::data, fmt::format("this line is longer than {} bytes", kLongestLine));
    out.set("id", Value{});
  } else {
    bool deep = false;
    const auto watch = [&deep](int depth, Json::parse_event_t, Json&) {
      deep = deep || depth > kDeepest;
      return depth <= kDeepest;
    };
    const Json object = Json::parse(line, watch, false);
    out.set("id", id_of(object));
    if (object.is_object() && !deep) answered = answer(JsonCase(object));
  }
  if (!answered) {
    failed = true;
    out.set("error", answered.error().message);
    return out;
  }
  for (const auto& [key, value] : answered->fields())
    out.set(key, value);
  return out;
}

}  // namespace

Result<ExitCode> run_batch(App& app, const std::string& file,
                           const std::function<Result<Record>(const BatchCase&)>& answer) {
  std::ifstream opened;
  if (file != "-") {
    opened.open(file, std::ios::binary);
    if (!opened) {
      return fail(Fault::data, fmt::format("{} cannot be read: {}", printable(file), std::strerror(errno)));
    }
  }
  std::istream& in = file == "-" ? app.terminal().in() : opened;
  bool failed = false;
  std::string line;
  while (std::getline(in, line)) {
    if (trim(line).empty()) continue;
    print_json_line(app, answer_line(line, answer, failed));
  }
  if (in.bad()) return fail(Fault::data, fmt::format("{} cannot be read to its end", printable(file)));
  return failed ? ExitCode::some_failed : ExitCode::done;
}

}  // namespace avisloop
