#include <ostream>

#include <doctest/doctest.h>

#include "tests/cli/import_world.h"

namespace avisloop {
namespace {

TEST_CASE("import opt-outs suppresses each address once") {
  ImportWorld world;
  const std::string_view file =
      "address,channel,reason,at,source\n"
      "(512) 555-0142,sms,STOP by phone,2026-11-01,front desk\n"
      "Ann@Example.com,,,,\n";
  CHECK(world.run({"import", "opt-outs", "--json"}, file) == 0);
  CHECK(world.out ==
        "{\"read\":2,\"created\":2,\"unchanged\":0,\"rejected\":0,\"not_opted_out\":0,\"cancelled\":0,"
        "\"seconds\":0.0}\n");
  const auto phone = world.address(Channel::sms, "+15125550142").suppression;
  REQUIRE(phone.has_value());
  CHECK(phone->reason == "STOP by phone");
  CHECK(phone->source == "front desk");
  CHECK(world.address(Channel::email, "Ann@example.com").suppression.has_value());

  CHECK(world.run({"import", "opt-outs", "--json"}, file) == 0);
  CHECK(world.out.find("\"created\":0,\"unchanged\":2") != std::string::npos);
}

TEST_CASE("a plain list of addresses needs no heading, and its first line counts") {
  ImportWorld world;
  CHECK(world.run({"import", "opt-outs", "--json"}, "512-555-0142\n+15125550143\nann@example.com\n") == 0);
  CHECK(world.out.find("\"read\":3,\"created\":3") != std::string::npos);
  CHECK(world.address(Channel::sms, "+15125550142").suppression.has_value());
  CHECK(world.address(Channel::email, "ann@example.com").suppression.has_value());
}

TEST_CASE("of another sender's audience only those that unsubscribed are suppressed") {
  ImportWorld world;
  CHECK(world.run({"import", "opt-outs", "--json"},
                  "id,email,first_name,last_name,created_at,unsubscribed\n"
                  "1,ann@example.com,Ann,Smith,2026-01-01 10:00:00,true\n"
                  "2,bob@example.com,Bob,Jones,2026-01-01 10:00:00,false\n") == 0);
  CHECK(world.out.find("\"created\":1,\"unchanged\":0,\"rejected\":0,\"not_opted_out\":1") != std::string::npos);
  CHECK(world.address(Channel::email, "ann@example.com").suppression.has_value());
  CHECK_FALSE(world.address(Channel::email, "bob@example.com").suppression.has_value());
}

TEST_CASE("a bad address is rejected and the others are suppressed, also those of its own row") {
  ImportWorld world;
  CHECK(world.run({"import", "opt-outs", "--json"}, "phone,email\n911,ann@example.com\n512-555-0142,\n,\n,nobody\n") ==
        1);
  CHECK(world.out.find("\"read\":4,\"created\":1,\"unchanged\":0,\"rejected\":3") != std::string::npos);
  CHECK(world.address(Channel::email, "ann@example.com").suppression.has_value());
  CHECK(world.err.find("line 4: has no address") != std::string::npos);
}

TEST_CASE("import opt-outs --dry-run suppresses nobody") {
  ImportWorld world;
  CHECK(world.run({"import", "opt-outs", "--dry-run", "--json"}, "512-555-0142\n") == 0);
  CHECK(world.out.find("\"created\":1") != std::string::npos);
  CHECK_FALSE(world.address(Channel::sms, "+15125550142").suppression.has_value());
}

TEST_CASE("P4 stop wins: an imported opt-out cancels what waits for the address") {
  ImportWorld world;
  REQUIRE(world.run({"import", "contacts"}, "external_id,email\nC1,ann@example.com\n") == 0);
  Message message;
  message.id.bytes[15] = 9;
  message.contact = world.contacts().front().id;
  message.channel = Channel::email;
  message.subject = "Hello";
  message.text = "Hello";
  message.planned_at = world.now + kHour;
  message.created_at = world.now;
  REQUIRE(world.store()->intake().add_message(world.org, message));
  CHECK(world.run({"import", "opt-outs", "--json"}, "ann@example.com\n") == 0);
  CHECK(world.out.find("\"cancelled\":1") != std::string::npos);
  CHECK((*world.store()->catalog().find_message(world.org, message.id))->status == MessageStatus::cancelled);
}

}  // namespace
}  // namespace avisloop
