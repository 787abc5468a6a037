#include "tests/store/fixture.h"

using namespace avisloop;

TEST_CASE("An organization is stored, found, changed and listed") {
  for_each_store([](StoreFixture& f) {
    const Org second = f.add_org(OrgId{9}, "anns");
    const std::vector<Org> all = must(f.catalog().list_orgs());
    REQUIRE(all.size() == 2);
    CHECK(all[0].key == "anns");
    CHECK(all[1].key == "joes");

    Org changed = second;
    changed.name = "Ann's Roofing";
    changed.time_zone = "America/New_York";
    changed.address = "2 Elm St";
    changed.review_link = "https://g.page/anns";
    must(f.catalog().update_org(changed, f.now));
    const Org found = must(f.catalog().find_org("anns")).value();
    CHECK(found.id == OrgId{9});
    CHECK(found.name == "Ann's Roofing");
    CHECK(found.time_zone == "America/New_York");
    CHECK(found.address == "2 Elm St");
    CHECK(found.review_link == "https://g.page/anns");
    CHECK(found.created_at == f.now);
    CHECK(!must(f.catalog().find_org("nobody")).has_value());
  });
}

TEST_CASE("Two organizations cannot have one key") {
  for_each_store([](StoreFixture& f) {
    Org org = f.add_org(OrgId{9}, "anns");
    org.id = OrgId{10};
    CHECK(fault_of(f.catalog().create_org(org)) == Fault::data);
    org.id = OrgId{9};
    org.key = "joes";
    CHECK(fault_of(f.catalog().update_org(org, f.now)) == Fault::data);
    org.id = OrgId{11};
    org.key = "third";
    CHECK(fault_of(f.catalog().update_org(org, f.now)) == Fault::data);
  });
}
