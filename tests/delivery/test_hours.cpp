#include "core/base/zones.h"
#include "tests/delivery/bench.h"

namespace avisloop {

TEST_CASE("P3 never at night: what is due in the night goes out when the recipient's window opens") {
  Bench bench("twilio");
  bench.set("2026-11-24T08:00:00Z");  // 02:00 in Chicago
  const Id message = bench.add_due(1);
  const RunReport report = bench.run();
  CHECK(report.deferred.at("quiet_hours") == 1);
  CHECK(bench.message(message).due_at == parse_instant("2026-11-24T15:00:00Z"));
  bench.set("2026-11-24T14:59:59Z");
  CHECK_FALSE(must(anything_due(bench.store(), bench.clock.now())));
  bench.set("2026-11-24T15:00:00Z");
  CHECK(bench.run().sent == 1);
}

TEST_CASE("P3 never at night: on the days the clocks change the window opens by the wall clock of that day") {
  struct Case {
    const char* night;
    const char* opens;
  };
  // A Sunday in Texas opens at noon: CST is six hours behind, CDT five.
  for (const Case& each : {Case{"2026-11-01T06:30:00Z", "2026-11-01T18:00:00Z"},  // 01:30 CDT, the clocks go back at 2
                           Case{"2027-03-14T07:30:00Z", "2027-03-14T17:00:00Z"},  // 01:30 CST, they go forward at 2
                           Case{"2026-11-01T03:30:00Z", "2026-11-01T18:00:00Z"},  // the evening before
                           Case{"2027-03-13T09:00:00Z", "2027-03-13T15:00:00Z"}}) {
    CAPTURE(each.night);
    Bench bench("twilio");
    bench.set(each.night);
    const Id message = bench.add_due(1);
    CHECK(bench.run().deferred.at("quiet_hours") == 1);
    CHECK(bench.message(message).due_at == parse_instant(each.opens));
    bench.set(each.opens);
    CHECK(bench.run().sent == 1);
  }
}

TEST_CASE("P3 never at night: a row whose window closes while it waits for the wire is given back unsent") {
  Bench bench("twilio");
  bench.set("2026-11-25T01:49:58Z");  // 19:49:58 in Chicago: the house closes at 20:00, the margin is ten minutes
  std::vector<Id> messages;
  for (int person = 1; person <= 4; ++person)
    messages.push_back(bench.add_due(person));
  bench.world.latency = std::chrono::seconds{3};
  const RunReport report = bench.run(in_flight(2));
  CHECK(report.due() == 4);
  CHECK(report.sent == 2);
  CHECK(report.deferred.at("quiet_hours") == 2);
  CHECK(bench.world.violations.empty());
  for (const Id& message : messages) {
    if (bench.status(message) == MessageStatus::scheduled) {
      CHECK(bench.message(message).due_at == parse_instant("2026-11-25T15:00:00Z"));
    }
  }
  bench.set("2026-11-25T15:00:00Z");
  CHECK(bench.run().sent == 2);
}

TEST_CASE("P3 never at night: a stalled process looks at the clock again before it hands a row over") {
  Bench bench("twilio");
  bench.set("2026-11-25T01:49:50Z");
  bench.add_due(1);
  bench.add_due(2);
  bool stalled = false;
  bench.world.hook = [&](std::string_view what) {
    if (what == "started" && !stalled) {
      stalled = true;
      bench.clock.set(*parse_instant("2026-11-25T01:50:00Z"));  // the wall clock alone: no lease is over
    }
  };
  const RunReport report = bench.run(in_flight(2));
  CHECK(report.sent == 1);
  CHECK(report.deferred.at("quiet_hours") == 1);
  CHECK(bench.world.violations.empty());
}

TEST_CASE("P3 never at night: the carrier is told when the recipient's window ends") {
  Bench bench("twilio");
  bench.add_due(1);
  bench.run();
  REQUIRE(bench.world.handed_over.size() == 1);
  const Outgoing& sent = bench.world.handed_over.front();
  CHECK(sent.window_end == parse_instant("2026-11-25T02:00:00Z"));
  CHECK(sent.not_after == parse_instant("2026-11-25T01:50:00Z"));
}

TEST_CASE("P3 never at night: a text to an unknown place is held until the contact's place is known") {
  Bench bench("twilio");
  const Contact person = bench.add_person(1, [](Contact& contact) {
    contact.phone = "+18005550123";
    contact.state.clear();
    contact.time_zone.clear();
  });
  const Id message = bench.add_due(person);
  CHECK(bench.run().held.at("place") == 1);
  CHECK(bench.status(message) == MessageStatus::pending);
  CHECK_FALSE(must(anything_due(bench.store(), bench.clock.now() + 30 * kDay)));
  Contact known = person;
  known.time_zone = "America/New_York";
  must(bench.catalog().update_contact(bench.org, known, bench.clock.now()));
  CHECK(bench.run().sent == 1);
}

TEST_CASE("P3 never at night: a batch in doubt is not repeated while one of its recipients sleeps") {
  Bench bench("resend");
  bench.set("2026-11-25T01:30:00Z");  // 19:30 in Chicago, 17:30 in Los Angeles
  std::vector<Id> messages;
  messages.push_back(bench.add_due(1));
  messages.push_back(bench.add_due(bench.add_person(2, [](Contact& contact) {
    contact.phone.clear();
    contact.state = "US-CA";
    contact.time_zone = "America/Los_Angeles";
  })));
  bench.world.behave = [](const Outgoing&) { return Behaviour{Treatment::lose_request, std::nullopt, {}}; };
  CHECK(bench.run(in_flight(3)).in_doubt == 2);
  REQUIRE(bench.world.requests == 1);
  bench.world.behave = [](const Outgoing&) { return Behaviour{}; };
  bench.set("2026-11-25T02:30:00Z");  // 20:30 in Chicago, 18:30 in Los Angeles
  bench.run();
  CHECK(bench.world.requests == 1);
  bench.settle(messages);
  for (const Id& message : messages)
    CHECK(bench.world.copies_of(message) == 1);
  for (const CarrierWorld::Got& got : bench.world.ledger)
    CHECK(to_local(*Zone::find("America/Los_Angeles"), got.at).second_of_day >= 9 * 3600);
}

}  // namespace avisloop
