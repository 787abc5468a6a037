#include "tests/store/fixture.h"

using namespace avisloop;

namespace {

const std::string kPhone = "+15125550142";
const std::string kEmail = "ann@example.com";

AttemptResult result_of(StoreFixture& f, const Id& message, AttemptState state) {
  AttemptResult result;
  result.org = f.org;
  result.channel = Channel::sms;
  result.message = message;
  result.state = state;
  result.ended_at = f.now;
  return result;
}

/// Sends the due texts under a run of its own and records `state` for `message`.
void send_and_record(StoreFixture& f, const Id& message, AttemptResult result) {
  f.send_due(Channel::sms);
  const Id run = must(f.catalog().attempts_of(f.org, message)).back().run;
  const std::vector<AttemptResult> results{std::move(result)};
  REQUIRE(must(f.delivery().record(results, run)).at(0));
}

}  // namespace

TEST_CASE("A message view tells the state that queue, attempts and events add up to") {
  for_each_store([](StoreFixture& f) {
    const Contact ann = f.add_contact("A", kPhone, kEmail);
    const Message message = f.add_message(ann.id, Channel::sms, f.now);
    MessageView view = f.message(message.id);
    CHECK(view.status == MessageStatus::scheduled);
    CHECK(view.due_at == f.now);
    CHECK(view.contact_name == "Ann Doe");
    CHECK(view.address == kPhone);
    CHECK(view.attempts == 0);

    f.decide_due(Channel::sms, [&](const Candidate&) {
      return Decision{Deferral{f.now + kHour, "quiet_hours", "until 8"}};
    });
    view = f.message(message.id);
    CHECK(view.status == MessageStatus::scheduled);
    CHECK(view.reason == "quiet_hours");
    CHECK(view.due_at == f.now + kHour);

    f.now += kHour;
    AttemptResult accepted = result_of(f, message.id, AttemptState::accepted);
    accepted.provider_id = "SM1";
    accepted.segments = 2;
    f.send_due(Channel::sms);
    CHECK(f.status(message.id) == MessageStatus::sending);
    const Attempt attempt = must(f.catalog().attempts_of(f.org, message.id)).at(0);
    CHECK(attempt.state == AttemptState::started);
    CHECK(attempt.payload.text == "Hello Ann");
    const std::vector<AttemptResult> results{accepted};
    must(f.delivery().record(results, attempt.run));

    view = f.message(message.id);
    CHECK(view.status == MessageStatus::sent);
    CHECK(view.sent_text == "Hello Ann");
    CHECK(view.provider_id == "SM1");
    CHECK(view.attempts == 1);
    CHECK(view.sent_at == f.now);
    CHECK(!view.due_at.has_value());
    const Attempt done = must(f.catalog().attempts_of(f.org, message.id)).at(0);
    CHECK(done.state == AttemptState::accepted);
    CHECK(done.segments == 2);
    CHECK(done.ended_at == f.now);
    const std::vector<MessageEvent> events = must(f.catalog().events_of(f.org, message.id));
    REQUIRE(!events.empty());
    CHECK(events[0].what == "deferred");
    CHECK(events[0].reason == "quiet_hours");
    CHECK(events[0].run.has_value());
    CHECK(!must(f.catalog().find_message(f.org, f.id())).has_value());
  });
}

TEST_CASE("A refused message has failed, a skipped one is skipped, and one in doubt says so") {
  for_each_store([](StoreFixture& f) {
    const Contact ann = f.add_contact("A", kPhone);
    const Message refused = f.add_message(ann.id, Channel::sms, f.now);
    AttemptResult rejected = result_of(f, refused.id, AttemptState::rejected);
    rejected.error_class = ErrorClass::permanent;
    rejected.reason = "permanent";
    send_and_record(f, refused.id, rejected);
    CHECK(f.status(refused.id) == MessageStatus::failed);

    const Message unknown = f.add_message(ann.id, Channel::sms, f.now);
    AttemptResult doubt = result_of(f, unknown.id, AttemptState::in_doubt);
    doubt.error_class = ErrorClass::unknown_outcome;
    doubt.look_at = f.now + kHour;
    send_and_record(f, unknown.id, doubt);
    CHECK(f.status(unknown.id) == MessageStatus::in_doubt);

    const Message skipped = f.add_message(ann.id, Channel::sms, f.now);
    f.decide_due(Channel::sms, [](const Candidate&) {
      return Decision{Ending{MessageStatus::skipped, "no_consent", "nothing is known"}};
    });
    CHECK(f.status(skipped.id) == MessageStatus::skipped);
    CHECK(f.message(skipped.id).reason == "no_consent");
  });
}

TEST_CASE("Messages are listed by status, contact, campaign and due instant, in pages") {
  for_each_store([](StoreFixture& f) {
    const Campaign campaign = f.add_campaign("ask");
    const Contact ann = f.add_contact("A", kPhone, kEmail);
    const Contact bob = f.add_contact("B", "+15125550199", "bob@example.com");
    const EnrollmentPlan plan = f.plan(campaign, ann);
    f.enroll(plan);
    const Message to_bob = f.add_message(bob.id, Channel::sms, f.now);
    must(f.intake().cancel_message(f.org, to_bob.id, "operator", f.now));
    const auto count = [&](const MessageFilter& filter) {
      return must(f.catalog().list_messages(f.org, filter, {})).size();
    };
    CHECK(count({}) == 3);
    CHECK(count({MessageStatus::cancelled, {}, {}, {}}) == 1);
    CHECK(count({MessageStatus::scheduled, {}, {}, {}}) == 2);
    CHECK(count({{}, bob.id, {}, {}}) == 1);
    CHECK(count({MessageStatus::scheduled, bob.id, {}, {}}) == 0);
    CHECK(count({{}, {}, campaign.id, {}}) == 2);
    CHECK(count({{}, {}, {}, f.now + kHour}) == 1);
    CHECK(count({{}, ann.id, campaign.id, f.now + 2 * kDay}) == 2);
    CHECK(must(f.catalog().list_messages(f.org, {}, {1, 2})).at(0).message.id == to_bob.id);
    CHECK(must(f.catalog().list_messages(OrgId{8}, {}, {})).empty());
    const MessageView view = f.message(plan.messages[1].id);
    CHECK(view.template_key == "ask_sms");
    CHECK(view.campaign_key == "ask");
  });
}

TEST_CASE("Lane states count what waits and what is under way, and tell why a channel is paused") {
  for_each_store([](StoreFixture& f) {
    const Contact ann = f.add_contact("A", kPhone, kEmail);
    f.add_message(ann.id, Channel::sms, f.now);
    f.send_due(Channel::sms);
    f.add_message(ann.id, Channel::sms, f.now);
    f.decide_due(Channel::sms, [](const Candidate&) { return Decision{Wait{"place", ""}}; });
    f.add_message(ann.id, Channel::sms, f.now);
    f.add_message(ann.id, Channel::sms, f.now + kDay);
    f.add_message(ann.id, Channel::sms, f.now + 2 * kDay);
    must(f.delivery().pause_lane(f.org, Channel::email, "account_stopped", "401", f.now));
    const std::vector<LaneState> lanes = must(f.catalog().lane_states(f.org, f.now));
    REQUIRE(lanes.size() == 2);
    CHECK(lanes[0].channel == Channel::sms);
    CHECK(lanes[0].sending == 1);
    CHECK(lanes[0].in_doubt == 0);
    CHECK(lanes[0].pending == 1);
    CHECK(lanes[0].due == 1);
    CHECK(lanes[0].scheduled == 2);
    CHECK(lanes[0].paused_reason.empty());
    CHECK(lanes[1].paused_reason == "account_stopped");
    CHECK(lanes[1].paused_detail == "401");
    CHECK(lanes[1].paused_at == f.now);
    CHECK(must(f.catalog().lane_states(OrgId{8}, f.now)).size() == 2);
  });
}

TEST_CASE("The last run is the one that began last") {
  for_each_store([](StoreFixture& f) {
    CHECK(!must(f.catalog().last_run()).has_value());
    const Id first = f.id();
    const Id second = f.id();
    must(f.delivery().begin_run(second, "host", 42, f.now + kHour));
    must(f.delivery().begin_run(first, "host", 41, f.now));
    must(f.delivery().end_run(second, "{}", f.now + 2 * kHour));
    const RunSummary run = must(f.catalog().last_run()).value();
    CHECK(run.id == second);
    CHECK(run.host == "host");
    CHECK(run.process_id == 42);
    CHECK(run.started_at == f.now + kHour);
    CHECK(run.ended_at == f.now + 2 * kHour);
    CHECK(run.report == "{}");
  });
}
