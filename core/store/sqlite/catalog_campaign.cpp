#include <fmt/format.h>

#include "core/store/codec.h"
#include "core/store/sqlite/catalog.h"
#include "core/store/sqlite/rows.h"
#include "core/store/sqlite/stopping.h"

namespace avisloop::sqlite {
namespace {

std::string taken(const Campaign& campaign) {
  return fmt::format("a campaign with the key `{}` exists already", campaign.key);
}

tl::unexpected<Error> missing(const Id& id) {
  return fail(Fault::data, fmt::format("the campaign {} does not exist", to_string(id)));
}

void insert_touches(Connection& connection, OrgId org, const Campaign& campaign) {
  for (const Touch& touch : campaign.touches) {
    connection.query("insert_touch")
        .with(org, campaign.id, touch.position, to_string(touch.channel), touch.delay, touch.template_id,
              to_string(touch.message_class), static_cast<int>(touch.priority))
        .run();
  }
}

}  // namespace

Result<> Catalog::create_campaign(OrgId org, const Campaign& campaign) {
  return written(connection(), taken(campaign), [&]() -> Result<> {
    connection()
        .query("insert_campaign")
        .with(org, campaign.id, campaign.key, campaign.name, to_string(campaign.status),
              encode_words(campaign.services), encode_list(campaign.tags), encode_words(campaign.stop_on),
              campaign.cool_down, campaign.created_at)
        .run();
    insert_touches(connection(), org, campaign);
    return {};
  });
}

Result<> Catalog::update_campaign(OrgId org, const Campaign& campaign) {
  return written(connection(), taken(campaign), [&]() -> Result<> {
    const int changed = connection()
                            .query("update_campaign")
                            .with(org, campaign.id, campaign.key, campaign.name, encode_words(campaign.services),
                                  encode_list(campaign.tags), encode_words(campaign.stop_on), campaign.cool_down)
                            .run();
    if (changed == 0) return missing(campaign.id);
    connection().query("delete_touches").with(org, campaign.id).run();
    insert_touches(connection(), org, campaign);
    return {};
  });
}

Result<std::vector<Campaign>> Catalog::read_campaigns(OrgId org, Query query) {
  AVIS_TRY_ASSIGN(std::vector<Campaign> campaigns, read_all(query, read_campaign));
  for (Campaign& campaign : campaigns) {
    Query touches = connection().query("list_touches");
    AVIS_TRY_ASSIGN(campaign.touches, read_all(touches.with(org, campaign.id), read_touch));
  }
  return campaigns;
}

Result<std::optional<Campaign>> Catalog::find_campaign(OrgId org, std::string_view key) {
  return guarded(connection(), [&]() -> Result<std::optional<Campaign>> {
    Read read(connection());
    Query query = connection().query("find_campaign");
    query.with(org, key);
    AVIS_TRY_ASSIGN(std::vector<Campaign> found, read_campaigns(org, std::move(query)));
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
  });
}

Result<std::optional<Campaign>> Catalog::find_campaign_by_id(OrgId org, const Id& id) {
  return guarded(connection(), [&]() -> Result<std::optional<Campaign>> {
    Read read(connection());
    Query query = connection().query("find_campaign_by_id");
    query.with(org, id);
    AVIS_TRY_ASSIGN(std::vector<Campaign> found, read_campaigns(org, std::move(query)));
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
  });
}

Result<std::vector<Campaign>> Catalog::list_campaigns(OrgId org) {
  return guarded(connection(), [&] {
    Read read(connection());
    Query query = connection().query("list_campaigns");
    query.with(org);
    return read_campaigns(org, std::move(query));
  });
}

Result<CancelOutcome> Catalog::set_campaign_status(OrgId org, const Id& id, CampaignStatus status, Instant now) {
  return written(connection(), [&]() -> Result<CancelOutcome> {
    if (connection().query("set_campaign_status").with(org, id, to_string(status)).run() == 0) return missing(id);
    if (status != CampaignStatus::completed) return CancelOutcome{};
    return stop_campaign(connection(), org, id, {"campaign_completed", {}, now, std::nullopt});
  });
}

Result<> Catalog::delete_campaign(OrgId org, const Id& id) {
  return written(connection(), [&]() -> Result<> {
    {
      Query query = connection().query("campaign_has_enrollments");
      if (query.with(org, id).next()) {
        return fail(Fault::data, "the campaign has enrollments", "complete it instead: its history stays");
      }
    }
    connection().query("delete_touches").with(org, id).run();
    if (connection().query("delete_campaign").with(org, id).run() == 0) return missing(id);
    return {};
  });
}

}  // namespace avisloop::sqlite
