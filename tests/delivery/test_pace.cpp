#include <algorithm>

#include "core/store/rate.h"
#include "tests/delivery/bench.h"
#include "tests/support/property.h"

namespace avisloop {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// The most deliveries in any stretch of `period`.
std::size_t most_in(const std::vector<CarrierWorld::Got>& ledger, Micros period) {
  std::size_t most = 0;
  for (std::size_t i = 0; i < ledger.size(); ++i) {
    std::size_t count = 0;
    for (std::size_t j = i; j < ledger.size() && ledger[j].at - ledger[i].at < period; ++j)
      ++count;
    most = std::max(most, count);
  }
  return most;
}

}  // namespace

TEST_CASE("a contact gets as many texts in a day as the owner allows, in one batch and over several runs") {
  Bench bench("twilio");
  bench.settings.base.limits.contact_sms_per_day = 2;
  const Contact person = bench.add_person(1);
  std::vector<Id> messages;
  for (int i = 0; i < 3; ++i)
    messages.push_back(bench.add_due(person));
  const RunReport report = bench.run();
  CHECK(report.sent == 2);
  CHECK(report.deferred.at("daily_cap") == 1);
  messages.push_back(bench.add_due(person));
  CHECK(bench.run().deferred.at("daily_cap") == 1);
  bench.advance(kDay - seconds{1});
  CHECK_FALSE(must(anything_due(bench.store(), bench.clock.now())));
  bench.advance(seconds{1});
  CHECK(bench.run().sent == 2);
  CHECK(bench.world.copies_to(Bench::phone_of(1)) == 4);
  CHECK(most_in(bench.world.ledger, kDay) == 2);
}

TEST_CASE("two contacts with one phone share its daily cap") {
  Bench bench("twilio");
  const Contact one = bench.add_person(1);
  const Contact two = bench.add_person(2, [](Contact& contact) { contact.phone = Bench::phone_of(1); });
  bench.add_due(one);
  bench.add_due(two);
  const RunReport report = bench.run();
  CHECK(report.sent == 1);
  CHECK(report.deferred.at("daily_cap") == 1);
}

TEST_CASE("a refused attempt gives its place under the daily cap back") {
  for (const Treatment treatment :
       {Treatment::refuse, Treatment::refuse_for_now, Treatment::not_sent, Treatment::limit}) {
    CAPTURE(static_cast<int>(treatment));
    Bench bench("twilio");
    const Contact person = bench.add_person(1);
    bench.add_due(person);
    bench.world.behave = [&](const Outgoing&) { return Behaviour{treatment, hours{2}, {}}; };
    CHECK(bench.run().sent == 0);
    bench.world.behave = [](const Outgoing&) { return Behaviour{}; };
    bench.add_due(person);
    CHECK(bench.run().sent == 1);
  }
}

TEST_CASE("an attempt in doubt keeps its place under the daily cap until it is known not to have arrived") {
  Bench bench("outbox");
  bench.settings.base.limits.contact_email_per_day = 1;
  const Contact person = bench.add_person(1);
  bench.add_due(person);
  bench.world.behave = [](const Outgoing&) { return Behaviour{Treatment::lose_answer, std::nullopt, {}}; };
  CHECK(bench.run().in_doubt == 1);
  bench.world.behave = [](const Outgoing&) { return Behaviour{}; };
  bench.add_due(person);
  CHECK(bench.run().deferred.at("daily_cap") == 1);
  CHECK(bench.world.ledger.size() == 1);
}

TEST_CASE("one person with two jobs in one campaign gets one request, also when both are due in one batch") {
  Bench bench("twilio");
  const Campaign campaign = bench.add_plain_campaign("ask");
  const Contact person = bench.add_person(1);
  bench.enroll_due(person, campaign);
  bench.enroll_due(person, campaign);
  const RunReport report = bench.run();
  CHECK(report.sent == 1);
  CHECK(report.skipped.at("cool_down") == 1);
}

TEST_CASE("one person in two campaigns, or two contacts with one phone, gets one request") {
  for (const bool same_contact : {true, false}) {
    for (const bool same_batch : {true, false}) {
      CAPTURE(same_contact);
      CAPTURE(same_batch);
      Bench bench("twilio");
      const Campaign one = bench.add_plain_campaign("one");
      const Campaign two = bench.add_plain_campaign("two");
      const Contact person = bench.add_person(1);
      const Contact other =
          same_contact ? person : bench.add_person(2, [](Contact& contact) { contact.phone = Bench::phone_of(1); });
      bench.enroll_due(person, one);
      if (!same_batch) {
        CHECK(bench.run().sent == 1);
        bench.advance(3 * kDay);
      }
      bench.enroll_due(other, two);
      const RunReport report = bench.run();
      CHECK(report.sent == (same_batch ? 1 : 0));
      CHECK(report.skipped.at("cool_down") == 1);
      bench.settle({});
      CHECK(bench.world.copies_to(Bench::phone_of(1)) == 1);
    }
  }
}

TEST_CASE("two touches of two campaigns on different channels are one request too") {
  Bench bench("twilio");  // carries both channels here
  const Campaign one = bench.add_plain_campaign("one");
  const Campaign two = bench.add_plain_campaign("two");
  const Contact person = bench.add_person(1);
  bench.enroll_due(person, one, Channel::sms);
  bench.enroll_due(person, two, Channel::email);
  const RunReport report = bench.run();
  CHECK(report.sent == 1);
  CHECK(report.skipped.at("cool_down") == 1);
}

TEST_CASE("touches of one enrollment follow each other in spite of the cool-down") {
  Bench bench("twilio");
  const Campaign campaign = bench.add_plain_campaign("ask");
  const Contact person = bench.add_person(1);
  EnrollmentPlan plan = bench.plan(campaign, person);
  CHECK(bench.enroll(plan) == EnrollEffect::enrolled);
  CHECK(bench.run().sent == 1);
  bench.advance(kDay);
  CHECK(bench.run().sent == 1);
  CHECK(bench.world.copies_to(Bench::email_of(1)) == 1);
  CHECK(bench.world.copies_to(Bench::phone_of(1)) == 1);
}

TEST_CASE("after the cool-down the person may be asked again") {
  Bench bench("twilio");
  const Campaign one = bench.add_plain_campaign("one");
  const Campaign two = bench.add_plain_campaign("two");
  const Contact person = bench.add_person(1);
  bench.enroll_due(person, one);
  CHECK(bench.run().sent == 1);
  bench.advance(90 * kDay);
  bench.enroll_due(person, two);
  CHECK(bench.run().sent == 1);
}

TEST_CASE("rate limits hold in every stretch of time, whatever comes and whenever a run starts") {
  CHECK(property_holds("no window holds more than its limit", 25, [] {
    Bench bench("twilio");
    auto& limits = bench.settings.base.limits;
    limits.sms_per_second = *rc::gen::inRange(0, 4);
    limits.sms_per_minute = *rc::gen::inRange(1, 12);
    limits.sms_per_hour = *rc::gen::inRange(1, 40);
    bench.world.latency = Micros{*rc::gen::inRange(1, 400) * 1000};
    int person = 0;
    for (int round = 0; round < 6; ++round) {
      const int arriving = *rc::gen::inRange(0, 8);
      for (int i = 0; i < arriving; ++i)
        bench.add_due(++person);
      RunOptions options = in_flight(*rc::gen::inRange(1, 9));
      options.max_runtime = seconds{*rc::gen::inRange(1, 30)};
      const RunReport report = bench.run(options);
      RC_ASSERT(report.due() >= report.sent);
      bench.advance(Micros{*rc::gen::inRange<std::int64_t>(0, 90'000'000)});
    }
    // By the instant of the intent, which is what the limit counts; the wire follows it in order.
    std::vector<CarrierWorld::Got> by_intent;
    for (const std::string& at : bench.ask("select started_at from attempts order by started_at"))
      by_intent.push_back({{}, {}, {}, from_micros(std::stoll(at)), {}});
    if (limits.sms_per_second > 0) {
      RC_ASSERT(most_in(by_intent, seconds{1}) <= static_cast<std::size_t>(limits.sms_per_second));
    }
    RC_ASSERT(most_in(by_intent, minutes{1}) <= static_cast<std::size_t>(limits.sms_per_minute));
    RC_ASSERT(most_in(by_intent, hours{1}) <= static_cast<std::size_t>(limits.sms_per_hour));
  }));
}

TEST_CASE("a run lingers for a limit per second and sends what fits into its time") {
  Bench bench("twilio");
  bench.settings.base.limits.sms_per_second = 2;
  for (int person = 1; person <= 9; ++person)
    bench.add_due(person);
  const Instant begun = bench.clock.now();
  const RunReport report = bench.run();
  CHECK(report.sent == 9);
  CHECK(report.due() == 9);
  CHECK(bench.clock.now() - begun >= seconds{4});
  CHECK(bench.clock.now() - begun < seconds{15});
  CHECK(most_in(bench.world.ledger, seconds{1}) <= 2);
}

TEST_CASE("a backlog behind a rate limit is put back once and laid out over the time that it needs") {
  Bench bench("twilio");
  bench.settings.base.limits.sms_per_minute = 10;
  constexpr int kBacklog = 200;
  for (int person = 1; person <= kBacklog; ++person)
    bench.add_due(person);
  RunOptions options;
  options.max_runtime = seconds{5};
  const RunReport report = bench.run(options);
  CHECK(report.sent == 10);
  CHECK(report.deferred.at("rate_limit") == kBacklog - 10);
  int minutes_needed = 0;
  while (bench.world.ledger.size() < kBacklog && minutes_needed < 60) {
    bench.advance(minutes{1});
    ++minutes_needed;
    if (must(anything_due(bench.store(), bench.clock.now()))) bench.run(options);
  }
  CHECK(bench.world.ledger.size() == kBacklog);
  CHECK(minutes_needed <= 24);
  // Each row is looked at a few times, not once a minute.
  CHECK(bench.ask("select 1 from events where what = 'deferred'").size() < 2 * kBacklog);
}

}  // namespace avisloop
