#include <fmt/format.h>

#include <algorithm>

#include "tests/delivery/bench.h"
#include "tests/delivery/stepped_store.h"

namespace avisloop {
namespace {

constexpr int kMessages = 5;

/// A first run that dies at step `crash_at`, then whole ones until everything is settled.
class CrashStory {
 public:
  explicit CrashStory(std::string_view kind) : bench_(kind) {
    for (int person = 1; person <= kMessages; ++person)
      messages_.push_back(bench_.add_due(person));
  }

  Bench& bench() { return bench_; }
  const std::vector<Id>& messages() const { return messages_; }

  /// Whether the run came to its end before the step.
  bool run_until(int crash_at) {
    int steps = 0;
    const auto step = [&](std::string_view) {
      if (++steps == crash_at) throw Crash{};
    };
    SteppedStore store(bench_.open_again(), step);
    bench_.world.hook = step;
    bool finished = true;
    try {
      const RunReport report = must(run_due(bench_.parts(store), in_flight(4)));
      CHECK(report.due() == kMessages);
    } catch (const Crash&) {
      finished = false;
    }
    bench_.world.hook = [](std::string_view) {};
    return finished;
  }

  void check_nobody_twice() {
    for (const Id& message : messages_)
      CHECK(bench_.world.copies_of(message) <= 1);
    CHECK(bench_.world.violations.empty());
    if (!bench_.world.violations.empty()) INFO(bench_.world.violations.front());
  }

  /// Every message is somewhere, and where the carrier can be asked it has arrived.
  void check_nothing_lost() {
    for (const Id& message : messages_) {
      const MessageStatus status = bench_.status(message);
      CAPTURE(to_string(status));
      if (bench_.world.carrier.can_look_up) {
        CHECK(status == MessageStatus::sent);
        CHECK(bench_.world.copies_of(message) == 1);
      } else {
        CHECK((status == MessageStatus::sent || status == MessageStatus::in_doubt));
        if (status == MessageStatus::sent) CHECK(bench_.world.copies_of(message) == 1);
      }
    }
  }

 private:
  Bench bench_;
  std::vector<Id> messages_;
};

constexpr std::string_view kKinds[] = {"twilio", "resend", "outbox", "smtp"};

}  // namespace

TEST_CASE("P1 never twice, P2 never lost: a run that dies at any step is followed by runs that settle everything") {
  for (const std::string_view kind : kKinds) {
    CAPTURE(kind);
    bool finished = false;
    int steps = 1;
    for (; !finished; ++steps) {
      CAPTURE(steps);
      REQUIRE(steps < 300);
      CrashStory story(kind);
      finished = story.run_until(steps);
      story.check_nobody_twice();
      story.bench().advance(std::chrono::minutes{2});
      story.bench().settle(story.messages());
      story.check_nobody_twice();
      story.check_nothing_lost();
    }
    CHECK(steps > 20);
  }
}

TEST_CASE("P1 never twice: the run that settles a crash may die at any step too") {
  for (const std::string_view kind : kKinds) {
    CAPTURE(kind);
    for (const int first : {13, 21}) {
      bool finished = false;
      for (int second = 1; !finished; second += 5) {
        CAPTURE(first);
        CAPTURE(second);
        REQUIRE(second < 300);
        CrashStory story(kind);
        if (story.run_until(first)) break;
        story.bench().advance(std::chrono::minutes{2});
        bool balanced = true;
        int steps = 0;
        const auto step = [&](std::string_view) {
          if (++steps == second) throw Crash{};
        };
        try {
          SteppedStore store(story.bench().open_again(), step);
          story.bench().world.hook = step;
          balanced = run_due(story.bench().parts(store), in_flight(4)).has_value();
          finished = true;
        } catch (const Crash&) {
        }
        story.bench().world.hook = [](std::string_view) {};
        CHECK(balanced);
        story.bench().advance(std::chrono::minutes{10});
        story.bench().settle(story.messages());
        story.check_nobody_twice();
        story.check_nothing_lost();
      }
    }
  }
}

TEST_CASE("P1 never twice: an answer that is lost leads to one copy, whatever the carrier can tell") {
  for (const std::string_view kind : kKinds) {
    for (const Treatment treatment : {Treatment::lose_answer, Treatment::lose_request, Treatment::hang}) {
      CAPTURE(kind);
      CAPTURE(static_cast<int>(treatment));
      Bench bench(kind);
      std::vector<Id> messages;
      for (int person = 1; person <= 4; ++person)
        messages.push_back(bench.add_due(person));
      int left = 2;
      bench.world.behave = [&](const Outgoing&) {
        return Behaviour{left-- > 0 ? treatment : Treatment::accept, std::nullopt, {}};
      };
      const RunReport report = bench.run(in_flight(4));
      CHECK(report.due() == 4);
      CHECK(report.in_doubt > 0);
      CHECK(report.in_doubt + report.sent == 4);
      bench.advance(std::chrono::minutes{1});
      bench.settle(messages);
      for (const Id& message : messages) {
        CHECK(bench.world.copies_of(message) <= 1);
        if (bench.world.carrier.can_look_up) CHECK(bench.status(message) == MessageStatus::sent);
        if (bench.status(message) == MessageStatus::sent) CHECK(bench.world.copies_of(message) == 1);
      }
      CHECK(bench.world.violations.empty());
    }
  }
}

TEST_CASE("P1 never twice: a carrier whose list lags is not believed when it does not show a message yet") {
  Bench bench("twilio");
  const Id message = bench.add_due(1);
  bench.world.behave = [](const Outgoing&) { return Behaviour{Treatment::lose_answer, std::nullopt, {}}; };
  bench.world.lag = std::chrono::minutes{15};
  CHECK(bench.run().in_doubt == 1);
  bench.world.behave = [](const Outgoing&) { return Behaviour{}; };
  for (int look = 0; look < 20; ++look) {
    bench.advance(std::chrono::minutes{6});
    if (must(anything_due(bench.store(), bench.clock.now()))) bench.run();
  }
  CHECK(bench.world.copies_of(message) == 1);
  CHECK(bench.status(message) == MessageStatus::sent);
}

TEST_CASE("with [run] absent = hold a text that nobody can find waits for a person") {
  Bench bench("twilio");
  bench.settings.run.absent = DoubtPolicy::hold;
  const Id message = bench.add_due(1);
  bench.world.behave = [](const Outgoing&) { return Behaviour{Treatment::lose_request, std::nullopt, {}}; };
  CHECK(bench.run().in_doubt == 1);
  bench.settle({message});
  CHECK(bench.status(message) == MessageStatus::in_doubt);
  CHECK(bench.world.handed_over.size() == 1);
}

TEST_CASE("an email in doubt at a mail server is sent again only when the owner says so") {
  for (const DoubtPolicy policy : {DoubtPolicy::hold, DoubtPolicy::resend}) {
    Bench bench("smtp");
    bench.settings.base.smtp.in_doubt = policy;
    const Id message = bench.add_due(1);
    int steps = 0;
    bench.world.hook = [&](std::string_view what) {
      if (what == "started" && ++steps == 1) throw Crash{};
    };
    try {
      bench.run();
      FAIL("the run did not die");
    } catch (const Crash&) {
    }
    bench.world.hook = [](std::string_view) {};
    bench.advance(std::chrono::minutes{2});
    bench.run();
    CHECK(bench.status(message) == (policy == DoubtPolicy::hold ? MessageStatus::in_doubt : MessageStatus::sent));
    CHECK(bench.world.copies_of(message) == (policy == DoubtPolicy::hold ? 1 : 2));
  }
}

}  // namespace avisloop
