#include "tests/delivery/bench.h"

namespace avisloop {
namespace {

/// A bit of everything: sent, deferred, skipped, cancelled, held, limited.
void fill(Bench& bench) {
  bench.settings.base.limits.sms_per_minute = 4;
  for (int person = 1; person <= 6; ++person)
    bench.add_due(person);
  const Contact twice = bench.add_person(20);
  bench.add_due(twice);
  bench.add_due(twice);
  Contact stranger = bench.contact("stranger", Bench::phone_of(30));
  stranger.time_zone = "America/Chicago";
  must(bench.catalog().create_contact(bench.org, stranger));
  bench.add_due(stranger);
  const Contact stopped = bench.add_person(40);
  const Id waiting = bench.add_due(stopped);
  static_cast<void>(waiting);
  const Contact hawaiian = bench.add_person(50, [](Contact& contact) {
    contact.phone = "+18085550123";
    contact.state = "US-HI";
    contact.time_zone = "Pacific/Honolulu";
  });
  bench.add_due(hawaiian);
  const Contact nowhere = bench.add_person(60, [](Contact& contact) {
    contact.phone = "+18005550123";
    contact.state.clear();
    contact.time_zone.clear();
  });
  bench.add_due(nowhere);
}

RunOptions rehearsal() {
  RunOptions options;
  options.dry_run = true;
  options.max_runtime = std::chrono::seconds{5};
  return options;
}

}  // namespace

TEST_CASE("--dry-run changes nothing, calls nobody, and tells what the run then does") {
  Bench bench("twilio");
  fill(bench);
  const std::string before = bench.dump();
  const RunReport planned = bench.run(rehearsal());
  CHECK(bench.dump() == before);
  CHECK(bench.ask("select 1 from runs").empty());
  CHECK(bench.world.handed_over.empty());
  CHECK(bench.world.lookups == 0);
  RunOptions options = rehearsal();
  options.dry_run = false;
  const RunReport done = bench.run(options);
  CHECK(planned.dry_run);
  CHECK(planned.sent == done.sent);
  CHECK(planned.sent > 0);
  CHECK(planned.deferred == done.deferred);
  CHECK(planned.skipped == done.skipped);
  CHECK(planned.held == done.held);
  CHECK(planned.cancelled == done.cancelled);
  CHECK(planned.segments == done.segments);
  CHECK(planned.due() == done.due());
}

TEST_CASE("--dry-run does not wait for limits and leaves what is in doubt alone") {
  Bench bench("twilio");
  bench.add_due(1);
  bench.world.behave = [](const Outgoing&) { return Behaviour{Treatment::lose_answer, std::nullopt, {}}; };
  bench.run();
  bench.advance(std::chrono::hours{2});
  bench.settings.base.limits.sms_per_second = 1;
  for (int person = 2; person <= 8; ++person)
    bench.add_due(person);
  const Instant begun = bench.clock.now();
  const std::string before = bench.dump();
  const RunReport planned = bench.run(rehearsal());
  CHECK(planned.due() == 7);
  CHECK(bench.clock.now() == begun);
  CHECK(bench.dump() == before);
  CHECK(bench.world.lookups == 0);
}

}  // namespace avisloop
