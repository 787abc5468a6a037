#pragma once

#include "cli/app.h"
#include "core/store/catalog_store.h"
#include "core/store/delivery_store.h"
#include "core/store/intake_store.h"

namespace avisloop {

/// What most commands need: the open store, the org they work for, and the second in which they began:
/// what is planned for "now" is due for any command that begins in the same second.
struct Session {
  Store* store = nullptr;
  Org org;
  Instant now;

  CatalogStore& catalog() const { return store->catalog(); }
  IntakeStore& intake() const { return store->intake(); }
  DeliveryStore& delivery() const { return store->delivery(); }
};

/// Faults: those of App::store, App::org and App::clock.
Result<Session> open_session(App& app);

/// The contact that a person names by id, external id, phone (as written) or email. Fault `data` when there is none.
Result<Contact> require_contact(App& app, const Session& session, std::string_view name);

/// The campaign, template or job of that key or id. Fault `data` when there is none, naming the nearest.
Result<Campaign> require_campaign(const Session& session, std::string_view key);
Result<Template> require_template(const Session& session, std::string_view key);
Result<Job> require_job(const Session& session, std::string_view id);

/// The message of an id as `list messages` shows it. Fault `data` when there is none.
Result<MessageView> require_message(const Session& session, std::string_view id);

}  // namespace avisloop
