#include "core/store/sqlite/rows.h"

#include "core/store/codec.h"

namespace avisloop::sqlite {
namespace {

template <class E>
Result<E> read_word(const Query& query, int column) {
  const std::optional<E> value = parse_enum<E>(query.view(column));
  if (value) return *value;
  return fail(Fault::distrust, "the store holds an unknown word: " + query.text(column), "restore it from a backup");
}

int small(const Query& query, int column) {
  return static_cast<int>(query.number(column));
}

Result<Message> read_message(const Query& query) {
  Message message;
  message.id = query.id(0);
  message.contact = query.optional_id(1);
  message.job = query.optional_id(2);
  message.enrollment = query.optional_id(3);
  message.campaign = query.optional_id(4);
  message.touch = small(query, 5);
  AVIS_TRY_ASSIGN(message.channel, read_word<Channel>(query, 6));
  message.priority = static_cast<Priority>(query.number(7));
  AVIS_TRY_ASSIGN(message.message_class, read_word<MessageClass>(query, 8));
  message.template_id = query.optional_id(9);
  message.to = query.text(10);
  message.subject = query.text(11);
  message.text = query.text(12);
  AVIS_TRY_ASSIGN(message.variables, decode_map(query.view(13)));
  message.planned_at = query.instant(14);
  message.created_at = query.instant(15);
  return message;
}

}  // namespace

Result<Org> read_org(const Query& query) {
  Org org;
  org.id = OrgId{query.number(0)};
  org.key = query.text(1);
  org.name = query.text(2);
  org.time_zone = query.text(3);
  org.address = query.text(4);
  org.review_link = query.text(5);
  org.created_at = query.instant(6);
  return org;
}

Result<Contact> read_contact(const Query& query) {
  Contact contact;
  contact.id = query.id(0);
  contact.external_id = query.text(1);
  contact.first_name = query.text(2);
  contact.last_name = query.text(3);
  contact.email = query.text(4);
  contact.phone = query.text(5);
  contact.phone_raw = query.text(6);
  contact.state = query.text(7);
  contact.zip = query.text(8);
  contact.time_zone = query.text(9);
  contact.language = query.text(10);
  AVIS_TRY_ASSIGN(contact.tags, decode_list(query.view(11)));
  AVIS_TRY_ASSIGN(contact.custom, decode_map(query.view(12)));
  contact.phone_problem = query.text(13);
  contact.email_problem = query.text(14);
  contact.created_at = query.instant(15);
  contact.updated_at = query.instant(16);
  return contact;
}

Result<Job> read_job(const Query& query) {
  Job job;
  job.id = query.id(0);
  job.external_id = query.text(1);
  job.contact = query.id(2);
  AVIS_TRY_ASSIGN(job.service, read_word<ServiceCategory>(query, 3));
  job.completed_at = query.instant(4);
  job.technician = query.text(5);
  job.notes = query.text(6);
  job.created_at = query.instant(7);
  return job;
}

Result<Template> read_template(const Query& query) {
  Template item;
  item.id = query.id(0);
  item.key = query.text(1);
  AVIS_TRY_ASSIGN(item.channel, read_word<Channel>(query, 2));
  item.subject = query.text(3);
  item.body = query.text(4);
  item.html = query.text(5);
  AVIS_TRY_ASSIGN(item.variables, decode_map(query.view(6)));
  item.max_segments = small(query, 7);
  item.active = query.number(8) != 0;
  item.version = small(query, 9);
  item.uses = query.number(10);
  item.last_used_at = query.optional_instant(11);
  item.created_at = query.instant(12);
  return item;
}

Result<Campaign> read_campaign(const Query& query) {
  Campaign campaign;
  campaign.id = query.id(0);
  campaign.key = query.text(1);
  campaign.name = query.text(2);
  AVIS_TRY_ASSIGN(campaign.status, read_word<CampaignStatus>(query, 3));
  AVIS_TRY_ASSIGN(campaign.services, decode_words<ServiceCategory>(query.view(4)));
  AVIS_TRY_ASSIGN(campaign.tags, decode_list(query.view(5)));
  AVIS_TRY_ASSIGN(campaign.stop_on, decode_words<StopEvent>(query.view(6)));
  campaign.cool_down = Micros{query.number(7)};
  campaign.created_at = query.instant(8);
  return campaign;
}

Result<Touch> read_touch(const Query& query) {
  Touch touch;
  touch.position = small(query, 0);
  AVIS_TRY_ASSIGN(touch.channel, read_word<Channel>(query, 1));
  touch.delay = Micros{query.number(2)};
  touch.template_id = query.id(3);
  touch.template_key = query.text(4);
  AVIS_TRY_ASSIGN(touch.message_class, read_word<MessageClass>(query, 5));
  touch.priority = static_cast<Priority>(query.number(6));
  return touch;
}

Result<MessageView> read_message_view(const Query& query) {
  MessageView view;
  AVIS_TRY_ASSIGN(view.message, read_message(query));
  AVIS_TRY_ASSIGN(view.status, read_word<MessageStatus>(query, 16));
  view.reason = query.text(17);
  view.due_at = query.optional_instant(18);
  view.attempts = small(query, 19);
  view.provider_id = query.text(20);
  view.sent_at = query.optional_instant(21);
  if (const std::string_view payload = query.view(22); !payload.empty()) {
    AVIS_TRY_ASSIGN(const Outgoing sent, decode_payload(payload));
    view.sent_text = sent.text;
    view.address = sent.to;
  }
  view.contact_name = query.text(23);
  if (const std::string_view last_name = query.view(24); !last_name.empty()) {
    if (!view.contact_name.empty()) view.contact_name += ' ';
    view.contact_name += last_name;
  }
  if (view.address.empty()) view.address = view.message.to;
  if (view.address.empty()) view.address = query.text(view.message.channel == Channel::sms ? 25 : 26);
  view.template_key = query.text(27);
  view.campaign_key = query.text(28);
  return view;
}

Result<Attempt> read_attempt(const Query& query) {
  Attempt attempt;
  attempt.message = query.id(0);
  attempt.number = small(query, 1);
  attempt.run = query.id(2);
  attempt.provider = query.text(3);
  AVIS_TRY_ASSIGN(attempt.state, read_word<AttemptState>(query, 4));
  attempt.started_at = query.instant(5);
  attempt.ended_at = query.optional_instant(6);
  attempt.idempotency_key = query.text(7);
  attempt.position = small(query, 8);
  AVIS_TRY_ASSIGN(attempt.payload, decode_payload(query.view(9)));
  attempt.checks = query.text(10);
  attempt.provider_id = query.text(11);
  attempt.segments = small(query, 12);
  attempt.cost_micros = query.number(13);
  AVIS_TRY_ASSIGN(attempt.error_class, read_word<ErrorClass>(query, 14));
  attempt.error_code = query.text(15);
  attempt.error_text = query.text(16);
  attempt.looks = small(query, 17);
  return attempt;
}

Result<MessageEvent> read_event(const Query& query) {
  MessageEvent event;
  event.at = query.instant(0);
  event.what = query.text(1);
  event.reason = query.text(2);
  event.detail = query.text(3);
  event.run = query.optional_id(4);
  return event;
}

}  // namespace avisloop::sqlite
