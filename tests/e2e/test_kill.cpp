#include <signal.h>

#include <fstream>
#include <ostream>

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/e2e/business.h"

namespace avisloop::e2e {
namespace {

using std::chrono::minutes;

constexpr std::size_t kCustomers = 3;
/// When the owner's cron comes by after a crash: every look at a doubt that the protocol knows falls between two.
constexpr minutes kLater[] = {minutes{2}, minutes{12}, minutes{30}, minutes{75}, minutes{140}, minutes{205}};

std::string at_emulator(const Emulator& emulator) {
  return "[sms]\nprovider = \"twilio\"\n[email]\nprovider = \"resend\"\nfrom = \"Acme <hi@acme.test>\"\n[twilio]\n"
         "account_sid = \"AC00000000000000000000000000000001\"\nauth_token = \"t\"\nfrom = \"+13125550000\"\nbase_url "
         "= \"" +
         emulator.url() + "\"\n[resend]\napi_key = \"re_k\"\nbase_url = \"" + emulator.url() + "\"\n";
}

/// How often each recipient got something, by provider.
std::map<std::string, int> received(Emulator& emulator) {
  std::map<std::string, int> counts;
  const nlohmann::json ledger = nlohmann::json::parse(emulator.get("/_emulator/ledger"));
  for (const auto& [provider, recipients] : ledger.items()) {
    for (const auto& [address, entry] : recipients.items())
      counts[address] = entry["count"].get<int>();
  }
  return counts;
}

/// Asks until the provider has heard of `count` requests. Bounded by questions, not by time: a run that ends early must
/// fail the test, not hang it.
void wait_for_requests(Emulator& emulator, int count) {
  constexpr int most_questions = 50'000;
  for (int asked = 0; asked < most_questions; ++asked) {
    if (nlohmann::json::parse(emulator.get("/_emulator/counts"))["requests"].get<int>() >= count) return;
  }
  FAIL("the provider has not heard of enough requests");
}

/// The calls of a whole run that the shim can stop at.
long count_calls(const Business& business, const std::string& shim) {
  const auto folder = business.copy_to("count");
  const auto counted = folder / "calls";
  REQUIRE(business.run(folder, start(), {"run-due"}, {{"LD_PRELOAD", shim}, {"AVISLOOP_COUNT_FILE", counted}}).code ==
          0);
  long calls = 0;
  std::ifstream(counted) >> calls;
  return calls;
}

const std::string kShim = AVISLOOP_BINARY_DIR "/avisloop_kill_shim.so";

}  // namespace

TEST_CASE("P1 never twice, P2 never lost: kill -9 before any call of a run that writes into the outbox") {
  const Business business(kCustomers, "");
  const long calls = count_calls(business, kShim);
  REQUIRE(calls > 20);
  for (long at = 1; at <= calls; ++at) {
    CAPTURE(at);
    const auto folder = business.copy_to("killed");
    CHECK(business.run(folder, start(), {"run-due"}, {{"LD_PRELOAD", kShim}, {"AVISLOOP_KILL_AT", std::to_string(at)}})
              .was_killed);
    for (const minutes later : kLater)
      business.run(folder, start() + later, {"run-due"});
    CHECK(business.statuses(folder, start() + kLater[5]) == std::map<std::string, int>{{"sent", 2 * kCustomers}});
    std::map<std::string, int> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder / "outbox")) {
      ++files[entry.path().extension().string()];
    }
    CHECK(files[".eml"] == kCustomers);
    CHECK(files[".txt"] == kCustomers);
  }
}

TEST_CASE("P1 never twice, P2 never lost: kill -9 before any call of a run that sends by Twilio and Resend") {
  Emulator emulator;
  const Business business(kCustomers, at_emulator(emulator));
  const long calls = count_calls(business, kShim);
  REQUIRE(calls > 20);
  for (long at = 1; at <= calls; ++at) {
    CAPTURE(at);
    emulator.post("/_emulator/reset", "{}");
    emulator.post("/_emulator/clock", R"({"at":")" + format_instant(start()) + "\"}");
    const auto folder = business.copy_to("killed");
    business.run(folder, start(), {"run-due"}, {{"LD_PRELOAD", kShim}, {"AVISLOOP_KILL_AT", std::to_string(at)}});
    for (const minutes later : kLater) {
      emulator.post("/_emulator/clock", R"({"at":")" + format_instant(start() + later) + "\"}");
      business.run(folder, start() + later, {"run-due"});
    }
    CHECK(business.statuses(folder, start() + kLater[5]) == std::map<std::string, int>{{"sent", 2 * kCustomers}});
    const auto counts = received(emulator);
    CHECK(counts.size() == 2 * kCustomers);
    for (const auto& [address, count] : counts) {
      CAPTURE(address);
      CHECK(count == 1);
    }
    CHECK(emulator.get("/_emulator/violations") == "[]");
  }
}

TEST_CASE("P8 many runners are safe: eight runs at once, two of them killed, and everybody got one of each") {
  constexpr std::size_t customers = 60;
  Emulator emulator(20);
  const Business business(customers, at_emulator(emulator));
  {
    std::vector<std::unique_ptr<Process>> runs;
    for (int i = 0; i < 8; ++i) {
      runs.push_back(std::make_unique<Process>(std::vector<std::string>{program(), "run-due", "--max-in-flight", "4"},
                                               business.environment(business.folder(), start()), business.folder()));
    }
    // The first two die once the provider has heard of something.
    wait_for_requests(emulator, 10);
    runs[0]->signal(SIGKILL);
    runs[1]->signal(SIGKILL);
    for (auto& run : runs)
      run->finish();
  }
  for (const minutes later : kLater) {
    emulator.post("/_emulator/clock", R"({"at":")" + format_instant(start() + later) + "\"}");
    business.run(business.folder(), start() + later, {"run-due"});
  }
  CHECK(business.statuses(business.folder(), start() + kLater[5]) ==
        std::map<std::string, int>{{"sent", static_cast<int>(2 * customers)}});
  const auto counts = received(emulator);
  CHECK(counts.size() == 2 * customers);
  for (const auto& [address, count] : counts) {
    CAPTURE(address);
    CHECK(count == 1);
  }
}

TEST_CASE("SIGTERM: what is under way is finished and recorded, the rest waits for the next run, exit 0") {
  constexpr std::size_t customers = 40;
  Emulator emulator(50);
  const Business business(customers, at_emulator(emulator));
  Process run({program(), "run-due", "--json", "--max-in-flight", "2"},
              business.environment(business.folder(), start()), business.folder());
  wait_for_requests(emulator, 6);
  run.signal(SIGTERM);
  const Ran ran = run.finish();
  CHECK(ran.code == 0);
  const auto account = nlohmann::json::parse(ran.out);
  const auto counts = business.statuses(business.folder(), start());
  const auto status = [&](const char* word) { return counts.contains(word) ? counts.at(word) : 0; };
  CHECK(status("sent") == account["sent"].get<int>());
  CHECK(status("sent") > 0);
  CHECK(status("scheduled") > 0);
  CHECK(status("sent") + status("scheduled") == static_cast<int>(2 * customers));
  CHECK(business.run(business.folder(), start() + minutes{2}, {"run-due"}).code == 0);
  CHECK(business.statuses(business.folder(), start() + minutes{2}) ==
        std::map<std::string, int>{{"sent", static_cast<int>(2 * customers)}});
}

}  // namespace avisloop::e2e
