#include "tests/emulator/world.h"

#include <fmt/format.h>

namespace avisloop::emulator {

void World::violate(std::string_view provider, std::string_view what) {
  constexpr std::size_t most = 1000;
  if (violations.size() < most) violations.push_back(fmt::format("{}: {}", provider, what));
}

void World::forget() {
  faults.clear();
  texts.clear();
  texts_by_to.clear();
  text_by_sid.clear();
  emails.clear();
  emails_by_to.clear();
  keys.clear();
  violations.clear();
  requests.clear();
  request_count = 0;
  lag = Micros{0};
  shown_texts.reset();
}

Route route_of(const Call& call) {
  const bool get = call.method == "GET";
  const bool post = call.method == "POST";
  if (call.path.starts_with("/2010-04-01/")) {
    const auto messages = call.path.find("/Messages");
    if (messages == std::string_view::npos) return {"twilio", get ? "account" : ""};
    const bool one = call.path.find('/', messages + 1) != std::string_view::npos;
    if (get) return {"twilio", one ? "fetch" : "list"};
    if (post) return {"twilio", one ? "update" : "create"};
    return {"twilio", ""};
  }
  if (call.path == "/emails" && post) return {"resend", "send"};
  if (call.path == "/emails/batch" && post) return {"resend", "batch"};
  if (call.path.starts_with("/emails/") && get) return {"resend", "get"};
  return {"", ""};
}

}  // namespace avisloop::emulator
