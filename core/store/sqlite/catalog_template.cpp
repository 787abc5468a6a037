#include <fmt/format.h>

#include "core/base/text.h"
#include "core/store/codec.h"
#include "core/store/sqlite/catalog.h"
#include "core/store/sqlite/rows.h"

namespace avisloop::sqlite {
namespace {

std::string taken(const Template& item) {
  return fmt::format("a template with the key `{}` exists already", item.key);
}

std::vector<std::string> campaigns_with(Connection& connection, OrgId org, const Id& id) {
  std::vector<std::string> keys;
  Query query = connection.query("template_campaigns");
  query.with(org, id);
  while (query.next())
    keys.push_back(query.text(0));
  return keys;
}

/// A message whose template is gone would have nothing to say.
std::int64_t messages_waiting_with(Connection& connection, OrgId org, const Id& id) {
  Query query = connection.query("template_waits");
  return query.with(org, id).next() ? query.number(0) : 0;
}

}  // namespace

Result<> Catalog::create_template(OrgId org, const Template& item) {
  return written(connection(), taken(item), [&]() -> Result<> {
    connection()
        .query("insert_template")
        .with(org, item.id, item.key, to_string(item.channel), item.subject, item.body, item.html,
              encode_map(item.variables), item.max_segments, item.active, item.created_at)
        .run();
    return {};
  });
}

Result<> Catalog::update_template(OrgId org, const Template& item) {
  return written(connection(), taken(item), [&]() -> Result<> {
    const int changed = connection()
                            .query("update_template")
                            .with(org, item.id, item.key, to_string(item.channel), item.subject, item.body, item.html,
                                  encode_map(item.variables), item.max_segments, item.active)
                            .run();
    if (changed == 0) return fail(Fault::data, fmt::format("the template `{}` does not exist", item.key));
    return {};
  });
}

Result<std::optional<Template>> Catalog::find_template(OrgId org, std::string_view key) {
  return guarded(connection(), [&] {
    Query query = connection().query("find_template");
    return read_one(query.with(org, key), read_template);
  });
}

Result<std::optional<Template>> Catalog::find_template_by_id(OrgId org, const Id& id) {
  return guarded(connection(), [&] {
    Query query = connection().query("find_template_by_id");
    return read_one(query.with(org, id), read_template);
  });
}

Result<std::vector<Template>> Catalog::list_templates(OrgId org) {
  return guarded(connection(), [&] {
    Query query = connection().query("list_templates");
    return read_all(query.with(org), read_template);
  });
}

Result<> Catalog::delete_template(OrgId org, const Id& id) {
  return written(connection(), [&]() -> Result<> {
    if (const std::vector<std::string> campaigns = campaigns_with(connection(), org, id); !campaigns.empty()) {
      return fail(Fault::data, "the template is used by the campaign " + join(campaigns, ", "),
                  "give those touches another template first");
    }
    if (const std::int64_t waiting = messages_waiting_with(connection(), org, id); waiting > 0) {
      return fail(
          Fault::data,
          fmt::format("{} message{} still to be sent with the template", waiting, waiting == 1 ? " is" : "s are"),
          "cancel them first, or make the template inactive");
    }
    if (connection().query("delete_template").with(org, id).run() == 0) {
      return fail(Fault::data, fmt::format("the template {} does not exist", to_string(id)));
    }
    return {};
  });
}

}  // namespace avisloop::sqlite
