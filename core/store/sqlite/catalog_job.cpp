#include <fmt/format.h>

#include "core/store/sqlite/catalog.h"
#include "core/store/sqlite/rows.h"

namespace avisloop::sqlite {
namespace {

std::string taken(const Job& job) {
  return fmt::format("a job with the external id `{}` exists already", job.external_id);
}

tl::unexpected<Error> missing(const Id& id) {
  return fail(Fault::data, fmt::format("the job {} does not exist", to_string(id)));
}

bool contact_exists(Connection& connection, OrgId org, const Id& contact) {
  Query query = connection.query("contact_addresses");
  return query.with(org, contact).next();
}

tl::unexpected<Error> missing_contact(const Id& contact) {
  return fail(Fault::data, fmt::format("the contact {} does not exist", to_string(contact)));
}

}  // namespace

Result<> Catalog::create_job(OrgId org, const Job& job) {
  return written(connection(), taken(job), [&]() -> Result<> {
    if (!contact_exists(connection(), org, job.contact)) return missing_contact(job.contact);
    connection()
        .query("insert_job")
        .with(org, job.id, job.external_id, job.contact, to_string(job.service), job.completed_at, job.technician,
              job.notes, job.created_at)
        .run();
    return {};
  });
}

Result<> Catalog::update_job(OrgId org, const Job& job) {
  return written(connection(), taken(job), [&]() -> Result<> {
    if (!contact_exists(connection(), org, job.contact)) return missing_contact(job.contact);
    const int changed = connection()
                            .query("update_job")
                            .with(org, job.id, job.external_id, job.contact, to_string(job.service), job.completed_at,
                                  job.technician, job.notes)
                            .run();
    if (changed == 0) return missing(job.id);
    return {};
  });
}

Result<std::optional<Job>> Catalog::find_job(OrgId org, const Id& id) {
  return guarded(connection(), [&] {
    Query query = connection().query("find_job");
    return read_one(query.with(org, id), read_job);
  });
}

Result<std::vector<Job>> Catalog::list_jobs(OrgId org, std::optional<Id> contact, Page page) {
  return guarded(connection(), [&] {
    if (contact) {
      Query query = connection().query("list_jobs_of_contact");
      return read_all(query.with(org, *contact, page.limit, page.offset), read_job);
    }
    Query query = connection().query("list_jobs");
    return read_all(query.with(org, page.limit, page.offset), read_job);
  });
}

Result<> Catalog::delete_job(OrgId org, const Id& id) {
  return written(connection(), [&]() -> Result<> {
    if (connection().query("delete_job").with(org, id).run() == 0) return missing(id);
    return {};
  });
}

}  // namespace avisloop::sqlite
