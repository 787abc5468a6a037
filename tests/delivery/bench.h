#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/delivery/run_due.h"
#include "tests/delivery/carrier_world.h"
#include "tests/store/fixture.h"

namespace avisloop {

/// Keeps every line.
class CollectingLog : public Log {
 public:
  void write(LogLevel, std::string_view line) override { lines.emplace_back(line); }
  std::vector<std::string> lines;
};

/// What a run needs around it: a real store in a temporary folder, a clock that stands still, and a carrier that does
/// as it is told. Every `run` opens its own connection, as another process would.
class Bench : public StoreFixture {
 public:
  explicit Bench(std::string_view kind = "twilio");

  FakeClock clock{test_start()};
  CarrierWorld world;
  Settings settings;  ///< without limits; the window profile is `safe`
  CollectingLog log;
  std::atomic<bool> stop{false};

  Channel channel = Channel::sms;  ///< what the carrier of this kind carries

  DeliveryParts parts(Store& with);
  Result<RunReport> try_run(const RunOptions& options = {});
  RunReport run(const RunOptions& options = {}) { return must(try_run(options)); }
  /// The same without a connection of its own.
  RunReport run_with(Store& with, const RunOptions& options = {});

  void advance(Micros by);
  void set(std::string_view instant);

  /// A contact in Texas with phone and email, who agreed to texts. `number` tells people apart.
  Contact add_person(int number);
  Contact add_person(int number, const std::function<void(Contact&)>& change);
  static std::string phone_of(int number);
  static std::string email_of(int number);
  std::string address_of(int number) const { return channel == Channel::sms ? phone_of(number) : email_of(number); }

  /// A message by this carrier's channel, due now.
  Id add_due(int person) { return add_due(add_person(person)); }
  Id add_due(const Contact& person, Priority priority = Priority::normal);
  Id add_due_in(OrgId owner, const std::string& address, Priority priority = Priority::normal);

  /// A message of a new enrollment of this person, due now.
  Id enroll_due(const Contact& person, const Campaign& campaign, std::optional<Channel> by = std::nullopt);
  Campaign add_plain_campaign(const std::string& key);

  /// Runs again and again, an hour apart, until nothing of these is left to happen, three days at most.
  void settle(const std::vector<Id>& messages);

  /// Every row of every table but `runs`, as text.
  std::string dump();

  /// Rows of a statement's first column; for looking where no interface looks.
  std::vector<std::string> ask(const std::string& sql);
};

/// Options for the most used cases.
RunOptions in_flight(int most);
RunOptions limited(std::int64_t rows);

/// The sum of the counts.
std::int64_t total(const std::map<std::string, std::int64_t>& counts);

}  // namespace avisloop
