#include "tests/delivery/bench.h"

namespace avisloop {
namespace {

constexpr std::string_view kKinds[] = {"twilio", "resend", "outbox", "smtp"};

}  // namespace

TEST_CASE("P8 many runners are safe: a second run inside any call of the first sends nobody twice") {
  for (const std::string_view kind : kKinds) {
    for (int at = 1; at < 40; ++at) {
      CAPTURE(kind);
      CAPTURE(at);
      Bench bench(kind);
      std::vector<Id> messages;
      for (int person = 1; person <= 6; ++person)
        messages.push_back(bench.add_due(person));
      int calls = 0;
      std::int64_t second = -1;
      bench.world.hook = [&](std::string_view) {
        if (second >= 0 || ++calls != at) return;
        second = 0;  // the calls of the second run do not count
        second = bench.run(in_flight(2)).due();
      };
      const RunReport first = bench.run(in_flight(2));
      bench.world.hook = [](std::string_view) {};
      if (second < 0) break;  // the first run makes fewer calls than that
      CHECK(first.due() + second == 6);
      for (const Id& message : messages) {
        CHECK(bench.world.copies_of(message) == 1);
        CHECK(bench.status(message) == MessageStatus::sent);
      }
    }
  }
}

TEST_CASE("P8 many runners are safe: a run that is stalled past its lease hands nothing over") {
  for (const std::string_view kind : kKinds) {
    CAPTURE(kind);
    Bench bench(kind);
    std::vector<Id> messages;
    for (int person = 1; person <= 3; ++person)
      messages.push_back(bench.add_due(person));
    bool stalled = false;
    bench.world.hook = [&](std::string_view what) {
      if (what != "started" || stalled) return;
      stalled = true;
      bench.advance(std::chrono::minutes{10});  // the rest of the batch waits in this process
      bench.run(in_flight(1));                  // another one settles it meanwhile
    };
    const RunReport first = bench.run(in_flight(3));
    REQUIRE(stalled);
    CHECK(first.due() == 3);
    bench.world.hook = [](std::string_view) {};
    bench.settle(messages);
    for (const Id& message : messages)
      CHECK(bench.world.copies_of(message) <= 1);
    CHECK(bench.world.violations.empty());
  }
}

TEST_CASE("P1 never twice: a run that wakes up while its doubt is being asked about does not give the row back") {
  Bench bench("resend");
  const Id blocker = bench.add_due(1);
  const Id message = bench.add_due(2);
  // The first run hands one request over and is stalled; the second asks about the other message under its key, and
  // while its question is on the wire the first wakes up and finds its lease over.
  bench.world.carrier.batch_size = 1;
  std::unique_ptr<Store> second_store = bench.open_again();
  bool inside = false;
  int started = 0;
  bench.world.hook = [&](std::string_view what) {
    if (what != "started" || ++started != 1) return;
    bench.advance(std::chrono::minutes{10});
    inside = true;
    // Only the doubts are taken and asked about; the answers are not read before the first run goes on.
    const auto doubts =
        must(second_store->delivery().take_doubts(bench.clock.now(), bench.clock.now() + std::chrono::minutes{5}, 64));
    for (const Doubt& doubt : doubts) {
      if (doubt.attempt.message != message) continue;
      const auto provider = bench.world.make_provider();
      const std::vector<Outgoing> batch{doubt.attempt.payload};
      bench.world.carry(std::get<HttpRequest>(*provider->build_lookup(doubt.attempt.payload, batch)));
    }
  };
  bench.run(in_flight(2));
  REQUIRE(inside);
  bench.world.hook = [](std::string_view) {};
  bench.advance(std::chrono::minutes{10});
  bench.settle({blocker, message});
  CHECK(bench.world.copies_of(message) == 1);
  CHECK(bench.world.copies_of(blocker) == 1);
}

TEST_CASE("a late answer with proof is kept although another run has taken the doubt") {
  Bench bench("twilio");
  bench.world.lag = std::chrono::minutes{15};
  const Id message = bench.add_due(1);
  bool late = false;
  bench.world.hook = [&](std::string_view what) {
    if (what != "polled" || late) return;
    late = true;
    bench.advance(std::chrono::minutes{3});
    bench.run();
    CHECK(bench.status(message) == MessageStatus::in_doubt);
  };
  CHECK(bench.run().sent == 1);
  CHECK(bench.status(message) == MessageStatus::sent);
  CHECK(bench.world.copies_of(message) == 1);
}

}  // namespace avisloop
