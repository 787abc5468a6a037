#include "tests/delivery/bench.h"

namespace avisloop {
namespace {

OptOutRow opt_out_of(Bench& bench, int person) {
  return {bench.channel, bench.address_of(person), "opted_out", "tests", bench.clock.now()};
}

/// Counts how many messages of this status there are.
std::size_t count_status(Bench& bench, const std::vector<Id>& messages, MessageStatus status) {
  std::size_t count = 0;
  for (const Id& message : messages)
    count += bench.status(message) == status ? 1 : 0;
  return count;
}

}  // namespace

TEST_CASE("P4 stop wins: an opt-out that is committed while a run is under way stops every message without an intent") {
  for (const std::string_view kind : {"twilio", "resend", "outbox", "smtp"}) {
    CAPTURE(kind);
    Bench bench(kind);
    std::vector<Id> messages;
    for (int person = 1; person <= 9; ++person)
      messages.push_back(bench.add_due(person));
    const std::unique_ptr<Store> other = bench.open_again();
    bool done = false;
    std::set<std::string> with_intent;
    bench.world.hook = [&](std::string_view what) {
      if (what != "polled" || done) return;
      done = true;
      for (const std::string& address : bench.ask("select address from attempts"))
        with_intent.insert(address);
      for (int person = 1; person <= 9; ++person) {
        must(other->intake().opt_out(bench.org, opt_out_of(bench, person), bench.clock.now()));
        if (!with_intent.contains(bench.address_of(person))) bench.world.forbidden.insert(bench.address_of(person));
      }
    };
    const RunReport report = bench.run(in_flight(2));
    REQUIRE(done);
    REQUIRE(with_intent.size() < 9);
    bench.world.hook = [](std::string_view) {};
    bench.settle(messages);
    CHECK(bench.world.violations.empty());
    CHECK(bench.world.ledger.size() == with_intent.size());
    CHECK(count_status(bench, messages, MessageStatus::sent) == with_intent.size());
    CHECK(count_status(bench, messages, MessageStatus::cancelled) == 9 - with_intent.size());
  }
}

TEST_CASE("P4 stop wins: a message in doubt is not sent again to someone who opted out meanwhile") {
  for (const std::string_view kind : {"twilio", "resend", "outbox"}) {
    CAPTURE(kind);
    Bench bench(kind);
    const Id message = bench.add_due(1);
    bench.world.behave = [](const Outgoing&) { return Behaviour{Treatment::lose_request, std::nullopt, {}}; };
    CHECK(bench.run().in_doubt == 1);
    bench.world.behave = [](const Outgoing&) { return Behaviour{}; };
    must(bench.intake().opt_out(bench.org, opt_out_of(bench, 1), bench.clock.now()));
    bench.world.forbidden.insert(bench.address_of(1));
    bench.settle({message});
    CHECK(bench.world.violations.empty());
    CHECK(bench.world.ledger.empty());
    CHECK(bench.status(message) != MessageStatus::sent);
  }
}

TEST_CASE("P4 stop wins: a batch in doubt is not repeated while one of its recipients has opted out") {
  Bench bench("resend");
  std::vector<Id> messages;
  for (int person = 1; person <= 3; ++person)
    messages.push_back(bench.add_due(person));
  bench.world.behave = [](const Outgoing&) { return Behaviour{Treatment::lose_request, std::nullopt, {}}; };
  CHECK(bench.run(in_flight(3)).in_doubt == 3);
  REQUIRE(bench.world.requests == 1);
  bench.world.behave = [](const Outgoing&) { return Behaviour{}; };
  must(bench.intake().opt_out(bench.org, opt_out_of(bench, 2), bench.clock.now()));
  bench.world.forbidden.insert(bench.address_of(2));
  bench.settle(messages);
  CHECK(bench.world.violations.empty());
  CHECK(bench.world.copies_of(messages[1]) == 0);
}

TEST_CASE("P4 stop wins: a recipient whom the carrier knows as opted out is suppressed and the rest is cancelled") {
  Bench bench("twilio");
  const Contact person = bench.add_person(1);
  const Campaign campaign = bench.add_plain_campaign("ask");
  const Id first = bench.add_due(person);
  const Id later = bench.enroll_due(person, campaign);
  bench.world.behave = [](const Outgoing&) { return Behaviour{Treatment::opted_out, std::nullopt, {}}; };
  const RunReport report = bench.run();
  CHECK(report.failed.at("recipient_opted_out") == 1);
  CHECK(bench.status(first) == MessageStatus::failed);
  CHECK(bench.status(later) == MessageStatus::cancelled);
  const AddressState state = must(bench.catalog().address_state(bench.org, Channel::sms, Bench::phone_of(1)));
  REQUIRE(state.suppression.has_value());
  CHECK(state.suppression->source == "provider");
  bench.world.forbidden.insert(Bench::phone_of(1));
  bench.world.behave = [](const Outgoing&) { return Behaviour{}; };
  bench.advance(kDay);
  const Id again = bench.add_due(person);
  CHECK(bench.run().cancelled.at("opted_out") == 1);
  CHECK(bench.status(again) == MessageStatus::cancelled);
  CHECK(bench.world.violations.empty());
}

TEST_CASE("P6 stop stays: importing the person again brings no message back") {
  Bench bench("twilio");
  bench.add_person(1);
  must(bench.intake().opt_out(bench.org, opt_out_of(bench, 1), bench.clock.now()));
  bench.world.forbidden.insert(Bench::phone_of(1));
  ContactRow row = bench.row("again", Bench::phone_of(1));
  row.consents.push_back(bench.consent(Channel::sms, Bench::phone_of(1)));
  bench.import(row);
  const auto person = must(bench.catalog().find_contact_by_key(bench.org, "again"));
  REQUIRE(person.has_value());
  const Id message = bench.add_due(*person);
  const Id direct = bench.add_due_in(bench.org, Bench::phone_of(2));
  static_cast<void>(direct);
  bench.run();
  CHECK(bench.status(message) == MessageStatus::cancelled);
  CHECK(bench.world.copies_to(Bench::phone_of(1)) == 0);
  CHECK(bench.world.copies_to(Bench::phone_of(2)) == 1);
}

TEST_CASE("P5 no consent, no text: without a record, or after its withdrawal, a text is skipped with the reason") {
  Bench bench("twilio");
  Contact stranger = bench.contact("stranger", Bench::phone_of(1));
  stranger.time_zone = "America/Chicago";
  must(bench.catalog().create_contact(bench.org, stranger));
  const Id unasked = bench.add_due(stranger);
  const Contact person = bench.add_person(2);
  ContactRow row = bench.row(person.external_id, person.phone);
  Consent withdrawn = bench.consent(Channel::sms, person.phone, false);
  withdrawn.at = bench.now - std::chrono::hours{1};
  row.consents.push_back(withdrawn);
  bench.import(row);
  const Id after = bench.add_due(person);
  const RunReport report = bench.run();
  CHECK(report.skipped.at("no_consent") == 2);
  CHECK(bench.message(unasked).reason == "no_consent");
  CHECK(bench.message(after).reason == "no_consent");
  CHECK(bench.world.handed_over.empty());
}

TEST_CASE("P7 tenants are apart: an opt-out from one business leaves the other's messages alone") {
  Bench bench("twilio");
  bench.add_org(OrgId{8}, "anns");
  must(bench.intake().opt_out(bench.org, opt_out_of(bench, 1), bench.clock.now()));
  bench.add_due_in(OrgId{8}, Bench::phone_of(1));
  CHECK(bench.run().sent == 1);
}

}  // namespace avisloop
