#include "tests/store/fixture.h"

#include "core/store/sqlite/open.h"

namespace avisloop {

StoreFixture::StoreFixture(const Kind& kind) : random_(make_seeded_random(2026)), ids_(*random_), kind_(kind) {
  store_ = open_again();
  must(store_->migrate(now));
  add_org(org, "joes");
}

std::unique_ptr<Store> StoreFixture::open_again(std::chrono::milliseconds patience) {
  return must(kind_.open(folder_, *random_, patience));
}

Contact StoreFixture::contact(std::string external_id, std::string phone, std::string email) {
  Contact contact;
  contact.id = id();
  contact.external_id = std::move(external_id);
  contact.first_name = "Ann";
  contact.last_name = "Doe";
  contact.phone = std::move(phone);
  contact.phone_raw = contact.phone;
  contact.email = std::move(email);
  contact.created_at = now;
  contact.updated_at = now;
  return contact;
}

ContactRow StoreFixture::row(std::string external_id, std::string phone, std::string email) {
  return {contact(std::move(external_id), std::move(phone), std::move(email)), {}, {}};
}

Consent StoreFixture::consent(Channel channel, std::string address, bool given) {
  Consent consent;
  consent.id = id();
  consent.channel = channel;
  consent.address = std::move(address);
  consent.given = given;
  consent.at = now - kDay;
  consent.method = "form";
  consent.source = "web form";
  consent.wording = "I agree to receive texts.";
  consent.recorded_by = "tests";
  consent.recorded_at = now;
  return consent;
}

Org StoreFixture::add_org(OrgId org_id, std::string key) {
  Org item{org_id, std::move(key), "Joe's Plumbing", "America/Chicago", "1 Main St, Austin TX", "https://g.page/joes",
           now};
  must(catalog().create_org(item));
  return item;
}

Contact StoreFixture::add_contact(std::string external_id, std::string phone, std::string email) {
  Contact item = contact(std::move(external_id), std::move(phone), std::move(email));
  must(catalog().create_contact(org, item));
  return item;
}

Job StoreFixture::add_job(const Id& contact, ServiceCategory service) {
  Job job;
  job.id = id();
  job.contact = contact;
  job.service = service;
  job.completed_at = now - kDay;
  job.technician = "Bob";
  job.created_at = now;
  must(catalog().create_job(org, job));
  return job;
}

Template StoreFixture::add_template(std::string key, Channel channel) {
  Template item;
  item.id = id();
  item.key = std::move(key);
  item.channel = channel;
  item.subject = channel == Channel::email ? "How did we do?" : "";
  item.body = "Hello {{first_name}}";
  item.created_at = now;
  must(catalog().create_template(org, item));
  return item;
}

Campaign StoreFixture::add_campaign(std::string key) {
  const Template email = add_template(key + "_email");
  const Template text = add_template(key + "_sms", Channel::sms);
  Campaign campaign;
  campaign.id = id();
  campaign.key = std::move(key);
  campaign.name = "Ask for a review";
  campaign.status = CampaignStatus::active;
  campaign.stop_on = {StopEvent::reply, StopEvent::new_job};
  campaign.touches = {{1, Channel::email, Micros{0}, email.id, email.key, MessageClass::marketing, Priority::normal},
                      {2, Channel::sms, kDay, text.id, text.key, MessageClass::marketing, Priority::normal}};
  campaign.created_at = now;
  must(catalog().create_campaign(org, campaign));
  return campaign;
}

Message StoreFixture::add_message(const Id& contact, Channel channel, Instant due_at) {
  Message message;
  message.id = id();
  message.contact = contact;
  message.channel = channel;
  message.text = "Hello";
  message.planned_at = due_at;
  message.created_at = now;
  must(intake().add_message(org, message));
  return message;
}

EnrollmentPlan StoreFixture::plan(const Campaign& campaign, const Contact& contact, std::optional<Id> job) {
  EnrollmentPlan plan;
  plan.enrollment = {id(), campaign.id, contact.id, job, EnrollmentStatus::active, "", now, std::nullopt};
  for (const Touch& touch : campaign.touches) {
    Message message;
    message.id = id();
    message.contact = contact.id;
    message.job = job;
    message.enrollment = plan.enrollment.id;
    message.campaign = campaign.id;
    message.touch = touch.position;
    message.channel = touch.channel;
    message.template_id = touch.template_id;
    message.planned_at = now + touch.delay;
    message.created_at = now;
    plan.messages.push_back(std::move(message));
  }
  return plan;
}

RowEffect StoreFixture::import(const ContactRow& row, ConflictPolicy policy) {
  const std::vector<ContactRow> rows{row};
  return must(intake().import_contacts(org, rows, policy, now)).at(0).effect;
}

EnrollEffect StoreFixture::enroll(const EnrollmentPlan& plan, Micros cool_down) {
  const std::vector<EnrollmentPlan> plans{plan};
  return must(intake().enroll(org, plans, cool_down, now)).at(0);
}

MessageView StoreFixture::message(const Id& message_id) {
  std::optional<MessageView> view = must(catalog().find_message(org, message_id));
  REQUIRE(view.has_value());
  return *view;
}

std::int64_t StoreFixture::count_contacts() {
  return static_cast<std::int64_t>(must(catalog().list_contacts(org, {}, {1000000, 0})).size());
}

std::size_t StoreFixture::decide_due(Channel channel, const std::function<Decision(const Candidate&)>& decide) {
  const std::unique_ptr<Claim> claim = must(delivery().claim({org, channel, now}, now, 100));
  std::vector<Decision> decisions;
  for (const Candidate& candidate : claim->candidates())
    decisions.push_back(decide(candidate));
  must(claim->commit(decisions, id(), now));
  return decisions.size();
}

std::size_t StoreFixture::send_due(Channel channel) {
  return decide_due(channel, [&](const Candidate& candidate) -> Decision {
    SendIntent intent;
    intent.attempt.message = candidate.message.id;
    intent.attempt.number = candidate.last_number + 1;
    intent.attempt.provider = "outbox";
    intent.attempt.started_at = now;
    intent.attempt.payload.message = candidate.message.id;
    intent.attempt.payload.channel = channel;
    intent.attempt.payload.to = candidate.address;
    intent.attempt.payload.text = "Hello Ann";
    intent.lease_until = now + std::chrono::minutes{5};
    return intent;
  });
}

const std::vector<StoreFixture::Kind>& store_kinds() {
  static const std::vector<StoreFixture::Kind> kinds{
      {"sqlite", [](const TempFolder& folder, Random& random, std::chrono::milliseconds patience) {
         return open_sqlite_store(folder.file("test.db"), true, random, patience);
       }}};
  return kinds;
}

void for_each_store(const std::function<void(StoreFixture&)>& body) {
  for (const StoreFixture::Kind& kind : store_kinds()) {
    CAPTURE(kind.name);
    StoreFixture fixture(kind);
    body(fixture);
  }
}

}  // namespace avisloop
