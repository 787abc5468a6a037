#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "core/base/text.h"
#include "tests/emulator/world.h"

namespace avisloop::emulator {
namespace {

constexpr Micros kKeyLifetime = std::chrono::hours{24};
constexpr std::size_t kMostInBatch = 100;
constexpr std::array<std::string_view, 14> kEmailFields{"from",     "to",           "subject",     "bcc",     "cc",
                                                        "reply_to", "html",         "text",        "tags",    "headers",
                                                        "topic_id", "scheduled_at", "attachments", "template"};

bool is_address_refused(std::string_view address) {
  return address.ends_with("@example.com") || address.ends_with("@test.com") ||
         address.find('@') == std::string_view::npos;
}

/// Notes what is wrong with the form of any call; an answer when the real API would not let it in.
std::optional<Reply> check_call(World& world, const Call& call) {
  if (call.header("user-agent").empty()) {
    world.violate("resend", "no User-Agent");
    return resend_error(403, "validation_error", "error code: 1010");
  }
  if (!call.header("expect").empty()) world.violate("resend", "an Expect header");
  if (!call.header("authorization").starts_with("Bearer ")) {
    world.violate("resend", "no Bearer authorization");
    return resend_error(401, "missing_api_key", "Missing API Key");
  }
  return std::nullopt;
}

void check_tags(World& world, const nlohmann::json& tags) {
  const auto is_plain = [](const nlohmann::json& value) {
    if (!value.is_string()) return false;
    const auto& text = value.get_ref<const std::string&>();
    return !text.empty() && text.size() <= 256 && std::all_of(text.begin(), text.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
  };
  if (!tags.is_array()) return world.violate("resend", "tags are no list");
  for (const auto& tag : tags) {
    if (!tag.is_object() || tag.size() != 2 || !is_plain(tag.value("name", nlohmann::json())) ||
        !is_plain(tag.value("value", nlohmann::json()))) {
      world.violate("resend", "a tag is not made of plain characters");
    }
  }
}

/// The message that refuses one email, empty = it is fine.
std::string check_email(World& world, const nlohmann::json& item, bool batch) {
  if (!item.is_object()) return "an email is no object";
  for (const auto& [key, value] : item.items()) {
    if (std::find(kEmailFields.begin(), kEmailFields.end(), key) == kEmailFields.end()) {
      world.violate("resend", fmt::format("unknown field {}", key));
    }
    if (key == "tags") check_tags(world, value);
    if (batch && (key == "attachments" || key == "scheduled_at"))
      world.violate("resend", key + " in a batch is dropped");
  }
  for (const char* key : {"from", "to", "subject"}) {
    if (!item.contains(key)) return fmt::format("Missing `{}` field.", key);
  }
  if (!item["from"].is_string() || !item["subject"].is_string()) return "The fields have wrong types.";
  if (!item.contains("html") && !item.contains("text")) return "Missing `html` or `text` field.";
  const auto& to = item["to"];
  for (const auto& address : to.is_array() ? to : nlohmann::json::array({to})) {
    if (!address.is_string()) return "Invalid `to` field.";
    if (is_address_refused(address.get_ref<const std::string&>())) return "Invalid `to` field.";
  }
  return {};
}

std::string accept(World& world, const nlohmann::json& item, std::string_view key) {
  Email email;
  const std::size_t number = world.emails.size();
  email.id = fmt::format("{:08x}-0000-4000-8000-{:012x}", number + 1, number + 1);
  email.from = item["from"];
  const auto& to = item["to"];
  for (const auto& address : to.is_array() ? to : nlohmann::json::array({to}))
    email.to.push_back(address);
  email.subject = item["subject"];
  email.text = item.value("text", "");
  email.html = item.value("html", "");
  email.key = key;
  email.item = item.dump();
  email.created = world.clock->now();
  for (const std::string& address : email.to)
    world.emails_by_to[address].push_back(number);
  world.emails.push_back(std::move(email));
  return world.emails.back().id;
}

Reply send_one(World& world, const nlohmann::json& item, std::string_view key) {
  if (const std::string problem = check_email(world, item, false); !problem.empty()) {
    return resend_error(422, problem.starts_with("Missing") ? "missing_required_field" : "validation_error", problem);
  }
  return {.status = 200, .body = nlohmann::json{{"id", accept(world, item, key)}}.dump()};
}

Reply send_batch(World& world, const nlohmann::json& items, std::string_view key, bool permissive) {
  if (!items.is_array() || items.empty() || items.size() > kMostInBatch) {
    world.violate("resend", "a batch that is no list of 1 to 100");
    return resend_error(422, "validation_error", "a batch has 1 to 100 emails");
  }
  auto data = nlohmann::json::array();
  auto errors = nlohmann::json::array();
  std::vector<std::string> problems;
  for (const auto& item : items)
    problems.push_back(check_email(world, item, true));
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (problems[i].empty()) continue;
    if (!permissive) return resend_error(422, "validation_error", problems[i]);
    errors.push_back({{"index", i}, {"message", problems[i]}});
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (problems[i].empty()) data.push_back({{"id", accept(world, items[i], key)}});
  }
  nlohmann::json body{{"data", std::move(data)}};
  if (permissive) body["errors"] = std::move(errors);
  return {.status = 200, .body = body.dump()};
}

Reply send(World& world, const Call& call, bool batch) {
  if (call.header("content-type") != "application/json") world.violate("resend", "a send that is no JSON");
  const auto json = nlohmann::json::parse(call.body, nullptr, false);
  if (json.is_discarded()) {
    world.violate("resend", "a body that is no JSON");
    return resend_error(400, "validation_error", "the body is no JSON");
  }
  const std::string key(call.header("idempotency-key"));
  if (key.empty() || key.size() > 256) {
    world.violate("resend", "no idempotency key of 1 to 256 characters");
    if (!key.empty()) return resend_error(400, "invalid_idempotency_key", "the key is too long");
  }
  const Instant now = world.clock->now();
  if (const auto kept = world.keys.find(key); kept != world.keys.end() && now < kept->second.at + kKeyLifetime) {
    if (kept->second.path == call.path && kept->second.body == call.body) return kept->second.reply;
    world.violate("resend", "the same key with another payload");
    return resend_error(409, "invalid_idempotent_request", "the key was used with another payload");
  }
  const std::string_view validation = call.header("x-batch-validation");
  if (!validation.empty() && validation != "permissive" && validation != "strict") {
    world.violate("resend", "bad x-batch-validation");
  }
  Reply reply = batch ? send_batch(world, json, key, validation == "permissive") : send_one(world, json, key);
  if (!key.empty() && reply.status == 200) {
    world.keys[key] = {std::string(call.path), std::string(call.body), reply, now};
  }
  return reply;
}

Reply get(World& world, const Call& call) {
  const std::string_view id = call.path.substr(call.path.rfind('/') + 1);
  for (const Email& email : world.emails) {
    if (email.id != id) continue;
    nlohmann::json body{{"object", "email"},  {"id", email.id},           {"to", email.to},
                        {"from", email.from}, {"subject", email.subject}, {"created_at", format_instant(email.created)},
                        {"html", email.html}, {"text", email.text},       {"last_event", "delivered"}};
    return {.status = 200, .body = body.dump()};
  }
  return resend_error(404, "not_found", "no such email");
}

}  // namespace

Reply resend_error(int status, std::string_view name, std::string_view message) {
  Reply reply;
  reply.status = status;
  reply.body =
      fmt::format(R"({{"statusCode":{},"name":{},"message":{}}})", status, json_text(name), json_text(message));
  return reply;
}

Reply answer_resend(World& world, std::string_view operation, const Call& call) {
  if (auto refused = check_call(world, call)) return *std::move(refused);
  if (operation == "send" || operation == "batch") return send(world, call, operation == "batch");
  if (operation == "get") return get(world, call);
  world.violate("resend", fmt::format("no such call: {} {}", call.method, call.path));
  return resend_error(404, "not_found", "not found");
}

}  // namespace avisloop::emulator
