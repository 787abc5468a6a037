#include <fmt/format.h>

#include <algorithm>

#include "tests/delivery/bench.h"

namespace avisloop {
namespace {

using std::chrono::seconds;

/// Where in the order of hand-over the last message of this business stands, from 1.
std::size_t last_place_of(const CarrierWorld& world, std::string_view org_key) {
  std::size_t place = 0;
  for (std::size_t i = 0; i < world.handed_over.size(); ++i) {
    if (world.handed_over[i].org_key == org_key) place = i + 1;
  }
  return place;
}

}  // namespace

TEST_CASE("fair: a business with three messages does not wait for one with five thousand") {
  Bench bench("outbox");
  bench.add_org(OrgId{8}, "anns");
  for (int person = 1; person <= 5000; ++person)
    bench.add_due_in(bench.org, Bench::email_of(person));
  bench.advance(seconds{1});
  for (int person = 9001; person <= 9003; ++person)
    bench.add_due_in(OrgId{8}, Bench::email_of(person));
  const RunReport report = bench.run(limited(400));
  CHECK(report.due() == 400);
  CHECK(last_place_of(bench.world, "anns") > 0);
  CHECK(last_place_of(bench.world, "anns") <= 100);
}

TEST_CASE("fair: the three-hundredth business is served although others have backlogs or are not configured") {
  Bench bench("outbox");
  constexpr int kOrgs = 300;
  for (int org = 1; org <= kOrgs; ++org) {
    const OrgId id{1000 + org};
    bench.add_org(id, fmt::format("org{}", org));
    bench.add_due_in(id, Bench::email_of(org));
  }
  const std::unique_ptr<Store> store = bench.open_again();
  DeliveryParts parts = bench.parts(*store);
  for (int org = 1; org < kOrgs; ++org) {
    OrgSettings& settings = bench.settings.orgs[fmt::format("org{}", org)];
    settings = bench.settings.base;
    settings.twilio.from = "broken";
  }
  const auto whole = parts.make_provider;
  parts.make_provider = [&](Channel by, const OrgSettings& settings) -> Result<std::unique_ptr<Provider>> {
    if (settings.twilio.from == "broken") return fail(Fault::config, "twilio.account_sid is missing");
    return whole(by, settings);
  };
  CHECK(must(run_due(parts, {})).sent == 1);
  CHECK(bench.world.copies_to(Bench::email_of(kOrgs)) == 1);
}

TEST_CASE("within a business the urgent go first, then the longest waiting") {
  Bench bench("outbox");
  const Id low = bench.add_due(bench.add_person(1), Priority::low);
  const Id normal = bench.add_due(bench.add_person(2), Priority::normal);
  bench.advance(seconds{1});
  const Id later = bench.add_due(bench.add_person(3), Priority::normal);
  const Id high = bench.add_due(bench.add_person(4), Priority::high);
  const Id urgent = bench.add_due(bench.add_person(5), Priority::urgent);
  CHECK(bench.run(in_flight(1)).sent == 5);
  std::vector<Id> order;
  for (const Outgoing& outgoing : bench.world.handed_over)
    order.push_back(outgoing.message);
  CHECK((order == std::vector<Id>{urgent, high, normal, later, low}));
}

TEST_CASE("--limit takes so many rows, sends them, and counts what is left") {
  for (const std::string_view kind : {"twilio", "resend", "outbox"}) {
    CAPTURE(kind);
    Bench bench(kind);
    for (int person = 1; person <= 12; ++person)
      bench.add_due(person);
    const RunReport report = bench.run(limited(5));
    CHECK(report.sent == 5);
    CHECK(report.due() == 5);
    CHECK(report.left == 7);
    CHECK(bench.run(limited(100)).sent == 7);
  }
}

TEST_CASE("--limit counts what an earlier run left in doubt, too") {
  Bench bench("outbox");
  for (int person = 1; person <= 6; ++person)
    bench.add_due(person);
  bench.world.behave = [](const Outgoing&) { return Behaviour{Treatment::lose_request, std::nullopt, {}}; };
  CHECK(bench.run(limited(3)).in_doubt == 3);
  bench.world.behave = [](const Outgoing&) { return Behaviour{}; };
  bench.advance(std::chrono::minutes{1});
  const RunReport report = bench.run(limited(2));
  CHECK(report.reconciled.not_sent == 3);
  CHECK(report.sent == 2);
}

TEST_CASE("--max-runtime: the run stops taking rows, hands back what it did not reach, and says how many are left") {
  Bench bench("twilio");
  for (int person = 1; person <= 40; ++person)
    bench.add_due(person);
  bench.world.latency = seconds{1};
  RunOptions options = in_flight(4);
  options.max_runtime = seconds{3};
  const RunReport report = bench.run(options);
  CHECK(report.sent > 0);
  CHECK(report.sent < 40);
  CHECK(report.left == 40 - report.sent);
  CHECK(report.due() == report.sent + total(report.deferred));
  CHECK(bench.ask("select 1 from attempts where state = 'started'").empty());
  bench.world.latency = Micros{0};
  CHECK(bench.run().sent == 40 - report.sent);
}

TEST_CASE("SIGTERM: nothing new is taken, what is in flight is finished and recorded, the rest is handed back") {
  for (const std::string_view kind : {"twilio", "resend"}) {
    CAPTURE(kind);
    Bench bench(kind);
    std::vector<Id> messages;
    for (int person = 1; person <= 20; ++person)
      messages.push_back(bench.add_due(person));
    int started = 0;
    bench.world.hook = [&](std::string_view what) {
      if (what == "started" && ++started == 2) bench.stop = true;
    };
    const RunReport report = bench.run(in_flight(8));
    CHECK(report.sent == static_cast<std::int64_t>(bench.world.ledger.size()));
    CHECK(report.sent >= 2);
    CHECK(report.sent < 20);
    CHECK(report.left == 20 - report.sent);
    CHECK(bench.ask("select 1 from attempts where state in ('started', 'in_doubt')").empty());
    CHECK(bench.ask("select 1 from runs where ended_at is null").empty());
    bench.stop = false;
    CHECK(bench.run().sent == 20 - report.sent);
    for (const Id& message : messages)
      CHECK(bench.world.copies_of(message) == 1);
  }
}

TEST_CASE("SIGTERM ends a run that waits for a limit per second") {
  Bench bench("twilio");
  bench.settings.base.limits.sms_per_second = 1;
  for (int person = 1; person <= 5; ++person)
    bench.add_due(person);
  bench.world.hook = [&](std::string_view what) {
    if (what == "polled") bench.stop = true;
  };
  const RunReport report = bench.run();
  CHECK(report.sent == 1);
  CHECK(report.deferred.at("rate_limit") == 4);
}

TEST_CASE("no more requests are under way at once than the run and the carrier allow") {
  Bench bench("twilio");
  bench.world.answers_per_poll = 1;
  for (int person = 1; person <= 30; ++person)
    bench.add_due(person);
  CHECK(bench.run(in_flight(7)).sent == 30);
  CHECK(bench.world.most_in_flight == 7);

  Bench slow("twilio");
  slow.world.carrier.most_in_flight = 3;
  slow.world.answers_per_poll = 1;
  for (int person = 1; person <= 30; ++person)
    slow.add_due(person);
  CHECK(slow.run(in_flight(7)).sent == 30);
  CHECK(slow.world.most_in_flight == 3);
}

TEST_CASE("a business that is made while a run is under way is served by it") {
  Bench bench("outbox");
  bench.add_due(1);
  bool made = false;
  bench.world.hook = [&](std::string_view what) {
    if (what != "started" || made) return;
    made = true;
    bench.add_org(OrgId{8}, "anns");
    bench.add_due_in(OrgId{8}, "ann@example.com");
  };
  CHECK(bench.run().sent == 2);
}

TEST_CASE("run_message sends that message through the same rules and no other") {
  Bench bench("twilio");
  const Id other = bench.add_due(1);
  const Id wanted = bench.add_due(2);
  const std::unique_ptr<Store> store = bench.open_again();
  const RunReport report = must(run_message(bench.parts(*store), bench.org, wanted, {}));
  CHECK(report.sent == 1);
  CHECK(report.due() == 1);
  CHECK(bench.status(wanted) == MessageStatus::sent);
  CHECK(bench.status(other) == MessageStatus::scheduled);
  CHECK(must(run_message(bench.parts(*store), bench.org, wanted, {})).due() == 0);
}

TEST_CASE("P2 never lost: a run goes on with its backlog when one wait settles all that was in flight") {
  Bench bench("outbox");
  bench.world.latency = std::chrono::milliseconds{80};  // longer than results may wait to be recorded
  for (int person = 1; person <= 300; ++person)
    bench.add_due_in(bench.org, Bench::email_of(person));
  bench.advance(seconds{1});
  const RunReport report = bench.run();
  CHECK(report.sent == 300);
  CHECK(report.left == 0);
}

}  // namespace avisloop
