#include "tests/store/fixture.h"

using namespace avisloop;

namespace {

const std::string kPhone = "+15125550142";
const std::string kEmail = "ann@example.com";

}  // namespace

TEST_CASE("An organization is stored, found, changed and listed") {
  for_each_store([](StoreFixture& f) {
    const Org second = f.add_org(OrgId{9}, "anns");
    const std::vector<Org> all = must(f.catalog().list_orgs());
    REQUIRE(all.size() == 2);
    CHECK(all[0].key == "anns");
    CHECK(all[1].key == "joes");

    Org changed = second;
    changed.name = "Ann's Roofing";
    changed.time_zone = "America/New_York";
    changed.address = "2 Elm St";
    changed.review_link = "https://g.page/anns";
    must(f.catalog().update_org(changed, f.now));
    const Org found = must(f.catalog().find_org("anns")).value();
    CHECK(found.id == OrgId{9});
    CHECK(found.name == "Ann's Roofing");
    CHECK(found.time_zone == "America/New_York");
    CHECK(found.address == "2 Elm St");
    CHECK(found.review_link == "https://g.page/anns");
    CHECK(found.created_at == f.now);
    CHECK(!must(f.catalog().find_org("nobody")).has_value());
  });
}

TEST_CASE("Two organizations cannot have one key") {
  for_each_store([](StoreFixture& f) {
    Org org = f.add_org(OrgId{9}, "anns");
    org.id = OrgId{10};
    CHECK(fault_of(f.catalog().create_org(org)) == Fault::data);
    org.id = OrgId{9};
    org.key = "joes";
    CHECK(fault_of(f.catalog().update_org(org, f.now)) == Fault::data);
    org.id = OrgId{11};
    org.key = "third";
    CHECK(fault_of(f.catalog().update_org(org, f.now)) == Fault::data);
  });
}

TEST_CASE("Only an organization without contacts and waiting messages can be deleted") {
  for_each_store([](StoreFixture& f) {
    const Contact ann = f.add_contact("A", kPhone);
    CHECK(fault_of(f.catalog().delete_org(f.org)) == Fault::data);
    must(f.catalog().delete_contact(f.org, ann.id, f.now));
    Message message;
    message.id = f.id();
    message.to = kPhone;
    message.planned_at = f.now;
    must(f.intake().add_message(f.org, message));
    CHECK(fault_of(f.catalog().delete_org(f.org)) == Fault::data);
    must(f.intake().cancel_message(f.org, message.id, "operator", f.now));
    must(f.catalog().delete_org(f.org));
    CHECK(must(f.catalog().list_orgs()).empty());
    CHECK(fault_of(f.catalog().delete_org(f.org)) == Fault::data);
  });
}

TEST_CASE("P6 stop stays: an organization made again under its key still knows who stopped it") {
  for_each_store([](StoreFixture& f) {
    must(f.intake().opt_out(f.org, {Channel::sms, kPhone, "opted_out", "STOP", f.now}, f.now));
    must(f.catalog().delete_org(f.org));
    f.add_org(OrgId{8}, "other");
    f.add_org(OrgId{9}, "joes");
    CHECK(must(f.catalog().address_state(OrgId{9}, Channel::sms, kPhone)).suppression.has_value());
    CHECK(!must(f.catalog().address_state(OrgId{8}, Channel::sms, kPhone)).suppression.has_value());
  });
}

TEST_CASE("A contact is stored with every field and read back") {
  for_each_store([](StoreFixture& f) {
    Contact contact = f.contact("A-1", kPhone, kEmail);
    contact.phone_raw = "(512) 555-0142";
    contact.state = "US-TX";
    contact.zip = "78701";
    contact.time_zone = "America/Chicago";
    contact.language = "es";
    contact.tags = {"vip", "say \"hi\""};
    contact.custom = {{"pet", "Rex"}};
    contact.phone_problem = "landline";
    must(f.catalog().create_contact(f.org, contact));
    const Contact found = must(f.catalog().find_contact(f.org, contact.id)).value();
    CHECK(found.external_id == "A-1");
    CHECK(found.first_name == "Ann");
    CHECK(found.last_name == "Doe");
    CHECK(found.phone == kPhone);
    CHECK(found.phone_raw == "(512) 555-0142");
    CHECK(found.email == kEmail);
    CHECK(found.state == "US-TX");
    CHECK(found.zip == "78701");
    CHECK(found.time_zone == "America/Chicago");
    CHECK(found.language == "es");
    CHECK(found.tags == contact.tags);
    CHECK(found.custom == contact.custom);
    CHECK(found.phone_problem == "landline");
    CHECK(found.created_at == f.now);
    CHECK(!must(f.catalog().find_contact(OrgId{8}, contact.id)).has_value());
  });
}

TEST_CASE("A contact is found by external id, then phone, then email") {
  for_each_store([](StoreFixture& f) {
    const Contact ann = f.add_contact("A", kPhone, kEmail);
    const Contact bob = f.add_contact(kPhone, "+15125550199", "bob@example.com");
    CHECK(must(f.catalog().find_contact_by_key(f.org, "A")).value().id == ann.id);
    CHECK(must(f.catalog().find_contact_by_key(f.org, kPhone)).value().id == bob.id);
    CHECK(must(f.catalog().find_contact_by_key(f.org, "+15125550199")).value().id == bob.id);
    CHECK(must(f.catalog().find_contact_by_key(f.org, "Ann@Example.com")).value().id == ann.id);
    CHECK(!must(f.catalog().find_contact_by_key(f.org, "")).has_value());
    CHECK(!must(f.catalog().find_contact_by_key(f.org, "nobody")).has_value());
  });
}

TEST_CASE("Two contacts cannot have one external id, but any number may have none") {
  for_each_store([](StoreFixture& f) {
    f.add_contact("A");
    Contact bob = f.add_contact("B");
    f.add_contact("");
    f.add_contact("");
    CHECK(fault_of(f.catalog().create_contact(f.org, f.contact("A"))) == Fault::data);
    bob.external_id = "A";
    CHECK(fault_of(f.catalog().update_contact(f.org, bob, f.now)) == Fault::data);
    CHECK(fault_of(f.catalog().update_contact(f.org, f.contact("Z"), f.now)) == Fault::data);
    CHECK(f.count_contacts() == 4);
  });
}

TEST_CASE("What is wrong with an address is forgotten when the address changes, and only then") {
  for_each_store([](StoreFixture& f) {
    Contact ann = f.contact("A", kPhone, kEmail);
    ann.phone_problem = "landline";
    ann.email_problem = "bounced";
    must(f.catalog().create_contact(f.org, ann));
    ann.phone = "+15125550143";
    ann.first_name = "Anne";
    must(f.catalog().update_contact(f.org, ann, f.now));
    const Contact found = must(f.catalog().find_contact(f.org, ann.id)).value();
    CHECK(found.phone_problem.empty());
    CHECK(found.email_problem == "bounced");
  });
}

TEST_CASE("Contacts are listed by tag, by a part of a name or address, and in pages") {
  for_each_store([](StoreFixture& f) {
    ContactRow ann = f.row("A-100", kPhone, kEmail);
    ann.contact.tags = {"vip", "a%b"};
    ContactRow bob = f.row("B", "+13125550100", "bob_x@example.com");
    bob.contact.first_name = "Bob";
    bob.contact.last_name = "Mac%Leod";
    bob.contact.tags = {"VIP"};
    f.import(ann);
    f.import(bob);
    const auto found = [&](const ContactFilter& filter) {
      std::string ids;
      for (const Contact& contact : must(f.catalog().list_contacts(f.org, filter, {})))
        ids += contact.external_id + ' ';
      return ids;
    };
    CHECK(found({"", ""}) == "A-100 B ");
    CHECK(found({"vip", ""}) == "A-100 ");
    CHECK(found({"VIP", ""}) == "B ");
    CHECK(found({"a%b", ""}) == "A-100 ");
    CHECK(found({"%", ""}).empty());
    CHECK(found({"", "ann doe"}) == "A-100 ");
    CHECK(found({"", "BOB"}) == "B ");
    CHECK(found({"", "a-10"}) == "A-100 ");
    CHECK(found({"", "555014"}) == "A-100 ");
    CHECK(found({"", "%"}) == "B ");
    CHECK(found({"", "b_x"}) == "B ");
    CHECK(found({"vip", "bob"}).empty());
    CHECK(must(f.catalog().list_contacts(f.org, {}, {1, 0})).at(0).external_id == "A-100");
    CHECK(must(f.catalog().list_contacts(f.org, {}, {1, 1})).at(0).external_id == "B");
    CHECK(must(f.catalog().list_contacts(f.org, {}, {1, 2})).empty());
  });
}

TEST_CASE("update_contact makes messages due that wait for the contact's place") {
  for_each_store([](StoreFixture& f) {
    Contact ann = f.add_contact("A", kPhone);
    const Contact bob = f.add_contact("B", "+15125550199");
    const Message to_ann = f.add_message(ann.id, Channel::sms, f.now);
    const Message to_bob = f.add_message(bob.id, Channel::sms, f.now);
    f.decide_due(Channel::sms, [](const Candidate&) { return Decision{Wait{"place", "no zone is known"}}; });
    REQUIRE(f.status(to_ann.id) == MessageStatus::pending);
    CHECK(f.message(to_ann.id).reason == "place");
    CHECK(!f.message(to_ann.id).due_at.has_value());

    f.now += kHour;
    ann.time_zone = "America/Chicago";
    must(f.catalog().update_contact(f.org, ann, f.now));
    CHECK(f.status(to_ann.id) == MessageStatus::scheduled);
    CHECK(f.message(to_ann.id).due_at == f.now);
    CHECK(f.status(to_bob.id) == MessageStatus::pending);
    const std::vector<Lane> lanes = must(f.delivery().due_lanes(f.now, 10));
    REQUIRE(lanes.size() == 1);
    CHECK(lanes[0].channel == Channel::sms);
    CHECK(must(f.catalog().events_of(f.org, to_ann.id)).back().reason == "contact_updated");
    CHECK(f.send_due(Channel::sms) == 1);
  });
}

TEST_CASE("delete_contact cancels what has not left and keeps the evidence") {
  for_each_store([](StoreFixture& f) {
    ContactRow row = f.row("A", kPhone, kEmail);
    row.consents = {f.consent(Channel::sms, kPhone)};
    f.import(row);
    const Contact ann = must(f.catalog().find_contact_by_key(f.org, "A")).value();
    const Job job = f.add_job(ann.id);
    const EnrollmentPlan plan = f.plan(f.add_campaign("ask"), ann, job.id);
    REQUIRE(f.enroll(plan) == EnrollEffect::enrolled);
    REQUIRE(f.send_due(Channel::email) == 1);
    must(f.intake().opt_out(f.org, {Channel::email, "other@example.com", "opted_out", "link", f.now}, f.now));

    const CancelOutcome outcome = must(f.catalog().delete_contact(f.org, ann.id, f.now));
    CHECK(outcome.cancelled == 1);
    CHECK(outcome.in_flight == 1);
    CHECK(!must(f.catalog().find_contact(f.org, ann.id)).has_value());
    CHECK(!must(f.catalog().find_job(f.org, job.id)).has_value());
    CHECK(f.status(plan.messages[0].id) == MessageStatus::sending);
    CHECK(f.message(plan.messages[0].id).address == kEmail);
    CHECK(f.status(plan.messages[1].id) == MessageStatus::cancelled);
    CHECK(f.message(plan.messages[1].id).reason == "contact_deleted");
    CHECK(must(f.catalog().address_state(f.org, Channel::sms, kPhone)).consent.has_value());
    CHECK(fault_of(f.catalog().delete_contact(f.org, ann.id, f.now)) == Fault::data);
  });
}

TEST_CASE("A job is stored, changed, listed and deleted") {
  for_each_store([](StoreFixture& f) {
    const Contact ann = f.add_contact("A");
    const Contact bob = f.add_contact("B");
    Job job = f.add_job(ann.id, ServiceCategory::hvac);
    f.add_job(bob.id);
    job.external_id = "J-1";
    job.notes = "attic";
    job.technician = "Eve";
    job.completed_at = f.now - 2 * kDay;
    must(f.catalog().update_job(f.org, job));
    const Job found = must(f.catalog().find_job(f.org, job.id)).value();
    CHECK(found.contact == ann.id);
    CHECK(found.service == ServiceCategory::hvac);
    CHECK(found.external_id == "J-1");
    CHECK(found.notes == "attic");
    CHECK(found.technician == "Eve");
    CHECK(found.completed_at == f.now - 2 * kDay);
    CHECK(must(f.catalog().list_jobs(f.org, std::nullopt, {})).size() == 2);
    CHECK(must(f.catalog().list_jobs(f.org, ann.id, {})).size() == 1);
    CHECK(must(f.catalog().list_jobs(f.org, std::nullopt, {10, 2})).empty());

    Job twin = job;
    twin.id = f.id();
    CHECK(fault_of(f.catalog().create_job(f.org, twin)) == Fault::data);
    twin.external_id = "J-2";
    twin.contact = f.id();
    CHECK(fault_of(f.catalog().create_job(f.org, twin)) == Fault::data);
    must(f.catalog().delete_job(f.org, job.id));
    CHECK(fault_of(f.catalog().delete_job(f.org, job.id)) == Fault::data);
    CHECK(fault_of(f.catalog().update_job(f.org, job)) == Fault::data);
  });
}

TEST_CASE("A template grows a version with every change") {
  for_each_store([](StoreFixture& f) {
    Template item = f.add_template("ask");
    item.body = "Hi";
    item.html = "<p>Hi</p>";
    item.variables = {{"offer", "10%"}};
    item.max_segments = 2;
    item.active = false;
    must(f.catalog().update_template(f.org, item));
    const Template found = must(f.catalog().find_template(f.org, "ask")).value();
    CHECK(found.version == 2);
    CHECK(found.body == "Hi");
    CHECK(found.html == "<p>Hi</p>");
    CHECK(found.variables == item.variables);
    CHECK(found.max_segments == 2);
    CHECK(!found.active);
    CHECK(found.uses == 0);
    CHECK(!found.last_used_at.has_value());
    CHECK(must(f.catalog().find_template_by_id(f.org, item.id)).value().key == "ask");
    CHECK(must(f.catalog().list_templates(f.org)).size() == 1);
    item.id = f.id();
    CHECK(fault_of(f.catalog().create_template(f.org, item)) == Fault::data);
    item.key = "none";
    CHECK(fault_of(f.catalog().update_template(f.org, item)) == Fault::data);
    CHECK(fault_of(f.catalog().delete_template(f.org, item.id)) == Fault::data);
  });
}

TEST_CASE("A template that a campaign or a waiting message needs cannot be deleted") {
  for_each_store([](StoreFixture& f) {
    const Campaign campaign = f.add_campaign("ask");
    const Error error = f.catalog().delete_template(f.org, campaign.touches[0].template_id).error();
    CHECK(error.fault == Fault::data);
    CHECK(error.message.find("ask") != std::string::npos);

    const Template item = f.add_template("single", Channel::sms);
    Message message;
    message.id = f.id();
    message.to = kPhone;
    message.template_id = item.id;
    message.planned_at = f.now;
    must(f.intake().add_message(f.org, message));
    CHECK(fault_of(f.catalog().delete_template(f.org, item.id)) == Fault::data);
    must(f.intake().cancel_message(f.org, message.id, "operator", f.now));
    must(f.catalog().delete_template(f.org, item.id));
    CHECK(!must(f.catalog().find_template(f.org, "single")).has_value());
  });
}

TEST_CASE("A campaign is stored with its touches and changed with them") {
  for_each_store([](StoreFixture& f) {
    Campaign campaign = f.add_campaign("ask");
    campaign.services = {ServiceCategory::plumbing, ServiceCategory::hvac};
    campaign.tags = {"vip"};
    campaign.cool_down = 30 * kDay;
    campaign.touches.pop_back();
    campaign.touches[0].delay = kHour;
    campaign.touches[0].priority = Priority::high;
    campaign.touches[0].message_class = MessageClass::service;
    must(f.catalog().update_campaign(f.org, campaign));
    const Campaign found = must(f.catalog().find_campaign(f.org, "ask")).value();
    CHECK(found.services == campaign.services);
    CHECK(found.tags == campaign.tags);
    CHECK(found.stop_on == campaign.stop_on);
    CHECK(found.cool_down == 30 * kDay);
    CHECK(found.status == CampaignStatus::active);
    REQUIRE(found.touches.size() == 1);
    CHECK(found.touches[0].template_key == "ask_email");
    CHECK(found.touches[0].delay == kHour);
    CHECK(found.touches[0].priority == Priority::high);
    CHECK(found.touches[0].message_class == MessageClass::service);
    CHECK(must(f.catalog().find_campaign_by_id(f.org, campaign.id)).value().touches.size() == 1);
    CHECK(must(f.catalog().list_campaigns(f.org)).at(0).touches.size() == 1);
    CHECK(!must(f.catalog().find_campaign(f.org, "none")).has_value());

    campaign.id = f.id();
    CHECK(fault_of(f.catalog().create_campaign(f.org, campaign)) == Fault::data);
    campaign.key = "none";
    CHECK(fault_of(f.catalog().update_campaign(f.org, campaign)) == Fault::data);
    CHECK(fault_of(f.catalog().set_campaign_status(f.org, campaign.id, CampaignStatus::paused, f.now)) == Fault::data);
  });
}

TEST_CASE("Completing a campaign cancels what has not left; pausing it does not") {
  for_each_store([](StoreFixture& f) {
    const Campaign campaign = f.add_campaign("ask");
    const EnrollmentPlan plan = f.plan(campaign, f.add_contact("A", kPhone, kEmail));
    f.enroll(plan);
    CHECK(must(f.catalog().set_campaign_status(f.org, campaign.id, CampaignStatus::paused, f.now)).cancelled == 0);
    CHECK(f.status(plan.messages[0].id) == MessageStatus::scheduled);
    CHECK(must(f.catalog().find_campaign(f.org, "ask")).value().status == CampaignStatus::paused);

    CHECK(must(f.catalog().set_campaign_status(f.org, campaign.id, CampaignStatus::completed, f.now)).cancelled == 2);
    for (const Message& message : plan.messages) {
      CHECK(f.status(message.id) == MessageStatus::cancelled);
      CHECK(f.message(message.id).reason == "campaign_completed");
    }
    CHECK(must(f.delivery().count_due(f.now + 10 * kDay)) == 0);
  });
}

TEST_CASE("Only a campaign without enrollments can be deleted") {
  for_each_store([](StoreFixture& f) {
    const Campaign used = f.add_campaign("used");
    const Campaign unused = f.add_campaign("unused");
    f.enroll(f.plan(used, f.add_contact("A", kPhone, kEmail)));
    CHECK(fault_of(f.catalog().delete_campaign(f.org, used.id)) == Fault::data);
    must(f.catalog().delete_campaign(f.org, unused.id));
    CHECK(fault_of(f.catalog().delete_campaign(f.org, unused.id)) == Fault::data);
    must(f.catalog().delete_template(f.org, unused.touches[0].template_id));
  });
}
