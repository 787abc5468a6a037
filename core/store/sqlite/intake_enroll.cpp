#include <fmt/format.h>

#include "core/store/codec.h"
#include "core/store/sqlite/intake.h"
#include "core/store/sqlite/rows.h"

namespace avisloop::sqlite {
namespace {

void insert_message(Connection& connection, OrgId org, const Message& message) {
  connection.query("insert_message")
      .with(org, message.id, message.contact, message.job, message.enrollment, message.campaign, message.touch,
            to_string(message.channel), static_cast<int>(message.priority), to_string(message.message_class),
            message.template_id, message.to, message.subject, message.text, encode_map(message.variables),
            message.planned_at, message.created_at)
      .run();
  QueueRow row;
  row.channel = message.channel;
  row.priority = message.priority;
  row.due_at = message.planned_at;
  row.message = message.id;
  enqueue(connection, org, row);
}

bool is_enrolled(Connection& connection, OrgId org, const Enrollment& enrollment) {
  Query query = connection.query("find_enrollment");
  return query.with(org, enrollment.campaign, enrollment.contact, enrollment.job).next();
}

/// Whether the person was sent, or is being sent, another enrollment's messages since `since`. A person is whoever
/// shares phone or email.
Result<bool> is_asked(Connection& connection, OrgId org, const Id& contact, Instant since) {
  std::string phone;
  std::string email;
  {
    Query query = connection.query("contact_addresses");
    if (!query.with(org, contact).next()) {
      return fail(Fault::data, fmt::format("the contact {} does not exist", to_string(contact)));
    }
    phone = query.text(0);
    email = query.text(1);
  }
  const std::pair<Channel, const std::string&> addresses[] = {{Channel::sms, phone}, {Channel::email, email}};
  for (const auto& [channel, address] : addresses) {
    if (address.empty()) continue;
    Query query = connection.query("asked_since");
    if (query.with(org, to_string(channel), address, since).next()) return true;
  }
  Query query = connection.query("person_is_being_asked");
  return query.with(org, contact, phone, email, since).next();
}

Result<EnrollEffect> enroll_one(Connection& connection, OrgId org, const EnrollmentPlan& plan, Instant since) {
  const Enrollment& enrollment = plan.enrollment;
  if (is_enrolled(connection, org, enrollment)) return EnrollEffect::already;
  AVIS_TRY_ASSIGN(const bool asked, is_asked(connection, org, enrollment.contact, since));
  if (asked) return EnrollEffect::cool_down;
  connection.query("insert_enrollment")
      .with(org, enrollment.id, enrollment.campaign, enrollment.contact, enrollment.job, enrollment.started_at)
      .run();
  for (const Message& message : plan.messages)
    insert_message(connection, org, message);
  return EnrollEffect::enrolled;
}

}  // namespace

Result<std::vector<EnrollEffect>> Intake::enroll(OrgId org, std::span<const EnrollmentPlan> plans, Micros cool_down,
                                                 Instant now) {
  return written(connection(), [&]() -> Result<std::vector<EnrollEffect>> {
    std::vector<EnrollEffect> effects;
    effects.reserve(plans.size());
    for (const EnrollmentPlan& plan : plans) {
      AVIS_TRY_ASSIGN(const EnrollEffect effect, enroll_one(connection(), org, plan, now - cool_down));
      effects.push_back(effect);
    }
    return effects;
  });
}

Result<> Intake::add_message(OrgId org, const Message& message) {
  return written(connection(), [&]() -> Result<> {
    insert_message(connection(), org, message);
    return {};
  });
}

Result<std::vector<IntakeStore::Selected>> Intake::select_for_enrollment(OrgId org, const Selection& selection,
                                                                         Id after_contact, Id after_job, int limit) {
  return guarded(connection(), [&]() -> Result<std::vector<Selected>> {
    Read read(connection());
    std::string tag;
    if (!selection.tag.empty()) append_json_text(tag, selection.tag);
    std::vector<Selected> selected;
    if (!selection.jobs_since) {
      Query query = connection().query("select_contacts");
      query.with(org, tag, after_contact, limit);
      while (query.next()) {
        AVIS_TRY_ASSIGN(Contact contact, read_contact(query));
        selected.push_back({std::move(contact), std::nullopt});
      }
      return selected;
    }
    const std::string services = selection.services.empty() ? std::string() : encode_words(selection.services);
    Query jobs = connection().query("select_jobs");
    jobs.with(org, tag, *selection.jobs_since, services, after_contact, after_job, limit);
    while (jobs.next()) {
      AVIS_TRY_ASSIGN(Job job, read_job(jobs));
      Query contacts = connection().query("find_contact");
      AVIS_TRY_ASSIGN(std::optional<Contact> contact, read_one(contacts.with(org, job.contact), read_contact));
      if (contact) selected.push_back({std::move(*contact), std::move(job)});
    }
    return selected;
  });
}

std::unique_ptr<IntakeStore> make_intake(Shared& shared) {
  return std::make_unique<Intake>(shared);
}

}  // namespace avisloop::sqlite
