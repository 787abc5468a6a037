#include <fmt/format.h>

#include "core/store/sqlite/catalog.h"
#include "core/store/sqlite/rows.h"

namespace avisloop::sqlite {
namespace {

std::string taken(const Org& org) {
  return fmt::format("an organization with the key `{}` exists already", org.key);
}

}  // namespace

Result<> Catalog::create_org(const Org& org) {
  return written(connection(), taken(org), [&]() -> Result<> {
    connection()
        .query("insert_org")
        .with(org.id, org.key, org.name, org.time_zone, org.address, org.review_link, org.created_at)
        .run();
    connection().query("inherit_suppressions").with(org.id, org.key).run();
    return {};
  });
}

Result<> Catalog::update_org(const Org& org, Instant now) {
  return written(connection(), taken(org), [&]() -> Result<> {
    const int changed = connection()
                            .query("update_org")
                            .with(org.id, org.key, org.name, org.time_zone, org.address, org.review_link, now)
                            .run();
    if (changed == 0) return fail(Fault::data, fmt::format("the organization `{}` does not exist", org.key));
    return {};
  });
}

Result<std::vector<Org>> Catalog::list_orgs() {
  return guarded(connection(), [&] {
    Query query = connection().query("list_orgs");
    return read_all(query, read_org);
  });
}

Result<std::optional<Org>> Catalog::find_org(std::string_view key) {
  return guarded(connection(), [&] {
    Query query = connection().query("find_org");
    return read_one(query.with(key), read_org);
  });
}

Result<> Catalog::delete_org(OrgId org) {
  return written(connection(), [&]() -> Result<> {
    {
      Query query = connection().query("org_has_contacts");
      if (query.with(org).next()) {
        return fail(Fault::data, "the organization still has contacts", "delete its contacts first");
      }
    }
    {
      Query query = connection().query("org_has_waiting_messages");
      if (query.with(org).next()) {
        return fail(Fault::data, "messages of the organization are still to be sent", "cancel them first");
      }
    }
    connection().query("remember_former_org").with(org).run();
    for (const std::string_view statement : {"delete_org_touches", "delete_org_campaigns", "delete_org_templates",
                                             "delete_org_jobs", "delete_org_lanes"}) {
      connection().query(statement).with(org).run();
    }
    if (connection().query("delete_org").with(org).run() == 0) {
      return fail(Fault::data, "the organization does not exist");
    }
    return {};
  });
}

}  // namespace avisloop::sqlite
