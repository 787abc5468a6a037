#include "core/store/sqlite/catalog.h"
#include "core/store/sqlite/rows.h"

namespace avisloop::sqlite {
namespace {

LaneState* lane_of(std::vector<LaneState>& lanes, std::string_view channel) {
  for (LaneState& lane : lanes) {
    if (to_string(lane.channel) == channel) return &lane;
  }
  return nullptr;
}

}  // namespace

Result<std::optional<MessageView>> Catalog::find_message(OrgId org, const Id& id) {
  return guarded(connection(), [&] {
    Query query = connection().query("find_message");
    return read_one(query.with(org, id), read_message_view);
  });
}

Result<std::vector<MessageView>> Catalog::list_messages(OrgId org, const MessageFilter& filter, Page page) {
  return guarded(connection(), [&] {
    const std::string_view status = filter.status ? to_string(*filter.status) : std::string_view{};
    Query query = connection().query(filter.contact ? "list_messages_of_contact" : "list_messages");
    query.with(org, status, filter.campaign.has_value(), filter.campaign, filter.due_before.has_value(),
               filter.due_before, page.limit, page.offset, filter.contact);
    return read_all(query, read_message_view);
  });
}

Result<std::vector<Attempt>> Catalog::attempts_of(OrgId org, const Id& message) {
  return guarded(connection(), [&] {
    Query query = connection().query("list_attempts");
    return read_all(query.with(org, message), read_attempt);
  });
}

Result<std::vector<MessageEvent>> Catalog::events_of(OrgId org, const Id& message) {
  return guarded(connection(), [&] {
    Query query = connection().query("list_events");
    return read_all(query.with(org, message), read_event);
  });
}

Result<AddressState> Catalog::address_state(OrgId org, Channel channel, std::string_view address) {
  return guarded(connection(), [&]() -> Result<AddressState> {
    Read read(connection());
    AddressState state;
    const std::vector<std::uint8_t> hash = shared_.hasher.hash(channel, address);
    {
      Query query = connection().query("find_suppression");
      if (query.with(org, to_string(channel), hash).next()) {
        state.suppression = Suppression{channel, query.text(2), query.text(0), query.text(1), query.instant(3)};
      }
    }
    Query query = connection().query("latest_consent");
    if (query.with(org, to_string(channel), address).next()) {
      Consent consent;
      consent.id = query.id(0);
      consent.channel = channel;
      consent.address = std::string(address);
      consent.at = query.instant(1);
      consent.given = query.number(2) != 0;
      consent.method = query.text(3);
      consent.source = query.text(4);
      consent.wording = query.text(5);
      consent.recorded_by = query.text(6);
      consent.recorded_at = query.instant(7);
      state.consent = std::move(consent);
    }
    return state;
  });
}

Result<std::vector<LaneState>> Catalog::lane_states(OrgId org, Instant now) {
  return guarded(connection(), [&]() -> Result<std::vector<LaneState>> {
    Read read(connection());
    std::vector<LaneState> lanes(2);
    lanes[0].channel = Channel::sms;
    lanes[1].channel = Channel::email;
    {
      Query query = connection().query("list_lanes");
      query.with(org);
      while (query.next()) {
        LaneState* lane = lane_of(lanes, query.view(0));
        if (lane == nullptr) continue;
        lane->paused_reason = query.text(1);
        lane->paused_detail = query.text(2);
        lane->paused_at = query.optional_instant(3);
      }
    }
    {
      Query query = connection().query("count_queue");
      query.with(org, now);
      while (query.next()) {
        LaneState* lane = lane_of(lanes, query.view(0));
        if (lane == nullptr) continue;
        lane->due = query.number(1);
        lane->scheduled = query.number(2);
        lane->pending = query.number(3);
      }
    }
    Query query = connection().query("count_open_attempts");
    query.with(org);
    while (query.next()) {
      LaneState* lane = lane_of(lanes, query.view(0));
      if (lane == nullptr) continue;
      lane->sending = query.number(1);
      lane->in_doubt = query.number(2);
    }
    return lanes;
  });
}

Result<std::optional<RunSummary>> Catalog::last_run() {
  return guarded(connection(), [&]() -> Result<std::optional<RunSummary>> {
    Query query = connection().query("last_run");
    if (!query.next()) return std::nullopt;
    RunSummary run;
    run.id = query.id(0);
    run.host = query.text(1);
    run.process_id = static_cast<int>(query.number(2));
    run.started_at = query.instant(3);
    run.ended_at = query.optional_instant(4);
    run.report = query.text(5);
    return run;
  });
}

std::unique_ptr<CatalogStore> make_catalog(Shared& shared) {
  return std::make_unique<Catalog>(shared);
}

}  // namespace avisloop::sqlite
