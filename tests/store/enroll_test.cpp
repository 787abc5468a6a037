#include "tests/store/fixture.h"

using namespace avisloop;

namespace {

const std::string kPhone = "+15125550142";
const std::string kEmail = "ann@example.com";

std::vector<IntakeStore::Selected> select_all(StoreFixture& f, const IntakeStore::Selection& selection, int page) {
  std::vector<IntakeStore::Selected> all;
  Id after_contact;
  Id after_job;
  while (true) {
    const auto next = must(f.intake().select_for_enrollment(f.org, selection, after_contact, after_job, page));
    REQUIRE(next.size() <= static_cast<std::size_t>(page));
    all.insert(all.end(), next.begin(), next.end());
    if (next.size() < static_cast<std::size_t>(page)) return all;
    after_contact = next.back().contact.id;
    after_job = next.back().job ? next.back().job->id : Id{};
  }
}

}  // namespace

TEST_CASE("Enrolling lays the messages into the queue, and once is enough") {
  for_each_store([](StoreFixture& f) {
    const Campaign campaign = f.add_campaign("ask");
    const Contact ann = f.add_contact("A", kPhone, kEmail);
    const EnrollmentPlan plan = f.plan(campaign, ann);
    CHECK(f.enroll(plan) == EnrollEffect::enrolled);
    CHECK(f.status(plan.messages[0].id) == MessageStatus::scheduled);
    CHECK(f.message(plan.messages[1].id).due_at == f.now + kDay);
    CHECK(must(f.delivery().count_due(f.now)) == 1);
    CHECK(must(f.delivery().next_due()) == f.now);

    CHECK(f.enroll(f.plan(campaign, ann)) == EnrollEffect::already);
    CHECK(f.enroll(f.plan(campaign, ann), Micros{0}) == EnrollEffect::already);
    CHECK(must(f.catalog().list_messages(f.org, {}, {})).size() == 2);
  });
}

TEST_CASE("Another job of the same person is another enrollment, but not within the cool-down") {
  for_each_store([](StoreFixture& f) {
    const Campaign campaign = f.add_campaign("ask");
    const Contact ann = f.add_contact("A", kPhone, kEmail);
    const Job first = f.add_job(ann.id);
    const Job second = f.add_job(ann.id, ServiceCategory::hvac);
    const std::vector<EnrollmentPlan> plans{f.plan(campaign, ann, first.id), f.plan(campaign, ann, second.id),
                                            f.plan(campaign, ann, first.id)};
    const std::vector<EnrollEffect> effects = must(f.intake().enroll(f.org, plans, 90 * kDay, f.now));
    CHECK(effects == std::vector<EnrollEffect>{EnrollEffect::enrolled, EnrollEffect::cool_down, EnrollEffect::already});
    CHECK(f.enroll(f.plan(campaign, ann, second.id), Micros{0}) == EnrollEffect::enrolled);
  });
}

TEST_CASE("The cool-down is about people: it holds across campaigns and across contacts with one phone or email") {
  for_each_store([](StoreFixture& f) {
    const Campaign ask = f.add_campaign("ask");
    const Campaign other = f.add_campaign("other");
    const Contact ann = f.add_contact("A", kPhone, kEmail);
    const Contact same_phone = f.add_contact("B", kPhone, "b@example.com");
    const Contact same_email = f.add_contact("C", "+15125550177", kEmail);
    const Contact stranger = f.add_contact("D", "+15125550188", "d@example.com");
    REQUIRE(f.enroll(f.plan(ask, ann)) == EnrollEffect::enrolled);
    CHECK(f.enroll(f.plan(other, ann)) == EnrollEffect::cool_down);
    CHECK(f.enroll(f.plan(ask, same_phone)) == EnrollEffect::cool_down);
    CHECK(f.enroll(f.plan(other, same_email)) == EnrollEffect::cool_down);
    CHECK(f.enroll(f.plan(other, stranger)) == EnrollEffect::enrolled);
  });
}

TEST_CASE("Contacts without any address are not taken for one person") {
  for_each_store([](StoreFixture& f) {
    const Campaign ask = f.add_campaign("ask");
    CHECK(f.enroll(f.plan(ask, f.add_contact("A"))) == EnrollEffect::enrolled);
    CHECK(f.enroll(f.plan(ask, f.add_contact("B"))) == EnrollEffect::enrolled);
  });
}

TEST_CASE("A message that went out starts the cool-down, and its end ends it") {
  for_each_store([](StoreFixture& f) {
    const Campaign ask = f.add_campaign("ask");
    const Campaign other = f.add_campaign("other");
    const Contact ann = f.add_contact("A", kPhone, kEmail);
    const Contact same_phone = f.add_contact("B", kPhone);
    const EnrollmentPlan plan = f.plan(ask, ann);
    f.enroll(plan);
    const Instant sent_at = f.now;
    f.send_due(Channel::email);
    must(f.intake().cancel_contact(f.org, ann.id, "operator", f.now));
    f.now += 10 * kDay;
    CHECK(f.enroll(f.plan(other, ann), 30 * kDay) == EnrollEffect::cool_down);
    // The email went to the person; the other contact with the person's phone is the person too.
    CHECK(f.enroll(f.plan(other, same_phone), 30 * kDay) == EnrollEffect::cool_down);
    f.now = sent_at + 30 * kDay;
    CHECK(f.enroll(f.plan(other, ann), 30 * kDay) == EnrollEffect::enrolled);
  });
}

TEST_CASE("An enrollment that was stopped before anything left does not count for the cool-down") {
  for_each_store([](StoreFixture& f) {
    const Campaign ask = f.add_campaign("ask");
    const Campaign other = f.add_campaign("other");
    const Contact ann = f.add_contact("A", kPhone, kEmail);
    f.enroll(f.plan(ask, ann));
    CHECK(must(f.intake().cancel_campaign(f.org, ask.id, "operator", f.now)).cancelled == 2);
    CHECK(f.enroll(f.plan(other, ann)) == EnrollEffect::enrolled);
  });
}

TEST_CASE("Enrolling a contact that does not exist stores nothing of the whole call") {
  for_each_store([](StoreFixture& f) {
    const Campaign ask = f.add_campaign("ask");
    const std::vector<EnrollmentPlan> plans{f.plan(ask, f.add_contact("A", kPhone)), f.plan(ask, f.contact("B"))};
    CHECK(fault_of(f.intake().enroll(f.org, plans, kDay, f.now)) == Fault::data);
    CHECK(must(f.catalog().list_messages(f.org, {}, {})).empty());
    CHECK(must(f.delivery().count_due(f.now)) == 0);
  });
}

TEST_CASE("cancel_message cancels what waits and counts what is under way") {
  for_each_store([](StoreFixture& f) {
    const Contact ann = f.add_contact("A", kPhone);
    const Message waiting = f.add_message(ann.id, Channel::sms, f.now + kDay);
    const Message sending = f.add_message(ann.id, Channel::sms, f.now);
    f.send_due(Channel::sms);
    CancelOutcome outcome = must(f.intake().cancel_message(f.org, waiting.id, "operator", f.now));
    CHECK(outcome.cancelled == 1);
    CHECK(outcome.in_flight == 0);
    CHECK(f.status(waiting.id) == MessageStatus::cancelled);
    outcome = must(f.intake().cancel_message(f.org, sending.id, "operator", f.now));
    CHECK(outcome.cancelled == 0);
    CHECK(outcome.in_flight == 1);
    CHECK(f.status(sending.id) == MessageStatus::sending);
    outcome = must(f.intake().cancel_message(f.org, waiting.id, "operator", f.now));
    CHECK(outcome.cancelled == 0);
    CHECK(outcome.in_flight == 0);
    CHECK(fault_of(f.intake().cancel_message(f.org, f.id(), "operator", f.now)) == Fault::data);
  });
}

TEST_CASE("cancel_contact cancels enrollments and single messages of that contact only") {
  for_each_store([](StoreFixture& f) {
    const Campaign ask = f.add_campaign("ask");
    const Contact ann = f.add_contact("A", kPhone, kEmail);
    const Contact bob = f.add_contact("B", "+15125550199", "b@example.com");
    const EnrollmentPlan to_ann = f.plan(ask, ann);
    const EnrollmentPlan to_bob = f.plan(ask, bob);
    f.enroll(to_ann);
    f.enroll(to_bob);
    const Message single = f.add_message(ann.id, Channel::email, f.now);
    CHECK(must(f.intake().cancel_contact(f.org, ann.id, "operator", f.now)).cancelled == 3);
    CHECK(f.message(to_ann.messages[0].id).reason == "operator");
    CHECK(f.status(single.id) == MessageStatus::cancelled);
    CHECK(f.status(to_bob.messages[0].id) == MessageStatus::scheduled);
  });
}

TEST_CASE("An event stops the enrollments of campaigns that stop on it, but not the one for the new job") {
  for_each_store([](StoreFixture& f) {
    const Campaign ask = f.add_campaign("ask");
    const Contact ann = f.add_contact("A", kPhone, kEmail);
    const Job old_job = f.add_job(ann.id);
    const Job new_job = f.add_job(ann.id, ServiceCategory::hvac);
    const EnrollmentPlan old_plan = f.plan(ask, ann, old_job.id);
    const EnrollmentPlan new_plan = f.plan(ask, ann, new_job.id);
    f.enroll(old_plan, Micros{0});
    f.enroll(new_plan, Micros{0});
    CHECK(must(f.intake().stop_enrollments(f.org, ann.id, StopEvent::click, {}, f.now)).cancelled == 0);
    CHECK(must(f.intake().stop_enrollments(f.org, ann.id, StopEvent::new_job, new_job.id, f.now)).cancelled == 2);
    CHECK(f.message(old_plan.messages[0].id).reason == "new_job");
    CHECK(f.status(new_plan.messages[0].id) == MessageStatus::scheduled);
    CHECK(must(f.intake().stop_enrollments(f.org, ann.id, StopEvent::reply, {}, f.now)).cancelled == 2);
    CHECK(f.message(new_plan.messages[0].id).reason == "replied");
  });
}

TEST_CASE("Contacts are selected for enrollment in pages by id, each once") {
  for_each_store([](StoreFixture& f) {
    for (int i = 0; i < 7; ++i) {
      ContactRow row = f.row("C" + std::to_string(i));
      row.contact.tags = {i % 2 == 0 ? "even" : "odd"};
      f.import(row);
    }
    for (const int page : {1, 2, 3, 7, 100}) {
      CAPTURE(page);
      CHECK(select_all(f, {}, page).size() == 7);
      const auto even = select_all(f, {"even", {}, {}}, page);
      REQUIRE(even.size() == 4);
      CHECK(even[1].contact.external_id == "C2");
      CHECK(!even[1].job.has_value());
    }
    CHECK(select_all(f, {"none", {}, {}}, 10).empty());
  });
}

TEST_CASE("With jobs_since there is one row per job that fits, of contacts that fit") {
  for_each_store([](StoreFixture& f) {
    for (const char* name : {"A", "B", "C"}) {
      ContactRow row = f.row(name);
      row.contact.tags = {name};
      f.import(row);
    }
    const auto contact = [&](const char* name) { return must(f.catalog().find_contact_by_key(f.org, name))->id; };
    const Job old_job = f.add_job(contact("A"));
    Job aged = old_job;
    aged.completed_at = f.now - 60 * kDay;
    must(f.catalog().update_job(f.org, aged));
    f.add_job(contact("A"), ServiceCategory::hvac);
    f.add_job(contact("B"), ServiceCategory::plumbing);
    f.add_job(contact("B"), ServiceCategory::hvac);
    for (const int page : {1, 2, 10}) {
      CAPTURE(page);
      CHECK(select_all(f, {"", f.now - 30 * kDay, {}}, page).size() == 3);
      CHECK(select_all(f, {"", f.now - 90 * kDay, {}}, page).size() == 4);
      CHECK(select_all(f, {"", f.now - 90 * kDay, {ServiceCategory::hvac}}, page).size() == 2);
      CHECK(
          select_all(f, {"B", f.now - 90 * kDay, {ServiceCategory::plumbing, ServiceCategory::roofing}}, page).size() ==
          1);
      CHECK(select_all(f, {"C", f.now - 90 * kDay, {}}, page).empty());
    }
  });
}
