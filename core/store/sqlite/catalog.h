#pragma once

#include "core/store/catalog_store.h"
#include "core/store/sqlite/store.h"
#include "core/store/sqlite/written.h"

namespace avisloop::sqlite {

/// The catalog on SQLite; each noun has a file of its own (catalog_*.cpp).
class Catalog : public CatalogStore {
 public:
  explicit Catalog(Shared& shared) : shared_(shared) {}

  Result<> create_org(const Org& org) override;
  Result<> update_org(const Org& org, Instant now) override;
  Result<std::vector<Org>> list_orgs() override;
  Result<std::optional<Org>> find_org(std::string_view key) override;
  Result<> delete_org(OrgId org) override;

  Result<> create_contact(OrgId org, const Contact& contact) override;
  Result<> update_contact(OrgId org, const Contact& contact, Instant now) override;
  Result<std::optional<Contact>> find_contact(OrgId org, const Id& id) override;
  Result<std::optional<Contact>> find_contact_by_key(OrgId org, std::string_view key) override;
  Result<std::vector<Contact>> list_contacts(OrgId org, const ContactFilter& filter, Page page) override;
  Result<CancelOutcome> delete_contact(OrgId org, const Id& id, Instant now) override;

  Result<> create_job(OrgId org, const Job& job) override;
  Result<> update_job(OrgId org, const Job& job) override;
  Result<std::optional<Job>> find_job(OrgId org, const Id& id) override;
  Result<std::vector<Job>> list_jobs(OrgId org, std::optional<Id> contact, Page page) override;
  Result<> delete_job(OrgId org, const Id& id) override;

  Result<> create_template(OrgId org, const Template& item) override;
  Result<> update_template(OrgId org, const Template& item) override;
  Result<std::optional<Template>> find_template(OrgId org, std::string_view key) override;
  Result<std::optional<Template>> find_template_by_id(OrgId org, const Id& id) override;
  Result<std::vector<Template>> list_templates(OrgId org) override;
  Result<> delete_template(OrgId org, const Id& id) override;

  Result<> create_campaign(OrgId org, const Campaign& campaign) override;
  Result<> update_campaign(OrgId org, const Campaign& campaign) override;
  Result<std::optional<Campaign>> find_campaign(OrgId org, std::string_view key) override;
  Result<std::optional<Campaign>> find_campaign_by_id(OrgId org, const Id& id) override;
  Result<std::vector<Campaign>> list_campaigns(OrgId org) override;
  Result<CancelOutcome> set_campaign_status(OrgId org, const Id& id, CampaignStatus status, Instant now) override;
  Result<> delete_campaign(OrgId org, const Id& id) override;

  Result<std::optional<MessageView>> find_message(OrgId org, const Id& id) override;
  Result<std::vector<MessageView>> list_messages(OrgId org, const MessageFilter& filter, Page page) override;
  Result<std::vector<Attempt>> attempts_of(OrgId org, const Id& message) override;
  Result<std::vector<MessageEvent>> events_of(OrgId org, const Id& message) override;

  Result<AddressState> address_state(OrgId org, Channel channel, std::string_view address) override;

  Result<std::vector<LaneState>> lane_states(OrgId org, Instant now) override;
  Result<std::optional<RunSummary>> last_run() override;

 private:
  Connection& connection() { return shared_.connection; }

  /// The answer to a bound query of campaigns, with their touches.
  Result<std::vector<Campaign>> read_campaigns(OrgId org, Query query);

  Shared& shared_;
};

}  // namespace avisloop::sqlite
