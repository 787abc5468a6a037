#include "cli/records.h"

#include <fmt/format.h>

namespace avisloop {
namespace {

std::vector<Record> pairs(const std::map<std::string, std::string>& map) {
  Record inner;
  for (const auto& [name, value] : map)
    inner.set(name, value);
  return {inner};
}

/// A map as an object, also when it is empty.
Record& set_map(Record& record, std::string_view key, const std::map<std::string, std::string>& map) {
  return record.nest(std::string(key), pairs(map).front());
}

Value optional_id(const std::optional<Id>& id) {
  return id ? Value{to_string(*id)} : Value{};
}

}  // namespace

bool prints_for_people(const App& app) {
  return app.options.format == OutputFormat::table;
}

std::string full_name(const Contact& contact) {
  if (contact.first_name.empty()) return contact.last_name;
  return contact.last_name.empty() ? contact.first_name : contact.first_name + " " + contact.last_name;
}

Record record_of(const Org& org) {
  Record record;
  record.set("key", org.key).set("name", org.name).set("time_zone", org.time_zone).set("address", org.address);
  return record.set("review_link", org.review_link).set("created_at", org.created_at);
}

Record row_of(const Org& org) {
  return Record().set("key", org.key).set("name", org.name).set("time_zone", org.time_zone);
}

Record record_of(const Contact& contact) {
  Record record;
  record.set("id", contact.id).set("external_id", contact.external_id).set("first_name", contact.first_name);
  record.set("last_name", contact.last_name).set("email", contact.email).set("phone", contact.phone);
  record.set("phone_raw", contact.phone_raw).set("state", contact.state).set("zip", contact.zip);
  record.set("time_zone", contact.time_zone).set("language", contact.language).set("tags", contact.tags);
  set_map(record, "custom", contact.custom);
  record.set("phone_problem", contact.phone_problem).set("email_problem", contact.email_problem);
  return record.set("created_at", contact.created_at).set("updated_at", contact.updated_at);
}

Record row_of(const Contact& contact) {
  Record row;
  row.set("id", contact.id).set("name", full_name(contact)).set("phone", contact.phone).set("email", contact.email);
  return row.set("state", contact.state).set("tags", contact.tags);
}

Record record_of(const Job& job) {
  Record record;
  record.set("id", job.id).set("external_id", job.external_id).set("contact", job.contact);
  record.set("service", to_string(job.service)).set("completed_at", job.completed_at);
  return record.set("technician", job.technician).set("notes", job.notes).set("created_at", job.created_at);
}

Record row_of(const Job& job, std::string_view zone) {
  Record row;
  row.set("id", job.id).set("contact", job.contact).set("service", to_string(job.service));
  return row.set("completed", local_text(zone, job.completed_at)).set("technician", job.technician);
}

Record record_of(const Template& item) {
  Record record;
  record.set("key", item.key).set("channel", to_string(item.channel)).set("active", item.active);
  record.set("version", item.version).set("subject", item.subject).set("body", item.body).set("html", item.html);
  set_map(record, "variables", item.variables);
  record.set("max_segments", item.max_segments).set("uses", item.uses).set("last_used_at", item.last_used_at);
  return record.set("created_at", item.created_at);
}

Record row_of(const Template& item) {
  Record row;
  row.set("key", item.key).set("channel", to_string(item.channel)).set("active", item.active);
  row.set("version", item.version).set("uses", item.uses);
  return row.set("text", item.channel == Channel::email ? item.subject : item.body);
}

std::vector<Record> touch_rows(const Campaign& campaign) {
  std::vector<Record> rows;
  for (const Touch& touch : campaign.touches) {
    Record row;
    row.set("touch", touch.position).set("channel", to_string(touch.channel));
    row.set("delay", touch.delay == Micros{0} ? "at once" : format_duration(touch.delay));
    row.set("template", touch.template_key).set("class", to_string(touch.message_class));
    rows.push_back(std::move(row.set("priority", to_string(touch.priority))));
  }
  return rows;
}

Record record_of(const Campaign& campaign) {
  std::vector<Record> touches;
  for (const Touch& touch : campaign.touches) {
    Record row;
    row.set("position", touch.position).set("channel", to_string(touch.channel));
    row.set("delay", format_duration(touch.delay)).set("template", touch.template_key);
    row.set("class", to_string(touch.message_class)).set("priority", to_string(touch.priority));
    touches.push_back(std::move(row));
  }
  Record record;
  record.set("key", campaign.key).set("name", campaign.name).set("status", to_string(campaign.status));
  record.set("trigger", words_of_list(campaign.services)).set("tags", campaign.tags);
  record.set("stop_on", words_of_list(campaign.stop_on)).set("cool_down", format_duration(campaign.cool_down));
  return record.set("touches", std::move(touches)).set("created_at", campaign.created_at);
}

Record row_of(const Campaign& campaign) {
  Record row;
  row.set("key", campaign.key).set("name", campaign.name).set("status", to_string(campaign.status));
  return row.set("trigger", words_of_list(campaign.services)).set("touches", campaign.touches.size());
}

Record record_of(const MessageView& view) {
  const Message& message = view.message;
  Record record;
  record.set("id", message.id).set("status", to_string(view.status)).set("reason", view.reason);
  record.set("channel", to_string(message.channel)).set("class", to_string(message.message_class));
  record.set("priority", to_string(message.priority)).set("contact", optional_id(message.contact));
  record.set("contact_name", view.contact_name).set("address", view.address).set("campaign", view.campaign_key);
  record.set("touch", message.touch).set("template", view.template_key).set("planned_at", message.planned_at);
  record.set("due_at", view.due_at).set("sent_at", view.sent_at).set("attempts", view.attempts);
  return record.set("provider_id", view.provider_id).set("text", view.sent_text);
}

Record row_of(const MessageView& view, std::string_view zone) {
  Record row;
  row.set("id", view.message.id).set("status", to_string(view.status)).set("reason", view.reason);
  row.set("channel", to_string(view.message.channel))
      .set("to", view.contact_name.empty() ? view.address : view.contact_name);
  const Instant when = view.sent_at ? *view.sent_at : view.due_at.value_or(view.message.planned_at);
  return row.set("when", local_text(zone, when)).set("template", view.template_key);
}

Record record_of(const Consent& consent) {
  Record record;
  record.set("channel", to_string(consent.channel)).set("address", consent.address).set("given", consent.given);
  record.set("at", consent.at).set("method", consent.method).set("source", consent.source);
  record.set("wording", consent.wording).set("recorded_by", consent.recorded_by);
  return record.set("recorded_at", consent.recorded_at);
}

Record record_of(const Suppression& suppression) {
  Record record;
  record.set("channel", to_string(suppression.channel)).set("address_ends_in", suppression.tail);
  record.set("reason", suppression.reason).set("source", suppression.source);
  return record.set("at", suppression.at);
}

}  // namespace avisloop
