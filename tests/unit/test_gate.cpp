#include <functional>
#include <ostream>

#include "core/rules/gate.h"

#include <doctest/doctest.h>

using namespace avisloop;

namespace {

Instant at(std::string_view text) {
  return parse_instant(text).value();
}

/// Tuesday, 10:00 in Chicago: every window of Texas is open.
const Instant kNow = at("2026-11-24T16:00:00Z");

Id id_of(std::uint8_t number) {
  Id id;
  id.bytes[15] = number;
  return id;
}

/// A campaign text to a Texan that nothing speaks against.
Candidate good_text() {
  Candidate candidate;
  candidate.message.id = id_of(1);
  candidate.message.contact = id_of(2);
  candidate.message.enrollment = id_of(3);
  candidate.message.campaign = id_of(4);
  candidate.message.template_id = id_of(5);
  candidate.message.channel = Channel::sms;
  candidate.contact.emplace();
  candidate.contact->phone = "+15125550142";
  candidate.contact->email = "ann@example.com";
  candidate.contact->state = "US-TX";
  candidate.contact->time_zone = "America/Chicago";
  candidate.enrollment.emplace();
  candidate.cool_down = 90 * kDay;
  candidate.address = candidate.contact->phone;
  candidate.consent.emplace();
  candidate.consent->method = "form";
  candidate.template_version = 1;
  return candidate;
}

Candidate good_email() {
  Candidate candidate = good_text();
  candidate.message.channel = Channel::email;
  candidate.address = candidate.contact->email;
  candidate.consent.reset();
  return candidate;
}

GateVerdict ask(const Candidate& candidate, const GatePolicy& policy = {}, Instant now = kNow) {
  return ask_rules(candidate, policy, QuietHours::standard(), now);
}

/// The refusal in one line: `skipped no_consent`, `until 2026-… quiet_hours`, `wait place` or `go`.
std::string outcome(const GateVerdict& verdict) {
  if (const auto* ending = std::get_if<Ending>(&verdict.refusal)) {
    return std::string(to_string(ending->status)) + ' ' + ending->reason + (ending->stops_enrollment ? " stops" : "");
  }
  if (const auto* deferral = std::get_if<Deferral>(&verdict.refusal)) {
    return "until " + format_instant(deferral->until) + ' ' + deferral->reason;
  }
  if (const auto* wait = std::get_if<Wait>(&verdict.refusal)) return "wait " + wait->waiting_for;
  return "go";
}

void check_all(Candidate (*base)(),
               const std::vector<std::pair<std::function<void(Candidate&, GatePolicy&)>, std::string>>& cases) {
  for (const auto& [change, expected] : cases) {
    Candidate candidate = base();
    GatePolicy policy;
    change(candidate, policy);
    const GateVerdict verdict = ask(candidate, policy);
    CAPTURE(expected);
    CHECK(outcome(verdict) == expected);
    REQUIRE(!verdict.checks.empty());
    CHECK((verdict.checks.back().answer.substr(0, 2) == "ok") == verdict.go());
  }
}

}  // namespace

TEST_CASE("a text that nothing speaks against goes, bound to the end of its window") {
  const GateVerdict verdict = ask(good_text());
  REQUIRE(verdict.go());
  CHECK(format_instant(verdict.window_end) == "2026-11-25T02:00:00Z");
  CHECK(format_instant(verdict.not_after) == "2026-11-25T01:50:00Z");
  std::string rules;
  for (const Check& check : verdict.checks)
    rules += check.rule + ' ';
  CHECK(rules ==
        "campaign contact enrollment suppression consent address channel cool_down daily_cap template quiet_hours ");
}

TEST_CASE("each rule refuses a text for its own reason") {
  check_all(
      good_text,
      {
          {[](Candidate& c, GatePolicy&) { c.campaign_status = CampaignStatus::paused; },
           "until 2026-11-24T17:00:00Z campaign_paused"},
          {[](Candidate& c, GatePolicy&) { c.campaign_status = CampaignStatus::draft; },
           "until 2026-11-24T17:00:00Z campaign_paused"},
          {[](Candidate& c, GatePolicy&) { c.campaign_status = CampaignStatus::completed; },
           "cancelled campaign_completed"},
          {[](Candidate& c, GatePolicy&) { c.contact.reset(); }, "cancelled contact_deleted"},
          {[](Candidate& c, GatePolicy&) { c.enrollment.reset(); }, "cancelled enrollment_deleted"},
          {[](Candidate& c, GatePolicy&) {
             c.enrollment->status = EnrollmentStatus::stopped;
             c.enrollment->stop_reason = "replied";
           },
           "cancelled replied"},
          {[](Candidate& c, GatePolicy&) { c.enrollment->status = EnrollmentStatus::finished; }, "go"},
          {[](Candidate& c, GatePolicy&) {
             c.suppression = Suppression{Channel::sms, "0142", "wrong_number", "reply", kNow};
           },
           "cancelled opted_out stops"},
          {[](Candidate& c, GatePolicy&) { c.consent.reset(); }, "skipped no_consent"},
          {[](Candidate& c, GatePolicy&) { c.consent->given = false; }, "skipped no_consent"},
          {[](Candidate& c, GatePolicy&) {
             c.consent.reset();
             c.message.message_class = MessageClass::service;
           },
           "skipped no_consent"},
          {[](Candidate& c, GatePolicy&) {
             c.address.clear();
             c.consent.reset();
           },
           "skipped no_address"},
          {[](Candidate& c, GatePolicy&) { c.contact->phone_problem = "landline"; }, "skipped bad_address"},
          {[](Candidate& c, GatePolicy&) { c.contact->email_problem = "bounced"; }, "go"},
          {[](Candidate&, GatePolicy& p) { p.channel_enabled = false; }, "until 2026-11-24T17:00:00Z channel_disabled"},
          {[](Candidate& c, GatePolicy&) { c.template_active = false; },
           "until 2026-11-24T17:00:00Z template_inactive"},
          {[](Candidate& c, GatePolicy&) { c.contact->time_zone = "Mars/Olympus"; }, "wait place"},
          {[](Candidate&, GatePolicy& p) { p.house.stopped_states = {"US-TX"}; },
           "until 2026-11-24T17:00:00Z state_stopped"},
          {[](Candidate&, GatePolicy& p) { p.house.closed_dates = {parse_date("2026-11-24").value()}; },
           "until 2026-11-25T15:00:00Z quiet_hours"},
      });
}

TEST_CASE("P4 stop wins: a suppression refuses whatever else speaks for the message") {
  Candidate candidate = good_text();
  candidate.suppression = Suppression{Channel::sms, "0142", "opted_out", "reply", kNow};
  candidate.message.message_class = MessageClass::service;
  candidate.message.priority = Priority::urgent;
  candidate.message.enrollment.reset();
  candidate.message.campaign.reset();
  CHECK(outcome(ask(candidate)) == "cancelled opted_out stops");
  candidate.message.channel = Channel::email;
  CHECK(outcome(ask(candidate)) == "cancelled opted_out stops");
}

TEST_CASE("P5 no consent, no text: an address without a record gets none, an email needs none") {
  Candidate candidate = good_text();
  candidate.consent.reset();
  candidate.message.campaign.reset();
  candidate.message.enrollment.reset();
  CHECK(outcome(ask(candidate)) == "skipped no_consent");
  check_all(good_email,
            {
                {[](Candidate&, GatePolicy&) {}, "go"},
                {[](Candidate& c, GatePolicy&) { c.consent.emplace(); }, "go"},
                {[](Candidate& c, GatePolicy&) {
                   c.consent.emplace();
                   c.consent->given = false;
                 },
                 "skipped no_consent"},
                {[](Candidate& c, GatePolicy&) { c.contact->email_problem = "bounced"; }, "skipped bad_address"},
                {[](Candidate& c, GatePolicy&) { c.contact->phone_problem = "landline"; }, "go"},
                {[](Candidate& c, GatePolicy&) { c.address.clear(); }, "skipped no_address"},
            });
}

TEST_CASE("an address given by hand is not judged by the contact's own") {
  Candidate candidate = good_text();
  candidate.contact->phone_problem = "landline";
  candidate.address = "+15125550143";
  CHECK(ask(candidate).go());
}

TEST_CASE("nobody is asked again by another enrollment within the cool-down") {
  const auto asked = [](const char* when, std::uint8_t enrollment) {
    return [when, enrollment](Candidate& c, GatePolicy&) {
      c.email_pace.last_enrollment = id_of(enrollment);
      c.email_pace.last_at = at(when);
    };
  };
  check_all(good_text, {
                           {asked("2026-11-20T16:00:00Z", 9), "skipped cool_down stops"},
                           {asked("2026-08-26T16:00:01Z", 9), "skipped cool_down stops"},
                           {asked("2026-08-26T16:00:00Z", 9), "go"},
                           {asked("2026-11-20T16:00:00Z", 3), "go"},
                           {[](Candidate& c, GatePolicy&) {
                              c.phone_pace.last_enrollment = id_of(9);
                              c.phone_pace.last_at = kNow - kHour;
                            },
                            "skipped cool_down stops"},
                           {[](Candidate& c, GatePolicy&) {
                              c.phone_pace.last_enrollment = id_of(9);
                              c.phone_pace.last_at = kNow - kHour;
                              c.message.enrollment.reset();
                              c.message.campaign.reset();
                            },
                            "go"},
                           {[](Candidate& c, GatePolicy&) {
                              c.phone_pace.last_enrollment = id_of(9);
                              c.phone_pace.last_at = kNow - kHour;
                              c.cool_down = Micros{0};
                            },
                            "go"},
                       });
}

TEST_CASE("the daily cap counts a rolling 24 hours and waits until the oldest falls out") {
  const auto recent = [](std::vector<const char*> instants, int most) {
    return [instants = std::move(instants), most](Candidate& c, GatePolicy& p) {
      for (const char* instant : instants)
        c.phone_pace.recent.push_back(at(instant));
      p.sms_per_contact_per_day = most;
    };
  };
  check_all(good_text,
            {
                {recent({"2026-11-23T17:00:00Z"}, 1), "until 2026-11-24T17:00:00Z daily_cap"},
                {recent({"2026-11-23T16:00:00Z"}, 1), "go"},
                {recent({"2026-11-23T16:00:00.000001Z"}, 1), "until 2026-11-24T16:00:00.000001Z daily_cap"},
                {recent({"2026-11-23T15:30:00Z", "2026-11-23T18:00:00Z"}, 2), "go"},
                {recent({"2026-11-23T17:00:00Z", "2026-11-23T18:00:00Z"}, 2), "until 2026-11-24T17:00:00Z daily_cap"},
                {recent({"2026-11-23T17:00:00Z", "2026-11-23T18:00:00Z", "2026-11-23T19:00:00Z"}, 1),
                 "until 2026-11-24T19:00:00Z daily_cap"},
                {recent({"2026-11-23T17:00:00Z", "2026-11-23T18:00:00Z"}, 0), "go"},
            });
}

TEST_CASE("no setting lifts the law's cap") {
  Candidate candidate = good_text();
  candidate.contact->state = "US-FL";
  candidate.address = candidate.contact->phone = "+13055550142";
  candidate.contact->time_zone = "America/New_York";
  for (int hour = 4; hour > 1; --hour)
    candidate.phone_pace.recent.push_back(kNow - hour * kHour);
  for (const int most : {0, 10}) {
    GatePolicy policy;
    policy.sms_per_contact_per_day = most;
    CHECK(outcome(ask(candidate, policy)) == "until 2026-11-25T12:00:00Z daily_cap");
  }
}

TEST_CASE("emails have their own cap") {
  Candidate candidate = good_email();
  candidate.phone_pace.recent = {kNow - kHour};
  CHECK(ask(candidate).go());
  candidate.email_pace.recent = {kNow - 3 * kHour, kNow - 2 * kHour, kNow - kHour};
  CHECK(outcome(ask(candidate)) == "until 2026-11-25T13:00:00Z daily_cap");
}

TEST_CASE("P3 never at night: outside the window a message waits for the next opening") {
  CHECK(outcome(ask(good_text(), {}, at("2026-11-24T14:59:59Z"))) == "until 2026-11-24T15:00:00Z quiet_hours");
  CHECK(ask(good_text(), {}, at("2026-11-24T15:00:00Z")).go());
  CHECK(outcome(ask(good_text(), {}, at("2026-11-25T02:00:00Z"))) == "until 2026-11-25T15:00:00Z quiet_hours");
  GatePolicy legal;
  legal.profile = WindowProfile::legal;
  CHECK(ask(good_text(), legal, at("2026-11-25T02:00:00Z")).go());
  const GateVerdict verdict = ask(good_text(), {}, at("2026-11-22T17:30:00Z"));
  CHECK(outcome(verdict) == "until 2026-11-22T18:00:00Z quiet_hours");
  CHECK(std::get<Deferral>(verdict.refusal).detail == "closed by US-TX in America/Chicago");
}

TEST_CASE("nothing is handed over within the margin of a window's end") {
  CHECK(ask(good_text(), {}, at("2026-11-25T01:49:59Z")).go());
  CHECK(outcome(ask(good_text(), {}, at("2026-11-25T01:50:00Z"))) == "until 2026-11-25T15:00:00Z quiet_hours");
  GatePolicy policy;
  policy.wire_margin = Micros{0};
  CHECK(ask(good_text(), policy, at("2026-11-25T01:59:59Z")).go());
  // Before a Texan Sunday the next opening is noon, not the morning.
  CHECK(outcome(ask(good_text(), {}, at("2026-11-22T01:55:00Z"))) == "until 2026-11-22T18:00:00Z quiet_hours");
}

TEST_CASE("a text to an unknown place is held, an email goes by the org's clock") {
  Candidate text = good_text();
  text.contact->state.clear();
  text.contact->time_zone.clear();
  text.address = text.contact->phone = "+18005550142";
  CHECK(outcome(ask(text)) == "wait place");
  GatePolicy policy;
  policy.org_time_zone = "America/Los_Angeles";
  CHECK(outcome(ask(text, policy)) == "wait place");

  Candidate email = good_email();
  email.contact->state.clear();
  email.contact->time_zone.clear();
  email.contact->phone.clear();
  CHECK(outcome(ask(email, policy)) == "until 2026-11-24T17:00:00Z quiet_hours");
  CHECK(ask(email, policy, at("2026-11-24T17:00:00Z")).go());
  const GateVerdict unbound = ask(email, {}, at("2026-11-24T08:00:00Z"));
  CHECK(unbound.go());
  CHECK(unbound.window_end == Instant::max());
  CHECK(unbound.not_after == Instant::max());
}

TEST_CASE("an email to a known place keeps its hours") {
  CHECK(outcome(ask(good_email(), {}, at("2026-11-24T14:00:00Z"))) == "until 2026-11-24T15:00:00Z quiet_hours");
}

TEST_CASE("a place that is never open is held with what to mend") {
  Candidate candidate = good_text();
  candidate.contact->state = "US-RI";
  candidate.contact->time_zone = "America/New_York";
  candidate.address = candidate.contact->phone = "+16715550142";
  const GateVerdict verdict = ask(candidate);
  CHECK(outcome(verdict) == "wait place");
  CHECK(std::get<Wait>(verdict.refusal).detail ==
        "closed by federal in Pacific/Guam, house in Pacific/Guam, US-RI in Pacific/Guam; no hour within 14 days is "
        "open: correct the contact's "
        "state, time zone or phone");
}

TEST_CASE("a message to an address without a contact is judged by its area code") {
  Candidate candidate;
  candidate.message.channel = Channel::sms;
  candidate.message.to = candidate.address = "+19075550142";
  candidate.consent.emplace();
  CHECK(outcome(ask(candidate)) == "until 2026-11-24T19:00:00Z quiet_hours");
}

TEST_CASE("the address decides the place even if the contact's own number lies elsewhere") {
  Candidate candidate = good_text();
  candidate.address = "+18085550142";
  CHECK(outcome(ask(candidate)) == "until 2026-11-24T19:00:00Z quiet_hours");
}

TEST_CASE("the checks are told one to a line") {
  CHECK(format_checks({}).empty());
  CHECK(format_checks({{"consent", "given by form", "ok"}, {"quiet_hours", "safe", "hold"}}) ==
        "consent: given by form → ok\nquiet_hours: safe → hold");
  const std::string text = format_checks(ask(good_text()).checks);
  CHECK(text.find("quiet_hours: safe US-TX America/Chicago → ok until 2026-11-25T02:00:00Z") != std::string::npos);
}
