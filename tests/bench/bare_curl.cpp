// The most that libcurl allows: one thread, curl_multi_perform and curl_multi_poll, easy handles used again,
// connections kept alive; no store, no rules, no durable record. What run-due is compared with.
//
// usage: bare_curl URL COUNT IN_FLIGHT
// prints: SECONDS; fails when an answer is not 201
#include <curl/curl.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

std::size_t swallow(char*, std::size_t size, std::size_t count, void*) {
  return size * count;
}

struct Slot {
  CURL* easy = nullptr;
  std::string body;
};

/// A text as run-due sends it: recipient, sender, body, callback, validity.
std::string body_for(int number) {
  char phone[32];
  std::snprintf(phone, sizeof phone, "%%2B1312555%04d", number % 10000);
  return std::string("To=") + phone +
         "&Body=Hi%20Customer%2C%20how%20did%20Brightside%20Plumbing%20do%20with%20your%20job%3F%20https%3A%2F%2Fg.page"
         "%2Fr%2Fbrightside%2Freview%20Reply%20STOP%20to%20opt%20out." +
         "&MessagingServiceSid=MG00000000000000000000000000000000&ValidityPeriod=14400&Reference=" +
         std::to_string(number);
}

void start(CURLM* multi, Slot& slot, int number) {
  slot.body = body_for(number);
  curl_easy_setopt(slot.easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(slot.body.size()));
  curl_easy_setopt(slot.easy, CURLOPT_POSTFIELDS, slot.body.c_str());
  curl_multi_add_handle(multi, slot.easy);
}

}  // namespace

int main(int words, char** arguments) {
  if (words != 4) {
    std::fputs("usage: bare_curl URL COUNT IN_FLIGHT\n", stderr);
    return 2;
  }
  const int count = std::atoi(arguments[2]);
  const int in_flight = std::atoi(arguments[3]);
  curl_global_init(CURL_GLOBAL_DEFAULT);
  CURLM* const multi = curl_multi_init();
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, static_cast<long>(in_flight));
  std::vector<Slot> slots(static_cast<std::size_t>(in_flight));
  const auto began = std::chrono::steady_clock::now();
  int started = 0;
  int done = 0;
  for (Slot& slot : slots) {
    if (started == count) break;
    slot.easy = curl_easy_init();
    curl_easy_setopt(slot.easy, CURLOPT_URL, arguments[1]);
    curl_easy_setopt(slot.easy, CURLOPT_USERPWD, "AC00000000000000000000000000000000:secret");
    curl_easy_setopt(slot.easy, CURLOPT_WRITEFUNCTION, swallow);
    curl_easy_setopt(slot.easy, CURLOPT_PRIVATE, &slot);
    start(multi, slot, started++);
  }
  while (done < count) {
    int running = 0;
    curl_multi_perform(multi, &running);
    int left = 0;
    while (const CURLMsg* const message = curl_multi_info_read(multi, &left)) {
      Slot* slot = nullptr;
      long status = 0;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &slot);
      curl_easy_getinfo(message->easy_handle, CURLINFO_RESPONSE_CODE, &status);
      if (message->data.result != CURLE_OK || status != 201) {
        std::fprintf(stderr, "bare_curl: %s, status %ld\n", curl_easy_strerror(message->data.result), status);
        return 1;
      }
      ++done;
      curl_multi_remove_handle(multi, slot->easy);
      if (started < count) start(multi, *slot, started++);
    }
    if (done < count) curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
  }
  std::printf("%.3f\n", std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
  return 0;
}
