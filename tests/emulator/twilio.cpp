#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "core/base/text.h"
#include "core/providers/mail_dates.h"
#include "tests/emulator/world.h"

namespace avisloop::emulator {
namespace {

constexpr std::string_view kRoot = "/2010-04-01/Accounts/";
constexpr Micros kDeliveryTime = std::chrono::seconds{2};

/// Every field that a create may have; others are ignored by Twilio, and so a mistake.
constexpr std::array<std::string_view, 16> kCreateFields{
    "To",           "From",     "MessagingServiceSid", "Body",        "StatusCallback",   "ValidityPeriod",
    "SmartEncoded", "SendAs",   "ScheduleType",        "SendAt",      "ContentRetention", "AddressRetention",
    "MediaUrl",     "MaxPrice", "ProvideFeedback",     "FallbackFrom"};

bool is_sid(std::string_view text, std::string_view prefix) {
  return text.size() == 34 && text.starts_with(prefix) &&
         text.find_first_not_of("0123456789abcdefABCDEF", 2) == std::string_view::npos;
}

bool is_e164(std::string_view text) {
  return text.size() >= 8 && text.size() <= 16 && text[0] == '+' &&
         text.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

int segments_of(std::string_view body) {
  return body.size() <= 160 ? 1 : static_cast<int>((body.size() + 152) / 153);
}

/// The fixed behaviour of numbers for tests, and what a create with this To and From is refused with.
std::string_view magic_code(std::string_view to, std::string_view from) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> by_to{{{"+15005550001", "21211"},
                                                                                {"+15005550002", "21612"},
                                                                                {"+15005550003", "21408"},
                                                                                {"+15005550004", "21610"},
                                                                                {"+15005550009", "21614"}}};
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> by_from{
      {{"+15005550001", "21212"}, {"+15005550007", "21606"}, {"+15005550008", "21611"}}};
  for (const auto& [number, code] : by_to) {
    if (number == to) return code;
  }
  for (const auto& [number, code] : by_from) {
    if (number == from) return code;
  }
  return {};
}

std::string_view status_of(const World& world, const Text& text, bool first) {
  if (text.canceled) return "canceled";
  if (!first && world.clock->now() >= text.created + kDeliveryTime) return "delivered";
  return text.service.empty() ? "queued" : "accepted";
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  append_json(out, name);
  out += ':';
  if (value.data() == nullptr) {
    out += "null";
  } else {
    append_json(out, value);
  }
  out += ',';
}

void append_text(std::string& out, const World& world, const Text& text, bool first) {
  constexpr std::string_view null;
  const std::string_view status = status_of(world, text, first);
  const bool delivered = status == "delivered";
  const std::string created = format_mail_date(text.created);
  const std::string uri = fmt::format("{}{}/Messages/{}.json", kRoot, text.account, text.sid);
  out += '{';
  append_field(out, "sid", text.sid);
  append_field(out, "account_sid", text.account);
  append_field(out, "api_version", "2010-04-01");
  append_field(out, "status", status);
  append_field(out, "direction", "outbound-api");
  append_field(out, "to", text.to);
  append_field(out, "from", text.from.empty() && !delivered ? null : text.from.empty() ? "+15005550006" : text.from);
  append_field(out, "messaging_service_sid", text.service.empty() ? null : text.service);
  append_field(out, "body", text.body);
  append_field(out, "num_segments",
               text.service.empty() || delivered ? fmt::format("{}", segments_of(text.body)) : "0");
  append_field(out, "num_media", "0");
  append_field(out, "price", null);
  append_field(out, "price_unit", "USD");
  append_field(out, "error_message", null);
  append_field(out, "date_created", created);
  append_field(out, "date_updated", created);
  append_field(out, "date_sent", delivered ? std::string_view(created) : null);
  append_field(out, "uri", uri);
  out += fmt::format(R"("error_code":null,"subresource_uris":{{"media":"{}/Media.json"}}}})",
                     uri.substr(0, uri.size() - 5));
}

/// The account's SID in the path, empty when it has another shape.
std::string_view account_of(const Call& call) {
  if (!call.path.starts_with(kRoot)) return {};
  const std::string_view rest = call.path.substr(kRoot.size());
  const std::string_view account = rest.substr(0, rest.find_first_of("/."));
  return is_sid(account, "AC") ? account : std::string_view{};
}

/// Notes what is wrong with the form of any call; false when the real API would not let it in.
bool check_call(World& world, const Call& call) {
  if (!call.path.ends_with(".json")) world.violate("twilio", "the path does not end in .json");
  if (call.header("user-agent").empty()) world.violate("twilio", "no User-Agent");
  if (!call.header("expect").empty()) world.violate("twilio", "an Expect header");
  if (account_of(call).empty()) world.violate("twilio", fmt::format("no account SID in the path {}", call.path));
  if (!call.header("authorization").starts_with("Basic ")) {
    world.violate("twilio", "no Basic authorization");
    return false;
  }
  return !account_of(call).empty();
}

void check_create(World& world, const Call& call, const Fields& form) {
  for (std::size_t i = 0; i < form.size(); ++i) {
    const auto& [name, value] = form[i];
    if (std::find(kCreateFields.begin(), kCreateFields.end(), name) == kCreateFields.end()) {
      world.violate("twilio", fmt::format("unknown field {}", name));
    }
    for (std::size_t k = 0; k < i; ++k) {
      if (form[k].first == name) world.violate("twilio", fmt::format("field {} twice", name));
    }
    if (value.empty()) world.violate("twilio", fmt::format("field {} is empty", name));
    if (!is_utf8(value)) world.violate("twilio", fmt::format("field {} is not UTF-8", name));
    if ((name == "To" || name == "From") && !is_e164(value)) {
      world.violate("twilio", fmt::format("{} is not E.164 (a + that was not encoded?): '{}'", name, value));
    }
    if (name == "MessagingServiceSid" && !is_sid(value, "MG")) world.violate("twilio", "bad MessagingServiceSid");
    if (name == "StatusCallback" && !value.starts_with("http")) world.violate("twilio", "bad StatusCallback");
    if (name == "ValidityPeriod") {
      int seconds = 0;
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
      const bool whole = error == std::errc{} && end == value.data() + value.size();
      if (!whole || seconds < 1 || seconds > 36'000) world.violate("twilio", "bad ValidityPeriod " + value);
    }
  }
  if (!call.query.empty()) world.violate("twilio", "a create with a query");
  if (!call.header("content-type").starts_with("application/x-www-form-urlencoded")) {
    world.violate("twilio", "a create that is no form");
  }
  if ((find_field(form, "From") != nullptr) == (find_field(form, "MessagingServiceSid") != nullptr)) {
    world.violate("twilio", "not exactly one of From and MessagingServiceSid");
  }
}

/// The code that refuses a create, empty = it is accepted.
std::string_view refusal(const Fields& form) {
  const auto text = [&](std::string_view name) -> std::string_view {
    const std::string* value = find_field(form, name);
    return value == nullptr ? std::string_view{} : std::string_view(*value);
  };
  if (text("To").empty()) return "21604";
  if (text("From").empty() && text("MessagingServiceSid").empty()) return "21603";
  if (text("Body").empty()) return "21602";
  if (!is_e164(text("To"))) return "21211";
  constexpr std::size_t most_characters = 1600;
  if (text("Body").size() > most_characters && decode_utf8(text("Body")).size() > most_characters) return "21617";
  return magic_code(text("To"), text("From"));
}

Reply create(World& world, const Call& call) {
  const Fields form = decode_form(call.body);
  check_create(world, call, form);
  if (const std::string_view code = refusal(form); !code.empty()) {
    if (code.starts_with("216") && code != "21610" && code != "21612" && code != "21614" && code != "21606" &&
        code != "21611") {
      world.violate("twilio", fmt::format("a create that is refused with {}", code));
    }
    return twilio_error(400, code, "refused");
  }
  const auto text = [&](std::string_view name) {
    const std::string* value = find_field(form, name);
    return value == nullptr ? std::string{} : *value;
  };
  const std::size_t number = world.texts.size();
  Text& message = world.texts.emplace_back();
  message.sid = fmt::format("SM{:032x}", number + 1);
  message.account = account_of(call);
  message.to = text("To");
  message.from = text("From");
  message.service = text("MessagingServiceSid");
  message.body = text("Body");
  message.callback = text("StatusCallback");
  message.validity = text("ValidityPeriod");
  message.created = world.clock->now();
  world.texts_by_to[message.to].push_back(number);
  world.text_by_sid.emplace(message.sid, number);
  Reply reply;
  reply.status = 201;
  reply.body.reserve(1024);
  append_text(reply.body, world, message, true);
  return reply;
}

struct ListQuery {
  std::string to;
  std::string from;
  std::string day, since, until;  ///< DateSent, DateSent>, DateSent<: days of GMT
  std::size_t page_size = 50;
  std::size_t before = SIZE_MAX;  ///< the page begins below this number
  std::size_t page = 0;
};

/// Filters that do not exist are ignored, as Twilio does.
ListQuery read_query(const Fields& fields) {
  ListQuery query;
  const auto number = [](std::string_view text, std::size_t fallback) {
    std::size_t value = fallback;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
  };
  for (const auto& [name, value] : fields) {
    if (name == "To") query.to = value;
    if (name == "From") query.from = value;
    if (name == "DateSent") query.day = value.substr(0, 10);
    if (name == "DateSent>") query.since = value.substr(0, 10);
    if (name == "DateSent<") query.until = value.substr(0, 10);
    if (name == "PageSize") query.page_size = number(value, 50);
    if (name == "Page") query.page = number(value, 0);
    if (name == "PageToken" && value.starts_with("PA"))
      query.before = number(std::string_view(value).substr(2), SIZE_MAX);
  }
  return query;
}

bool is_listed(const World& world, const ListQuery& query, std::size_t number) {
  const Text& text = world.texts[number];
  if (number >= query.before || (world.shown_texts && number >= *world.shown_texts)) return false;
  const Instant now = world.clock->now();
  if (world.lag > Micros{0} && text.created > now - world.lag) return false;
  if ((!query.to.empty() && text.to != query.to) || (!query.from.empty() && text.from != query.from)) return false;
  if (query.day.empty() && query.since.empty() && query.until.empty()) return true;
  if (status_of(world, text, false) != "delivered") return false;
  const std::string day = format_instant(text.created).substr(0, 10);
  return (query.day.empty() || day == query.day) && (query.since.empty() || day >= query.since) &&
         (query.until.empty() || day <= query.until);
}

Reply list(World& world, const Call& call) {
  const Fields fields = decode_form(call.query);
  const ListQuery query = read_query(fields);
  if (!call.body.empty()) world.violate("twilio", "a list with a body");
  if (query.page_size < 1 || query.page_size > 1000) return twilio_error(400, "20001", "bad PageSize");
  if (!query.to.empty() && !is_e164(query.to)) world.violate("twilio", "a list whose To is not E.164: " + query.to);
  std::vector<std::size_t> found;  // newest first, one more than a page
  const auto consider = [&](std::size_t number) {
    if (found.size() <= query.page_size && is_listed(world, query, number)) found.push_back(number);
  };
  if (query.to.empty()) {
    for (std::size_t i = world.texts.size(); i-- > 0;)
      consider(i);
  } else if (const auto known = world.texts_by_to.find(query.to); known != world.texts_by_to.end()) {
    for (auto i = known->second.rbegin(); i != known->second.rend(); ++i)
      consider(*i);
  }
  const bool more = found.size() > query.page_size;
  if (more) found.pop_back();
  Reply reply;
  reply.body = "{\"messages\":[";
  for (const std::size_t number : found) {
    if (reply.body.back() != '[') reply.body += ',';
    append_text(reply.body, world, world.texts[number], false);
  }
  const std::string uri = fmt::format("{}?{}", call.path, call.query);
  std::string next = "null";
  if (more) {
    std::string carried;
    for (const auto& [name, value] : fields) {
      if (name != "Page" && name != "PageToken")
        carried += fmt::format("{}={}&", percent_encode(name), percent_encode(value));
    }
    next = json_text(fmt::format("{}?{}Page={}&PageToken=PA{}", call.path, carried, query.page + 1, found.back()));
  }
  reply.body += fmt::format(
      R"(],"page":{},"page_size":{},"start":{},"end":{},"uri":{},"first_page_uri":{},"previous_page_uri":null,"next_page_uri":{}}})",
      query.page, query.page_size, query.page * query.page_size,
      query.page * query.page_size + std::max<std::size_t>(found.size(), 1) - 1, json_text(uri), json_text(uri), next);
  return reply;
}

Text* find_text(World& world, const Call& call) {
  const auto slash = call.path.rfind('/') + 1;
  const auto known = world.text_by_sid.find(std::string(call.path.substr(slash, call.path.rfind('.') - slash)));
  return known == world.text_by_sid.end() ? nullptr : &world.texts[known->second];
}

Reply fetch_or_update(World& world, const Call& call, bool update) {
  Text* text = find_text(world, call);
  if (text == nullptr) return twilio_error(404, "20404", "not found");
  for (const auto& [name, value] : update ? decode_form(call.body) : Fields{}) {
    if (name == "Body" && value.empty()) {
      text->body.clear();
    } else if (name == "Status" && value == "canceled") {
      if (status_of(world, *text, false) == "delivered") return twilio_error(400, "30409", "too late to cancel");
      text->canceled = true;
    } else {
      world.violate("twilio", fmt::format("an update with {}={}", name, value));
    }
  }
  Reply reply;
  append_text(reply.body, world, *text, false);
  return reply;
}

}  // namespace

Reply twilio_error(int status, std::string_view code, std::string_view message) {
  Reply reply;
  reply.status = status;
  reply.body =
      fmt::format(R"({{"code":{},"message":{},"more_info":"https://www.twilio.com/docs/errors/{}","status":{}}})", code,
                  json_text(message), code, status);
  return reply;
}

Reply answer_twilio(World& world, std::string_view operation, const Call& call) {
  if (!check_call(world, call)) return twilio_error(401, "20003", "Authenticate");
  if (operation == "create") return create(world, call);
  if (operation == "list") return list(world, call);
  if (operation == "fetch" || operation == "update") return fetch_or_update(world, call, operation == "update");
  if (operation == "account") {
    Reply reply;
    reply.body =
        fmt::format(R"({{"sid":"{}","status":"active","friendly_name":"emulated","type":"Full"}})", account_of(call));
    return reply;
  }
  world.violate("twilio", fmt::format("no such call: {} {}", call.method, call.path));
  return twilio_error(404, "20404", "not found");
}

}  // namespace avisloop::emulator
