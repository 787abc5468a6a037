#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/emulator/world.h"

namespace avisloop::emulator {
namespace {

using nlohmann::json;

Reply with(const json& body, int status = 200) {
  return {.status = status, .body = body.dump(-1, ' ', false, json::error_handler_t::replace)};
}

json ledger(const World& world) {
  json twilio = json::object();
  for (const auto& [to, numbers] : world.texts_by_to) {
    json& entry = twilio[to];
    entry["count"] = numbers.size();
    for (const std::size_t number : numbers) {
      const Text& text = world.texts[number];
      entry["messages"].push_back({{"id", text.sid},
                                   {"body", text.body},
                                   {"from", text.from},
                                   {"service", text.service},
                                   {"callback", text.callback},
                                   {"validity", text.validity},
                                   {"at", format_instant(text.created)}});
    }
  }
  json resend = json::object();
  for (const auto& [to, numbers] : world.emails_by_to) {
    json& entry = resend[to];
    entry["count"] = numbers.size();
    for (const std::size_t number : numbers) {
      const Email& email = world.emails[number];
      entry["messages"].push_back({{"id", email.id},
                                   {"subject", email.subject},
                                   {"from", email.from},
                                   {"key", email.key},
                                   {"item", json::parse(email.item, nullptr, false)},
                                   {"at", format_instant(email.created)}});
    }
  }
  return {{"twilio", std::move(twilio)}, {"resend", std::move(resend)}};
}

template <class Index>
json summary(std::size_t accepted, const Index& by_recipient) {
  std::size_t most = 0;
  for (const auto& [to, numbers] : by_recipient)
    most = std::max(most, numbers.size());
  return {{"accepted", accepted}, {"recipients", by_recipient.size()}, {"most_per_recipient", most}};
}

json requests(const World& world) {
  json list = json::array();
  for (const std::string& raw : world.requests) {
    Call call;
    std::size_t length = 0;
    const auto head = raw.find("\r\n\r\n") + 4;
    if (!read_head(std::string_view(raw).substr(0, head), call, length)) continue;
    json headers = json::object();
    for (const auto& [name, value] : call.headers)
      headers[std::string(name)] = value;
    json form = json::object();
    const std::string body = raw.substr(head);
    if (call.header("content-type").starts_with("application/x-www-form-urlencoded")) {
      for (const auto& [name, value] : decode_form(body))
        form[name] = value;
    }
    list.push_back({{"method", call.method},
                    {"path", call.path},
                    {"query", call.query},
                    {"headers", std::move(headers)},
                    {"body", body},
                    {"form", std::move(form)}});
  }
  return list;
}

Reply set_lag(World& world, const json& wish) {
  world.lag = std::chrono::seconds{wish.value("seconds", 0)};
  world.shown_texts.reset();
  if (wish.value("until_told", false)) world.shown_texts = world.texts.size();
  return with(json::object());
}

Reply set_clock(World& world, const json& wish) {
  Instant at = world.clock->now() + std::chrono::seconds{wish.value("advance_seconds", 0)};
  if (wish.contains("at")) {
    const auto given = parse_instant(wish.value("at", ""));
    if (!given) return with({{"error", "at is no instant"}}, 400);
    at = *given;
  }
  world.clock = make_shifted_clock(at);
  return with({{"now", format_instant(at)}});
}

Reply change(World& world, std::string_view what, const Call& call) {
  if (what == "reset") {
    world.forget();
    return with(json::object());
  }
  if (what == "faults") {
    if (const auto added = world.faults.add(call.body); !added) return with({{"error", added.error().message}}, 400);
    return with(json::object());
  }
  const json wish = json::parse(call.body, nullptr, false);
  if (!wish.is_object()) return with({{"error", "the body is no JSON object"}}, 400);
  if (what == "lag") return set_lag(world, wish);
  if (what == "clock") return set_clock(world, wish);
  return with({{"error", "no such control call"}}, 404);
}

}  // namespace

Reply answer_control(World& world, const Call& call) {
  const std::string_view what = call.path.substr(call.path.rfind('/') + 1);
  if (call.method == "POST") return change(world, what, call);
  if (what == "ledger") return with(ledger(world));
  if (what == "counts") {
    return with({{"twilio", summary(world.texts.size(), world.texts_by_to)},
                 {"resend", summary(world.emails.size(), world.emails_by_to)},
                 {"requests", world.request_count}});
  }
  if (what == "requests") return with(requests(world));
  if (what == "violations") return with(world.violations);
  if (what == "faults") return {.status = 200, .body = world.faults.list()};
  return with({{"error", "no such control call"}}, 404);
}

}  // namespace avisloop::emulator
