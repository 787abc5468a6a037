#include "core/rules/retry.h"
#include "tests/delivery/bench.h"

namespace avisloop {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

std::function<Behaviour(const Outgoing&)> always(Treatment treatment, std::optional<Micros> retry_after = {}) {
  return [=](const Outgoing&) { return Behaviour{treatment, retry_after, {}}; };
}

}  // namespace

TEST_CASE("a message that is refused for good is failed with the carrier's reason and never tried again") {
  Bench bench("twilio");
  const Id message = bench.add_due(1);
  bench.world.behave = [](const Outgoing&) { return Behaviour{Treatment::refuse, std::nullopt, "too rude"}; };
  CHECK(bench.run().failed.at("permanent") == 1);
  bench.world.behave = always(Treatment::accept);
  bench.settle({message});
  bench.advance(2 * kDay);
  CHECK_FALSE(must(anything_due(bench.store(), bench.clock.now())));
  CHECK(bench.status(message) == MessageStatus::failed);
  CHECK(must(bench.catalog().attempts_of(bench.org, message)).at(0).error_text == "too rude");
  CHECK(bench.world.requests == 1);
}

TEST_CASE("a number that the carrier calls bad is not used again") {
  Bench bench("twilio");
  const Contact person = bench.add_person(1);
  bench.add_due(person);
  bench.world.behave = always(Treatment::bad_number);
  CHECK(bench.run().failed.at("number_invalid") == 1);
  bench.world.behave = always(Treatment::accept);
  const Id next = bench.add_due(person);
  CHECK(bench.run().skipped.at("bad_address") == 1);
  CHECK(bench.status(next) == MessageStatus::skipped);
}

TEST_CASE(
    "refused for now: tried again with growing pauses, and failed with the reason when the attempts are used up") {
  Bench bench("outbox");
  const Id message = bench.add_due(1);
  bench.world.behave = always(Treatment::refuse_for_now);
  std::int64_t failed = 0;
  for (int hour = 0; hour < 24 * 9 && failed == 0; ++hour) {
    if (must(anything_due(bench.store(), bench.clock.now()))) failed = total(bench.run().failed);
    bench.advance(hours{1});
  }
  CHECK(failed == 1);
  CHECK(bench.status(message) == MessageStatus::failed);
  CHECK(bench.message(message).reason == "attempts_exhausted");
  CHECK(bench.world.requests == kMostAttempts);
}

TEST_CASE("putting a message off never uses up an attempt: hours, limits and a missing network may last for weeks") {
  for (const Treatment treatment : {Treatment::not_sent, Treatment::limit}) {
    Bench bench("twilio");
    const Id message = bench.add_due(1);
    bench.world.behave = always(treatment);
    for (int hour = 0; hour < 24 * 8; ++hour) {
      if (must(anything_due(bench.store(), bench.clock.now()))) CHECK(bench.run().failed.empty());
      bench.advance(hours{1});
    }
    CHECK(bench.world.requests > kMostAttempts);
    CHECK(bench.status(message) == MessageStatus::scheduled);
    CHECK(bench.ask("select attempts_used from queue").at(0) == "0");
    bench.world.behave = always(Treatment::accept);
    bench.settle({message});
    CHECK(bench.world.copies_of(message) == 1);
  }
}

TEST_CASE("Retry-After is obeyed") {
  for (const Treatment treatment : {Treatment::refuse_for_now, Treatment::limit}) {
    Bench bench("twilio");
    const Id message = bench.add_due(1);
    bench.world.behave = always(treatment, hours{3});
    bench.run();
    CHECK(bench.message(message).due_at >= bench.clock.now() + hours{3} - seconds{1});
    CHECK(bench.message(message).due_at <= bench.clock.now() + hours{3});
  }
}

TEST_CASE("a 429 ends this lane's sending for the run, and only this lane's") {
  Bench bench("twilio");
  bench.add_org(OrgId{8}, "anns");
  for (int person = 1; person <= 20; ++person)
    bench.add_due(person);
  for (int person = 101; person <= 103; ++person)
    bench.add_due_in(OrgId{8}, Bench::phone_of(person));
  bench.world.behave = [](const Outgoing& message) {
    return Behaviour{message.org_key == "joes" ? Treatment::limit : Treatment::accept, std::nullopt, {}};
  };
  const Instant begun = bench.clock.now();
  const RunReport report = bench.run(in_flight(2));
  CHECK(report.sent == 3);
  CHECK(bench.world.requests <= 3 + 2);
  CHECK(bench.clock.now() - begun < seconds{5});  // nothing is gained by waiting for a lane that is blocked
  CHECK(report.due() == report.sent + total(report.deferred));
}

TEST_CASE("five doubts in a row open the breaker: the rest of the lane waits for the next run") {
  Bench bench("twilio");
  std::vector<Id> messages;
  for (int person = 1; person <= 30; ++person)
    messages.push_back(bench.add_due(person));
  bench.world.behave = always(Treatment::lose_request);
  const RunReport report = bench.run(in_flight(1));
  CHECK(report.in_doubt == 5);
  CHECK(report.alarms.size() == 1);
  CHECK(bench.world.requests == 5);
  bench.world.behave = always(Treatment::accept);
  bench.advance(minutes{1});
  bench.settle(messages);
  for (const Id& message : messages)
    CHECK(bench.world.copies_of(message) == 1);
}

TEST_CASE("an account that the carrier refuses pauses the channel: its messages wait, resuming it sends them") {
  Bench bench("twilio");
  std::vector<Id> messages;
  for (int person = 1; person <= 20; ++person)
    messages.push_back(bench.add_due(person));
  bench.world.behave = always(Treatment::stop_account);
  const RunReport report = bench.run(in_flight(2));
  CHECK(report.alarms.size() == 1);
  CHECK(report.sent == 0);
  CHECK(report.failed.empty());
  CHECK(bench.world.requests <= 2);
  bench.world.behave = always(Treatment::accept);
  bench.advance(hours{1});
  CHECK_FALSE(must(anything_due(bench.store(), bench.clock.now())));
  for (const Id& message : messages)
    CHECK(bench.status(message) == MessageStatus::scheduled);
  CHECK(must(bench.delivery().resume_lane(bench.org, Channel::sms, bench.clock.now())));
  CHECK(bench.run().sent == 20);
}

TEST_CASE("a stopped account is told and pauses the channel although a limit had blocked the lane before") {
  Bench bench("twilio");
  bench.add_due(1);
  bench.add_due(2);
  bool first = true;
  bench.world.behave = [&](const Outgoing&) {
    const Treatment treatment = first ? Treatment::limit : Treatment::stop_account;
    first = false;
    return Behaviour{treatment, std::nullopt, {}};
  };
  CHECK(bench.run(in_flight(2)).alarms.size() == 1);
  CHECK(bench.ask("select 1 from lanes where paused_at is not null").size() == 1);
}

TEST_CASE("a misconfigured business does not stop the others") {
  Bench bench("twilio");
  bench.add_org(OrgId{8}, "anns");
  bench.add_due(1);
  bench.add_due_in(OrgId{8}, Bench::phone_of(2));
  const std::unique_ptr<Store> store = bench.open_again();
  DeliveryParts parts = bench.parts(*store);
  const auto whole = parts.make_provider;
  bench.settings.orgs["joes"] = bench.settings.base;
  bench.settings.orgs["joes"].twilio.from = "broken";
  parts.make_provider = [&](Channel by, const OrgSettings& settings) -> Result<std::unique_ptr<Provider>> {
    if (settings.twilio.from == "broken") return fail(Fault::config, "twilio.account_sid is missing");
    return whole(by, settings);
  };
  const RunReport report = must(run_due(parts, {}));
  CHECK(report.sent == 1);
  CHECK(report.alarms.size() == 1);
  const Result<RunReport> alone = run_due(parts, {});
  REQUIRE_FALSE(alone.has_value());
  CHECK(alone.error().fault == Fault::config);
}

}  // namespace avisloop
