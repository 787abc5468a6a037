#include "core/rules/touches.h"

#include <algorithm>

#include "core/base/text.h"

namespace avisloop {

std::vector<Message> lay_out(const Campaign& campaign, const Enrollment& enrollment, IdMaker& ids, Instant now) {
  std::vector<Message> messages;
  messages.reserve(campaign.touches.size());
  for (const Touch& touch : campaign.touches) {
    Message message;
    message.id = ids.make(now);
    message.contact = enrollment.contact;
    message.job = enrollment.job;
    message.enrollment = enrollment.id;
    message.campaign = campaign.id;
    message.touch = touch.position;
    message.channel = touch.channel;
    message.priority = touch.priority;
    message.message_class = touch.message_class;
    message.template_id = touch.template_id;
    message.planned_at = enrollment.started_at + touch.delay;
    message.created_at = now;
    messages.push_back(std::move(message));
  }
  return messages;
}

bool triggers(const Campaign& campaign, const Contact& contact, ServiceCategory service) {
  const bool service_fits = campaign.services.empty() || std::find(campaign.services.begin(), campaign.services.end(),
                                                                   service) != campaign.services.end();
  const auto has_tag = [&](const std::string& wanted) {
    return std::any_of(contact.tags.begin(), contact.tags.end(),
                       [&](const std::string& tag) { return equals_ignoring_case(trim(tag), trim(wanted)); });
  };
  return service_fits && (campaign.tags.empty() || std::any_of(campaign.tags.begin(), campaign.tags.end(), has_tag));
}

}  // namespace avisloop
