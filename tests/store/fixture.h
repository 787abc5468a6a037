#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/base/id.h"
#include "core/base/random.h"
#include "core/store/catalog_store.h"
#include "core/store/delivery_store.h"
#include "core/store/intake_store.h"
#include "core/store/store.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_folder.h"

namespace avisloop {

/// A fresh, migrated store of one kind with one org in it, and short words for making what a test needs.
class StoreFixture {
 public:
  /// How one kind of store is made: `open` may be called again for a second connection to the same store.
  struct Kind {
    std::string name;
    std::function<Result<std::unique_ptr<Store>>(const TempFolder& folder, Random& random,
                                                 std::chrono::milliseconds patience)>
        open;
  };

  explicit StoreFixture(const Kind& kind);

  /// Another connection to the same store, which waits that long for another writer.
  std::unique_ptr<Store> open_again(std::chrono::milliseconds patience = std::chrono::seconds{5});

  Store& store() { return *store_; }
  CatalogStore& catalog() { return store_->catalog(); }
  IntakeStore& intake() { return store_->intake(); }
  DeliveryStore& delivery() { return store_->delivery(); }
  const TempFolder& folder() const { return folder_; }

  OrgId org{7};
  Instant now = test_start();

  Id id() { return ids_.make(now); }

  /// Contacts: not stored yet.
  Contact contact(std::string external_id, std::string phone = {}, std::string email = {});
  ContactRow row(std::string external_id, std::string phone = {}, std::string email = {});
  Consent consent(Channel channel, std::string address, bool given = true);

  /// Stored at once.
  Org add_org(OrgId id, std::string key);
  Contact add_contact(std::string external_id, std::string phone = {}, std::string email = {});
  Job add_job(const Id& contact, ServiceCategory service = ServiceCategory::plumbing);
  Template add_template(std::string key, Channel channel = Channel::email);
  Campaign add_campaign(std::string key);
  Message add_message(const Id& contact, Channel channel, Instant due_at);

  /// One email at once and one text a day later.
  EnrollmentPlan plan(const Campaign& campaign, const Contact& contact, std::optional<Id> job = std::nullopt);

  RowEffect import(const ContactRow& row, ConflictPolicy policy = ConflictPolicy::update);
  EnrollEffect enroll(const EnrollmentPlan& plan, Micros cool_down = 90 * kDay);
  MessageView message(const Id& id);
  MessageStatus status(const Id& id) { return message(id).status; }
  std::int64_t count_contacts();

  /// What a run does to the due messages of one lane; answers how many there were.
  std::size_t decide_due(Channel channel, const std::function<Decision(const Candidate&)>& decide);
  /// Every due message of the channel is on the wire; nothing is known of it yet.
  std::size_t send_due(Channel channel);

 private:
  TempFolder folder_;
  std::unique_ptr<Random> random_;
  IdMaker ids_;
  Kind kind_;
  std::unique_ptr<Store> store_;
};

/// The kinds of store there are.
const std::vector<StoreFixture::Kind>& store_kinds();

/// Runs the body against a fresh store of every kind.
void for_each_store(const std::function<void(StoreFixture&)>& body);

/// The value, or a failed test that shows the error.
template <class T>
T must(Result<T> result) {
  REQUIRE_MESSAGE(result.has_value(), result.error().message);
  if constexpr (!std::is_void_v<T>) return std::move(result).value();
}

/// The fault of a result that must be an error.
template <class T>
Fault fault_of(const Result<T>& result) {
  REQUIRE(!result.has_value());
  return result.error().fault;
}

}  // namespace avisloop
