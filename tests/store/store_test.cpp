#include "tests/store/fixture.h"

using namespace avisloop;

namespace {

const std::string kPhone = "+15125550142";

}  // namespace

TEST_CASE("A fresh store shows its migrations, applies them once, and is current then") {
  for (const StoreFixture::Kind& kind : store_kinds()) {
    CAPTURE(kind.name);
    const TempFolder folder;
    const auto random = make_seeded_random(3);
    const auto store = must(kind.open(folder, *random, std::chrono::seconds{5}));
    CHECK(fault_of(store->require_current_schema()) == Fault::config);
    const std::vector<Migration> pending = must(store->pending_migrations());
    REQUIRE(!pending.empty());
    CHECK(pending[0].number == 1);
    CHECK(pending[0].name == "0001_foundation");
    CHECK(!pending[0].sql.empty());

    const std::vector<Migration> applied = must(store->migrate(test_start()));
    CHECK(applied.size() == pending.size());
    must(store->require_current_schema());
    CHECK(must(store->pending_migrations()).empty());
    CHECK(must(store->migrate(test_start())).empty());
    const auto again = must(kind.open(folder, *random, std::chrono::seconds{5}));
    must(again->require_current_schema());
    CHECK(must(again->identity()) == must(store->identity()));
    CHECK(!must(again->identity()).empty());
  }
}

TEST_CASE("What a rehearsal does is seen by itself only and leaves no trace") {
  for_each_store([](StoreFixture& f) {
    f.add_contact("A", kPhone);
    {
      const auto rehearsal = f.open_again();
      must(rehearsal->rehearse());
      const std::vector<ContactRow> rows{f.row("B"), f.row("C")};
      must(rehearsal->intake().import_contacts(f.org, rows, ConflictPolicy::update, f.now));
      must(rehearsal->intake().opt_out(f.org, {Channel::sms, kPhone, "opted_out", "STOP", f.now}, f.now));
      CHECK(must(rehearsal->catalog().list_contacts(f.org, {}, {})).size() == 3);
      // An error inside the rehearsal undoes that operation alone.
      CHECK(fault_of(rehearsal->catalog().create_contact(f.org, f.contact("B"))) == Fault::data);
      CHECK(must(rehearsal->catalog().list_contacts(f.org, {}, {})).size() == 3);
      CHECK(f.count_contacts() == 1);
    }
    CHECK(f.count_contacts() == 1);
    CHECK(!must(f.catalog().address_state(f.org, Channel::sms, kPhone)).suppression.has_value());
    must(f.open_again()->require_current_schema());
  });
}

TEST_CASE("A migration can be rehearsed on an empty store") {
  for (const StoreFixture::Kind& kind : store_kinds()) {
    CAPTURE(kind.name);
    const TempFolder folder;
    const auto random = make_seeded_random(3);
    {
      const auto store = must(kind.open(folder, *random, std::chrono::seconds{5}));
      must(store->rehearse());
      CHECK(!must(store->migrate(test_start())).empty());
      must(store->require_current_schema());
    }
    CHECK(!must(must(kind.open(folder, *random, std::chrono::seconds{5}))->pending_migrations()).empty());
  }
}

TEST_CASE("An open claim that is dropped leaves no trace, and nobody sees it meanwhile") {
  for_each_store([](StoreFixture& f) {
    const Contact ann = f.add_contact("A", kPhone);
    const Message message = f.add_message(ann.id, Channel::sms, f.now);
    {
      const std::unique_ptr<Claim> claim = must(f.delivery().claim({f.org, Channel::sms, f.now}, f.now, 10));
      REQUIRE(claim->candidates().size() == 1);
      CHECK(must(f.open_again()->catalog().find_message(f.org, message.id))->status == MessageStatus::scheduled);
    }
    CHECK(f.status(message.id) == MessageStatus::scheduled);
    CHECK(f.send_due(Channel::sms) == 1);
  });
}

TEST_CASE("While another program writes, a write is fault busy and has done nothing; reading goes on") {
  for_each_store([](StoreFixture& f) {
    const auto other = f.open_again(std::chrono::milliseconds{1});
    {
      const std::unique_ptr<Claim> claim = must(f.delivery().claim({f.org, Channel::sms, f.now}, f.now, 10));
      const Contact ann = f.contact("A", kPhone);
      CHECK(fault_of(other->catalog().create_contact(f.org, ann)) == Fault::busy);
      const std::vector<ContactRow> rows{f.row("B")};
      CHECK(fault_of(other->intake().import_contacts(f.org, rows, ConflictPolicy::update, f.now)) == Fault::busy);
      CHECK(must(other->catalog().list_contacts(f.org, {}, {})).empty());
    }
    must(other->catalog().create_contact(f.org, f.contact("A", kPhone)));
    CHECK(f.count_contacts() == 1);
  });
}

TEST_CASE("P4 stop wins: an opt-out that is committed first is seen by the claim") {
  for_each_store([](StoreFixture& f) {
    const Contact ann = f.add_contact("A", kPhone);
    const auto other = f.open_again();
    must(other->intake().opt_out(f.org, {Channel::sms, kPhone, "opted_out", "STOP", f.now}, f.now));
    f.add_message(ann.id, Channel::sms, f.now);
    const std::unique_ptr<Claim> claim = must(f.delivery().claim({f.org, Channel::sms, f.now}, f.now, 10));
    REQUIRE(claim->candidates().size() == 1);
    CHECK(claim->candidates()[0].suppression.has_value());
  });
}
