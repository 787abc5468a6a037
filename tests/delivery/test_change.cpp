#include "tests/delivery/bench.h"

namespace avisloop {
namespace {

using std::chrono::hours;

}  // namespace

TEST_CASE("a template that was changed is used as it is when the message goes out") {
  Bench bench("outbox");
  const Campaign campaign = bench.add_plain_campaign("ask");
  const Id message = bench.enroll_due(bench.add_person(1), campaign);
  Template changed = *must(bench.catalog().find_template(bench.org, "ask_email"));
  changed.body = "Thanks again, {{first_name}}";
  must(bench.catalog().update_template(bench.org, changed));
  CHECK(bench.run().sent == 1);
  REQUIRE(bench.world.copies_of(message) == 1);
  CHECK(bench.world.ledger.front().text.starts_with("Thanks again, Ann"));
}

TEST_CASE("a template that is switched off holds its messages until it is on again") {
  Bench bench("outbox");
  const Campaign campaign = bench.add_plain_campaign("ask");
  bench.enroll_due(bench.add_person(1), campaign);
  Template item = *must(bench.catalog().find_template(bench.org, "ask_email"));
  item.active = false;
  must(bench.catalog().update_template(bench.org, item));
  CHECK(bench.run().deferred.at("template_inactive") == 1);
  item.active = true;
  must(bench.catalog().update_template(bench.org, item));
  bench.advance(hours{1});
  CHECK(bench.run().sent == 1);
}

TEST_CASE("a message that its template cannot fill is skipped with the name of what is missing") {
  Bench bench("outbox");
  const Campaign campaign = bench.add_plain_campaign("ask");
  Template item = *must(bench.catalog().find_template(bench.org, "ask_email"));
  item.body = "Hello {{custom.pet}}";
  must(bench.catalog().update_template(bench.org, item));
  const Id message = bench.enroll_due(bench.add_person(1), campaign);
  CHECK(bench.run().skipped.at("missing_variable") == 1);
  CHECK(bench.status(message) == MessageStatus::skipped);
  CHECK(bench.world.handed_over.empty());
}

TEST_CASE("a template that can no longer be read skips its messages and not the run") {
  Bench bench("outbox");
  const Campaign campaign = bench.add_plain_campaign("ask");
  const Id broken = bench.enroll_due(bench.add_person(1), campaign);
  const Id whole = bench.add_due(2);
  Template item = *must(bench.catalog().find_template(bench.org, "ask_email"));
  item.body = "Hello {{#first_name}}";
  must(bench.catalog().update_template(bench.org, item));
  const RunReport report = bench.run();
  CHECK(report.skipped.at("template") == 1);
  CHECK(report.sent == 1);
  CHECK(bench.status(broken) == MessageStatus::skipped);
  CHECK(bench.status(whole) == MessageStatus::sent);
}

TEST_CASE("what a deleted contact still had to get is cancelled") {
  Bench bench("outbox");
  const Contact person = bench.add_person(1);
  const Id message = bench.add_due(person);
  must(bench.catalog().delete_contact(bench.org, person.id, bench.clock.now()));
  bench.run();
  CHECK(bench.status(message) == MessageStatus::cancelled);
  CHECK(bench.world.handed_over.empty());
}

TEST_CASE("a paused campaign's messages wait, and go out when it is resumed") {
  Bench bench("outbox");
  const Campaign campaign = bench.add_plain_campaign("ask");
  const Id message = bench.enroll_due(bench.add_person(1), campaign);
  must(bench.catalog().set_campaign_status(bench.org, campaign.id, CampaignStatus::paused, bench.clock.now()));
  CHECK(bench.run().deferred.at("campaign_paused") == 1);
  CHECK(bench.status(message) == MessageStatus::scheduled);
  must(bench.catalog().set_campaign_status(bench.org, campaign.id, CampaignStatus::active, bench.clock.now()));
  bench.advance(hours{1});
  CHECK(bench.run().sent == 1);
}

TEST_CASE("a completed campaign's messages are cancelled") {
  Bench bench("outbox");
  const Campaign campaign = bench.add_plain_campaign("ask");
  const Id message = bench.enroll_due(bench.add_person(1), campaign);
  must(bench.catalog().set_campaign_status(bench.org, campaign.id, CampaignStatus::completed, bench.clock.now()));
  bench.run();
  CHECK(bench.status(message) == MessageStatus::cancelled);
  CHECK(bench.world.handed_over.empty());
}

TEST_CASE("an enrollment that stops takes its later touches with it") {
  Bench bench("twilio");
  const Campaign campaign = bench.add_plain_campaign("ask");
  const Contact person = bench.add_person(1);
  const EnrollmentPlan plan = bench.plan(campaign, person);
  CHECK(bench.enroll(plan) == EnrollEffect::enrolled);
  CHECK(bench.run().sent == 1);
  must(bench.intake().stop_enrollments(bench.org, person.id, StopEvent::reply, std::nullopt, bench.clock.now()));
  bench.advance(2 * kDay);
  bench.run();
  CHECK(bench.status(plan.messages[1].id) == MessageStatus::cancelled);
  CHECK(bench.message(plan.messages[1].id).reason == "replied");
  CHECK(bench.world.ledger.size() == 1);
}

TEST_CASE("an attempt in doubt whose enrollment stopped is not sent again") {
  Bench bench("outbox");
  const Campaign campaign = bench.add_plain_campaign("ask");
  const Contact person = bench.add_person(1);
  const Id message = bench.enroll_due(person, campaign);
  bench.world.behave = [](const Outgoing&) { return Behaviour{Treatment::lose_request, std::nullopt, {}}; };
  CHECK(bench.run().in_doubt == 1);
  bench.world.behave = [](const Outgoing&) { return Behaviour{}; };
  must(bench.intake().stop_enrollments(bench.org, person.id, StopEvent::reply, std::nullopt, bench.clock.now()));
  bench.settle({message});
  CHECK(bench.status(message) == MessageStatus::cancelled);
  CHECK(bench.world.ledger.empty());
}

}  // namespace avisloop
