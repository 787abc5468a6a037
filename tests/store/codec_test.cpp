#include "core/store/codec.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <ostream>

using namespace avisloop;

namespace {

Outgoing full_payload() {
  Outgoing out;
  out.message = *parse_id("0192f7a0-1111-7222-8333-444455556666");
  out.attempt = 3;
  out.channel = Channel::email;
  out.to = "ann@example.com";
  out.to_name = "Ann \"Bo\" O'Neil";
  out.from = "Joe's <joe@example.com>";
  out.reply_to = "office@example.com";
  out.subject = "Grüße \\ 👋";
  out.text = "line\r\n\ttab\x01 end";
  out.html = "<p>&amp;</p>";
  out.unsubscribe = "mailto:stop@example.com";
  out.org_key = "joes";
  out.idempotency_key = "k-1";
  out.started_at = from_micros(1764000000123456);
  out.not_after = from_micros(1764003600000000);
  out.window_end = Instant::max();
  return out;
}

}  // namespace

TEST_CASE("A payload is read back as it was written, whatever is in its texts") {
  const Outgoing out = full_payload();
  const Outgoing back = decode_payload(encode_payload(out)).value();
  CHECK(back.message == out.message);
  CHECK(back.attempt == out.attempt);
  CHECK(back.channel == out.channel);
  CHECK(back.to == out.to);
  CHECK(back.to_name == out.to_name);
  CHECK(back.from == out.from);
  CHECK(back.reply_to == out.reply_to);
  CHECK(back.subject == out.subject);
  CHECK(back.text == out.text);
  CHECK(back.html == out.html);
  CHECK(back.unsubscribe == out.unsubscribe);
  CHECK(back.org_key == out.org_key);
  CHECK(back.idempotency_key == out.idempotency_key);
  CHECK(back.started_at == out.started_at);
  CHECK(back.not_after == out.not_after);
  CHECK(back.window_end == Instant::max());
  CHECK(encode_payload(back) == encode_payload(out));
}

TEST_CASE("The hand-written encoder agrees with the JSON library") {
  for (const std::string& text : {std::string("plain"), std::string("q\"b\\s/\b\f\n\r\t\x1f\x7f"), std::string("é€👋"),
                                  std::string("a\0b", 3), std::string()}) {
    std::string json;
    append_json_text(json, text);
    CHECK(nlohmann::json::parse(json).get<std::string>() == text);
  }
}

TEST_CASE("Bytes that are not UTF-8 are replaced and never throw") {
  for (const std::string_view text : {"caf\xe9", "\xff\xfe", "ok \xc3", "\xed\xa0\x80"}) {
    std::string json;
    append_json_text(json, text);
    CHECK(nlohmann::json::parse(json).get<std::string>().find("\xEF\xBF\xBD") != std::string::npos);
  }
  Outgoing out = full_payload();
  out.text = "caf\xe9";
  CHECK(decode_payload(encode_payload(out)).value().text == "caf\xEF\xBF\xBD");
}

TEST_CASE("Lists, maps and enum lists are read back") {
  const std::vector<std::string> tags{"vip", "needs \"care\"", ""};
  CHECK(encode_list(tags) == R"(["vip","needs \"care\"",""])");
  CHECK(decode_list(encode_list(tags)).value() == tags);
  CHECK(decode_list("[]").value().empty());
  const std::map<std::string, std::string> custom{{"b", "2"}, {"a", "x\ny"}};
  CHECK(encode_map(custom) == R"({"a":"x\ny","b":"2"})");
  CHECK(decode_map(encode_map(custom)).value() == custom);
  CHECK(encode_map({}) == "{}");
  const std::vector<ServiceCategory> services{ServiceCategory::hvac, ServiceCategory::plumbing};
  CHECK(encode_words(services) == R"(["hvac","plumbing"])");
  CHECK(decode_words<ServiceCategory>(encode_words(services)).value() == services);
}

TEST_CASE("Damaged columns are told as distrust, not thrown") {
  CHECK(decode_list("[1]").error().fault == Fault::distrust);
  CHECK(decode_list("[\"a\"").error().fault == Fault::distrust);
  CHECK(decode_map("[]x").error().fault == Fault::distrust);
  CHECK(decode_payload("").error().fault == Fault::distrust);
  CHECK(decode_payload("{}").error().fault == Fault::distrust);
  CHECK(decode_payload("[]").error().fault == Fault::distrust);
  CHECK(decode_words<ServiceCategory>("[\"tiling\"]").error().fault == Fault::distrust);
}
