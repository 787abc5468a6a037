#include "core/store/codec.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "core/base/text.h"

namespace avisloop {
namespace {

using Json = nlohmann::json;

bool needs_escape(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

void append_escape(std::string& out, char c) {
  constexpr char digits[] = "0123456789abcdef";
  out += '\\';
  switch (c) {
    case '"':
    case '\\':
      out += c;
      break;
    case '\n':
      out += 'n';
      break;
    case '\r':
      out += 'r';
      break;
    case '\t':
      out += 't';
      break;
    default:
      out += "u00";
      out += digits[static_cast<unsigned char>(c) >> 4];
      out += digits[static_cast<unsigned char>(c) & 15];
  }
}

void append_valid(std::string& out, std::string_view text) {
  std::size_t clean = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!needs_escape(text[i])) continue;
    out.append(text, clean, i - clean);
    append_escape(out, text[i]);
    clean = i + 1;
  }
  out.append(text, clean);
}

/// The fields of one JSON object, appended in the order of the calls.
class ObjectWriter {
 public:
  explicit ObjectWriter(std::string& out) : out_(out) { out_ += '{'; }

  void text(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    key(name);
    append_json_text(out_, value);
  }

  void number(std::string_view name, std::int64_t value) {
    key(name);
    char digits[20];
    const auto end = std::to_chars(std::begin(digits), std::end(digits), value).ptr;
    out_.append(std::begin(digits), end);
  }

  void close() { out_ += '}'; }

 private:
  void key(std::string_view name) {
    if (out_.back() != '{') out_ += ',';
    out_ += '"';
    out_ += name;
    out_ += "\":";
  }

  std::string& out_;
};

tl::unexpected<Error> damaged(std::string_view what, const Json::exception& exception) {
  return fail(Fault::distrust, "the store holds a damaged " + std::string(what) + ": " + exception.what(),
              "restore it from a backup");
}

std::string text_of(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() ? std::string() : found->get<std::string>();
}

}  // namespace

void append_json_text(std::string& out, std::string_view text) {
  out += '"';
  const bool ascii = std::none_of(text.begin(), text.end(), [](char c) { return (c & 0x80) != 0; });
  if (ascii || is_utf8(text)) {
    append_valid(out, text);
  } else {
    std::string repaired;
    for (const char32_t point : decode_utf8(text))
      append_utf8(repaired, point);
    append_valid(out, repaired);
  }
  out += '"';
}

std::string encode_list(std::span<const std::string> items) {
  std::string json = "[";
  for (const std::string& item : items) {
    if (json.size() > 1) json += ',';
    append_json_text(json, item);
  }
  return json += ']';
}

Result<std::vector<std::string>> decode_list(std::string_view json) {
  if (json == "[]") return {};
  try {
    return Json::parse(json).get<std::vector<std::string>>();
  } catch (const Json::exception& exception) {
    return damaged("list", exception);
  }
}

std::string encode_map(const std::map<std::string, std::string>& map) {
  std::string json = "{";
  for (const auto& [name, value] : map) {
    if (json.size() > 1) json += ',';
    append_json_text(json, name);
    json += ':';
    append_json_text(json, value);
  }
  return json += '}';
}

Result<std::map<std::string, std::string>> decode_map(std::string_view json) {
  if (json == "{}") return {};
  try {
    return Json::parse(json).get<std::map<std::string, std::string>>();
  } catch (const Json::exception& exception) {
    return damaged("map", exception);
  }
}

std::string encode_payload(const Outgoing& outgoing) {
  std::string json;
  json.reserve(384 + outgoing.text.size() + outgoing.html.size());
  ObjectWriter object(json);
  object.text("message", to_string(outgoing.message));
  object.number("attempt", outgoing.attempt);
  object.text("channel", to_string(outgoing.channel));
  object.text("to", outgoing.to);
  object.text("to_name", outgoing.to_name);
  object.text("from", outgoing.from);
  object.text("reply_to", outgoing.reply_to);
  object.text("subject", outgoing.subject);
  object.text("text", outgoing.text);
  object.text("html", outgoing.html);
  object.text("unsubscribe", outgoing.unsubscribe);
  object.text("org_key", outgoing.org_key);
  object.text("idempotency_key", outgoing.idempotency_key);
  object.number("started_at", to_micros(outgoing.started_at));
  object.number("not_after", to_micros(outgoing.not_after));
  object.number("window_end", to_micros(outgoing.window_end));
  object.close();
  return json;
}

Result<Outgoing> decode_payload(std::string_view json) {
  try {
    const Json object = Json::parse(json);
    const std::optional<Id> message = parse_id(text_of(object, "message"));
    const std::optional<Channel> channel = parse_enum<Channel>(text_of(object, "channel"));
    if (!message || !channel) {
      return fail(Fault::distrust, "the store holds a damaged payload: message or channel is missing",
                  "restore it from a backup");
    }
    Outgoing outgoing;
    outgoing.message = *message;
    outgoing.attempt = object.at("attempt").get<int>();
    outgoing.channel = *channel;
    outgoing.to = text_of(object, "to");
    outgoing.to_name = text_of(object, "to_name");
    outgoing.from = text_of(object, "from");
    outgoing.reply_to = text_of(object, "reply_to");
    outgoing.subject = text_of(object, "subject");
    outgoing.text = text_of(object, "text");
    outgoing.html = text_of(object, "html");
    outgoing.unsubscribe = text_of(object, "unsubscribe");
    outgoing.org_key = text_of(object, "org_key");
    outgoing.idempotency_key = text_of(object, "idempotency_key");
    outgoing.started_at = from_micros(object.at("started_at").get<std::int64_t>());
    outgoing.not_after = from_micros(object.at("not_after").get<std::int64_t>());
    outgoing.window_end = from_micros(object.at("window_end").get<std::int64_t>());
    return outgoing;
  } catch (const Json::exception& exception) {
    return damaged("payload", exception);
  }
}

}  // namespace avisloop
