#include <SQLiteCpp/SQLiteCpp.h>

#include "tests/delivery/bench.h"

namespace avisloop {
namespace {

constexpr const char* kSecrets[] = {"tok-4f1c9a", "re_secret_77", "smtp-pass-55",
                                    "Rosalind",   "Vandermeer",   "we mended your boiler"};

void check_clean(const std::string& text, int person) {
  CAPTURE(text);
  for (const char* secret : kSecrets)
    CHECK(text.find(secret) == std::string::npos);
  CHECK(text.find(Bench::phone_of(person)) == std::string::npos);
  CHECK(text.find(Bench::phone_of(person).substr(2)) == std::string::npos);
  CHECK(text.find(Bench::email_of(person)) == std::string::npos);
}

}  // namespace

TEST_CASE("P9 nothing leaks: no log line, alarm or error text of a run names a secret, an address or a person") {
  for (const std::string_view kind : {"twilio", "resend", "smtp", "outbox"}) {
    for (const Treatment treatment :
         {Treatment::accept, Treatment::refuse, Treatment::refuse_for_now, Treatment::opted_out, Treatment::bad_number,
          Treatment::limit, Treatment::stop_account, Treatment::not_sent, Treatment::lose_answer}) {
      CAPTURE(kind);
      CAPTURE(static_cast<int>(treatment));
      Bench bench(kind);
      bench.settings.base.twilio.auth_token.value = kSecrets[0];
      bench.settings.base.resend.api_key.value = kSecrets[1];
      bench.settings.base.smtp.password.value = kSecrets[2];
      for (int i = 0; i < 6; ++i) {
        const Contact person = bench.add_person(7, [](Contact& contact) {
          contact.first_name = "Rosalind";
          contact.last_name = "Vandermeer";
        });
        Message message;
        message.id = bench.id();
        message.contact = person.id;
        message.channel = bench.channel;
        message.subject = bench.channel == Channel::email ? "Hello" : "";
        message.text = "we mended your boiler";
        message.planned_at = bench.clock.now();
        must(bench.intake().add_message(bench.org, message));
      }
      bench.settings.base.limits.contact_sms_per_day = 0;
      bench.settings.base.limits.contact_email_per_day = 0;
      // Carriers repeat the address in what they say.
      bench.world.behave = [&](const Outgoing& message) {
        return Behaviour{treatment, std::nullopt, "The number " + message.to + " is unverified"};
      };
      const Result<RunReport> report = bench.try_run(in_flight(2));
      if (!report) check_clean(report.error().message + report.error().remedy, 7);
      if (report) {
        check_clean(to_json(*report) + to_line(*report) + to_metrics(*report), 7);
        for (const std::string& alarm : report->alarms)
          check_clean(alarm, 7);
      }
      for (const std::string& line : bench.log.lines)
        check_clean(line, 7);
    }
  }
}

TEST_CASE("P9 nothing leaks: a store that breaks in the middle of a run says nothing of what is in it") {
  Bench bench("twilio");
  bench.add_due(7);
  bench.world.hook = [&](std::string_view what) {
    if (what != "started") return;
    SQLite::Database database(bench.folder().file("test.db"), SQLite::OPEN_READWRITE, 5000);
    database.exec("alter table attempts rename to gone");
  };
  const Result<RunReport> report = bench.try_run();
  REQUIRE_FALSE(report.has_value());
  check_clean(report.error().message + report.error().remedy, 7);
  for (const std::string& line : bench.log.lines)
    check_clean(line, 7);
  CHECK_FALSE(bench.log.lines.empty());
}

}  // namespace avisloop
