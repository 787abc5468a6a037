#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace avisloop::emulator {

/// One request as it was received; views into the connection's buffer.
struct Call {
  std::string_view method;
  std::string_view path;
  std::string_view query;
  std::vector<std::pair<std::string_view, std::string_view>> headers;
  std::string_view body;
  bool kept_alive = false;  ///< the connection has served a request before

  /// Empty when there is none; the name in any case.
  std::string_view header(std::string_view name) const;
};

struct Reply {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::string headers{};  ///< whole lines, each with its line end
};

using Fields = std::vector<std::pair<std::string, std::string>>;

/// Decodes `application/x-www-form-urlencoded`: `+` is a blank.
Fields decode_form(std::string_view text);
const std::string* find_field(const Fields& fields, std::string_view name);

/// Adds a JSON string with its quotes.
void append_json(std::string& out, std::string_view text);
std::string json_text(std::string_view text);

/// Reads the head of a request that lies whole in `head` (with its empty line). False when it is none.
bool read_head(std::string_view head, Call& call, std::size_t& content_length);

}  // namespace avisloop::emulator
