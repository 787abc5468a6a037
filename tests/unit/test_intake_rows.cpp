#include <ostream>

#include <doctest/doctest.h>

#include "core/base/random.h"
#include "core/intake/rows.h"
#include "tests/support/fake_clock.h"

namespace avisloop {
namespace {

/// Reads rows under given headers, as the test's organization in Chicago would.
struct Rows {
  explicit Rows(std::vector<std::string> headers, FileKind kind = FileKind::contacts, RowRules wanted = {})
      : plan(*plan_columns(headers, {kind, {}, {}, false})), rules(std::move(wanted)) {
    rules.zone = Zone::find("America/Chicago");
    rules.now = test_start();
    rules.foreign = [](std::string_view number) -> Result<bool> { return number != "+4412"; };
    reader.emplace(plan, rules, ids);
  }

  std::optional<Reject> contact(std::vector<std::string_view> cells) { return *reader->read_contact(cells, row); }
  std::optional<Reject> job(std::vector<std::string_view> cells) { return *reader->read_job(cells, job_row); }
  std::optional<Reject> opt_outs(std::vector<std::string_view> cells) {
    addresses.clear();
    return *reader->read_opt_outs(cells, addresses);
  }

  ColumnPlan plan;
  RowRules rules;
  std::unique_ptr<Random> random = make_seeded_random(1);
  IdMaker ids{*random};
  std::optional<RowReader> reader;
  ContactRow row;
  JobRow job_row;
  std::vector<OptOutRow> addresses;
};

TEST_CASE("a row becomes a contact with everything that its columns say") {
  Rows rows({"External ID", "Name", "Email", "Phone", "State", "Zip", "Time Zone", "Language", "Tags", "custom.gate"});
  REQUIRE_FALSE(rows.contact({"C-1", "Smith, Ann", "Ann@Example.COM", "(512) 555-0142", "texas", "78701",
                              "America/Chicago", "Spanish", "vip;pool", "12#"}));
  const Contact& contact = rows.row.contact;
  CHECK_FALSE(contact.id.is_nil());
  CHECK(contact.external_id == "C-1");
  CHECK(contact.first_name == "Ann");
  CHECK(contact.last_name == "Smith");
  CHECK(contact.email == "Ann@example.com");
  CHECK(contact.phone == "+15125550142");
  CHECK(contact.phone_raw == "(512) 555-0142");
  CHECK(contact.state == "US-TX");
  CHECK(contact.zip == "78701");
  CHECK(contact.time_zone == "America/Chicago");
  CHECK(contact.language == "es");
  CHECK(contact.tags == std::vector<std::string>{"vip", "pool"});
  CHECK(contact.custom.at("gate") == "12#");
  CHECK(contact.created_at == test_start());
}

TEST_CASE("a bad cell rejects its row with the header of the file and one line of reason") {
  struct Case {
    const char* header;
    const char* text;
    const char* why;
  };
  const std::vector<Case> cases{{"Cell Phone", "911", ""},
                                {"Cell Phone", "000-000-0000", ""},
                                {"Cell Phone", "512555014212", ""},
                                {"Cell Phone", "call me", "letters"},
                                {"Cell Phone", "+4412", ""},
                                {"E-Mail", "ann", "has no @"},
                                {"State", "Texass", "is not a state"},
                                {"Time Zone", "Texas time", "is not a time zone"},
                                {"Language", "Texan", "is not a language"},
                                {"SMS Consent", "maybe", "neither yes nor no"},
                                {"First Name", "Ann\x07", "control character"},
                                {"Last Name", "\x1b]0;title\x07", "control character"}};
  for (const Case& one : cases) {
    CAPTURE(one.header);
    CAPTURE(one.text);
    Rows rows({"external_id", one.header});
    const auto bad = rows.contact({"1", one.text});
    REQUIRE(bad.has_value());
    CHECK(bad->column == one.header);
    CHECK(bad->reason.find(one.why) != std::string::npos);
    CHECK(bad->reason.find('\n') == std::string::npos);
    CHECK(bad->reason.find('\x1b') == std::string::npos);
  }
}

TEST_CASE("a row that names nobody is rejected as a whole") {
  Rows rows({"external_id", "first_name", "phone", "email"});
  const auto bad = rows.contact({"", "Ann", " ", ""});
  REQUIRE(bad.has_value());
  CHECK(bad->column.empty());
  CHECK(bad->reason == "nothing to identify or reach the contact by");
  CHECK_FALSE(rows.contact({"7"}).has_value());  // cells that are missing at the end are empty
}

TEST_CASE("a number that cannot be read is kept as text when that is asked for") {
  RowRules rules;
  rules.keep_bad_phones = true;
  Rows rows({"phone", "email"}, FileKind::contacts, rules);
  REQUIRE_FALSE(rows.contact({"ask at the door", "ann@example.com"}));
  CHECK(rows.row.contact.phone.empty());
  CHECK(rows.row.contact.phone_raw == "ask at the door");
  CHECK(rows.contact({"ask at the door", ""})->reason == "nothing to identify or reach the contact by");
}

TEST_CASE("a consent is stored with where it comes from and when it was given") {
  Rows rows({"phone", "email", "sms_consent", "sms_consent_at", "sms_consent_source", "sms_consent_text"});
  REQUIRE_FALSE(rows.contact({"512-555-0142", "a@b.com", "yes", "2026-03-01", "booking form", "I agree to texts"}));
  REQUIRE(rows.row.consents.size() == 1);
  const Consent& consent = rows.row.consents.front();
  CHECK(consent.channel == Channel::sms);
  CHECK(consent.address == "+15125550142");
  CHECK(consent.given);
  CHECK(format_instant(consent.at) == "2026-03-01T06:00:00Z");  // midnight in Chicago
  CHECK(consent.method == "import");
  CHECK(consent.source == "booking form");
  CHECK(consent.wording == "I agree to texts");
  CHECK(consent.recorded_by == "import");
  CHECK(rows.row.undated_consents.empty());
}

TEST_CASE("P5 no consent, no text: a yes that does not say where it comes from is not stored") {
  Rows rows({"phone", "email", "sms_consent", "email_consent"});
  REQUIRE_FALSE(rows.contact({"512-555-0142", "", "yes", ""}));
  CHECK(rows.row.consents.empty());
  CHECK(rows.row.undated_consents.empty());
  CHECK(rows.reader->consent_without_source());
  REQUIRE_FALSE(rows.contact({"512-555-0142", "", "", ""}));
  CHECK_FALSE(rows.reader->consent_without_source());
  // A yes for a channel without an address is nobody's consent.
  REQUIRE_FALSE(rows.contact({"", "a@b.com", "yes", ""}));
  CHECK_FALSE(rows.reader->consent_without_source());
}

TEST_CASE("a consent without an instant is told apart, and a no needs no source") {
  RowRules rules;
  rules.consent_source = "web form 2025";
  Rows rows({"phone", "email", "sms_consent", "email_consent"}, FileKind::contacts, rules);
  REQUIRE_FALSE(rows.contact({"512-555-0142", "a@b.com", "x", "no"}));
  REQUIRE(rows.row.undated_consents.size() == 2);
  CHECK(rows.row.undated_consents[0].given);
  CHECK(rows.row.undated_consents[0].source == "web form 2025");
  CHECK(rows.row.undated_consents[0].at == test_start());
  CHECK(rows.row.undated_consents[1].channel == Channel::email);
  CHECK_FALSE(rows.row.undated_consents[1].given);

  Rows bare({"phone", "sms_consent"});
  REQUIRE_FALSE(bare.contact({"512-555-0142", "no"}));
  REQUIRE(bare.row.undated_consents.size() == 1);
  CHECK_FALSE(bare.row.undated_consents.front().given);
}

TEST_CASE("a consent that was given tomorrow is refused") {
  Rows rows({"phone", "sms_consent", "sms_consent_at", "sms_consent_source"});
  const auto bad = rows.contact({"512-555-0142", "yes", "2027-01-01", "form"});
  REQUIRE(bad.has_value());
  CHECK(bad->column == "sms_consent_at");
}

TEST_CASE("a row becomes a job; a date alone is noon where the organization is") {
  Rows rows({"phone", "job_id", "service", "completed_at", "technician", "notes"}, FileKind::jobs);
  REQUIRE_FALSE(rows.job({"512-555-0142", "J1", "Plumbing", "11/20/2026", "Bob", "two\nlines"}));
  const Job& job = rows.job_row.job;
  CHECK(job.external_id == "J1");
  CHECK(job.service == ServiceCategory::plumbing);
  CHECK(format_instant(job.completed_at) == "2026-11-20T18:00:00Z");
  CHECK(job.technician == "Bob");
  CHECK(job.notes == "two\nlines");
  CHECK(rows.job_row.contact.contact.phone == "+15125550142");
}

TEST_CASE("a job without a completion or with an unknown service is rejected, unless a service is given for the file") {
  Rows rows({"phone", "service", "completed_at"}, FileKind::jobs);
  CHECK(rows.job({"512-555-0142", "hvac", ""})->column == "completed_at");
  CHECK(rows.job({"512-555-0142", "Astrology", "2026-11-20"})->column == "service");
  CHECK(rows.job({"911", "hvac", "2026-11-20"})->column == "phone");
  RowRules rules;
  rules.service = ServiceCategory::roofing;
  Rows lenient({"phone", "service", "completed_at"}, FileKind::jobs, rules);
  REQUIRE_FALSE(lenient.job({"512-555-0142", "Astrology", "2026-11-20"}));
  CHECK(lenient.job_row.job.service == ServiceCategory::roofing);
  REQUIRE_FALSE(lenient.job({"512-555-0142", "hvac", "2026-11-20"}));
  CHECK(lenient.job_row.job.service == ServiceCategory::hvac);
}

TEST_CASE("an opt-out is taken from any column of addresses, each by its channel") {
  Rows rows({"address", "phone", "email", "reason", "at"}, FileKind::opt_outs);
  REQUIRE_FALSE(rows.opt_outs({"", "512-555-0142", "Ann@Example.com", "asked on the phone", "2026-11-01"}));
  REQUIRE(rows.addresses.size() == 2);
  CHECK(rows.addresses[0].channel == Channel::sms);
  CHECK(rows.addresses[0].address == "+15125550142");
  CHECK(rows.addresses[0].reason == "asked on the phone");
  CHECK(rows.addresses[0].source == "import");
  CHECK(format_instant(rows.addresses[0].at) == "2026-11-01T05:00:00Z");
  CHECK(rows.addresses[1].channel == Channel::email);
  CHECK(rows.addresses[1].address == "Ann@example.com");

  REQUIRE_FALSE(rows.opt_outs({"x@y.org"}));
  CHECK(rows.addresses.front().channel == Channel::email);
  CHECK(rows.addresses.front().reason == "opted_out");
}

TEST_CASE("an opt-out is not held back by another bad address of its row") {
  Rows rows({"phone", "email"}, FileKind::opt_outs);
  const auto bad = rows.opt_outs({"911", "ann@example.com"});
  REQUIRE(bad.has_value());
  CHECK(bad->column == "phone");
  REQUIRE(rows.addresses.size() == 1);
  CHECK(rows.addresses.front().address == "ann@example.com");
}

TEST_CASE("a channel keeps an opt-out to its kind of address") {
  Rows rows({"phone", "email", "channel"}, FileKind::opt_outs);
  REQUIRE_FALSE(rows.opt_outs({"512-555-0142", "ann@example.com", "SMS"}));
  REQUIRE(rows.addresses.size() == 1);
  CHECK(rows.addresses.front().channel == Channel::sms);
  CHECK(rows.opt_outs({"512-555-0142", "", "fax"})->column == "channel");
}

TEST_CASE("a row that says it is no opt-out suppresses nobody") {
  Rows rows({"email", "unsubscribed"}, FileKind::opt_outs);
  REQUIRE_FALSE(rows.opt_outs({"ann@example.com", "false"}));
  CHECK(rows.addresses.empty());
  REQUIRE_FALSE(rows.opt_outs({"ann@example.com", ""}));
  CHECK(rows.addresses.empty());
  REQUIRE_FALSE(rows.opt_outs({"ann@example.com", "TRUE"}));
  CHECK(rows.addresses.size() == 1);
  CHECK(rows.opt_outs({"ann@example.com", "perhaps"}).has_value());
}

TEST_CASE("a missing phone library is an error of the whole import and rejects no row") {
  Rows rows({"phone"});
  RowRules rules = rows.rules;
  rules.foreign = [](std::string_view) -> Result<bool> { return fail(Fault::config, "the module is missing"); };
  RowReader reader(rows.plan, rules, rows.ids);
  const std::vector<std::string_view> cells{"+44 20 7946 0958"};
  const auto outcome = reader.read_contact(cells, rows.row);
  REQUIRE_FALSE(outcome.has_value());
  CHECK(outcome.error().fault == Fault::config);
}

}  // namespace
}  // namespace avisloop
