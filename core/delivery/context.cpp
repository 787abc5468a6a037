#include "core/delivery/context.h"

#include "core/store/catalog_store.h"

namespace avisloop {
namespace {

GatePolicy policy_of(const Org& org, Channel channel, const OrgSettings& settings) {
  GatePolicy policy;
  policy.profile = settings.quiet_hours.profile;
  policy.house = {settings.quiet_hours.closed_dates, settings.quiet_hours.stopped_states};
  policy.sms_per_contact_per_day = static_cast<int>(settings.limits.contact_sms_per_day);
  policy.email_per_contact_per_day = static_cast<int>(settings.limits.contact_email_per_day);
  policy.channel_enabled = channel == Channel::email || settings.sms.enabled;
  policy.org_time_zone = org.time_zone;
  return policy;
}

std::vector<RateLimit> limits_of(Channel channel, const OrgSettings& settings) {
  std::vector<RateLimit> limits;
  const auto add = [&limits](Micros period, std::int64_t most) {
    if (most > 0) limits.push_back({period, most});
  };
  if (channel == Channel::sms) {
    add(std::chrono::seconds{1}, settings.limits.sms_per_second);
    add(std::chrono::minutes{1}, settings.limits.sms_per_minute);
    add(kHour, settings.limits.sms_per_hour);
    add(kDay, settings.limits.sms_per_day);
  } else {
    add(std::chrono::minutes{1}, settings.limits.email_per_minute);
  }
  return limits;
}

}  // namespace

Result<LaneContext*> DeliveryContext::lane(OrgId org, Channel channel) {
  const auto key = std::pair(org, channel);
  auto found = lanes_.find(key);
  if (found == lanes_.end()) found = lanes_.emplace(key, make_lane(org, channel)).first;
  if (!found->second) return tl::unexpected(found->second.error());
  return &*found->second;
}

Result<LaneContext> DeliveryContext::make_lane(OrgId org, Channel channel) {
  auto found = orgs_.find(org);
  if (found == orgs_.end()) {  // the first lane, or an org that was made since
    AVIS_TRY_ASSIGN(const std::vector<Org> orgs, parts_.store.catalog().list_orgs());
    for (const Org& each : orgs)
      orgs_.emplace(each.id, each);
    found = orgs_.find(org);
  }
  if (found == orgs_.end()) return fail(Fault::bug, "a message belongs to an organization that does not exist");
  LaneContext lane;
  lane.org = found->second;
  lane.settings = &parts_.settings.of(lane.org.key);
  auto provider = parts_.make_provider(channel, *lane.settings);
  if (!provider) return tl::unexpected(provider.error());
  lane.provider = std::move(*provider);
  lane.policy = policy_of(lane.org, channel, *lane.settings);
  lane.limits = limits_of(channel, *lane.settings);
  return lane;
}

Result<const DeliveryContext::LoadedTemplate*> DeliveryContext::load_template(OrgId org, const Id& id, int version) {
  const auto key = std::pair(id, version);
  if (const auto found = templates_.find(key); found != templates_.end()) return &found->second;
  AVIS_TRY_ASSIGN(std::optional<Template> source, parts_.store.catalog().find_template_by_id(org, id));
  if (!source) return fail(Fault::data, "the template no longer exists");
  AVIS_TRY_ASSIGN(std::unique_ptr<ParsedTemplate> parsed, parse_template(*source));
  return &templates_.emplace(key, LoadedTemplate{std::move(*source), std::move(parsed)}).first->second;
}

}  // namespace avisloop
