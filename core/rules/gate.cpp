#include "core/rules/gate.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "core/rules/place.h"

namespace avisloop {
namespace {

using Refusal = decltype(GateVerdict::refusal);

/// The questions about one candidate. Each rule notes a check and answers whether the next one may be asked.
class Gate {
 public:
  Gate(const Candidate& candidate, const GatePolicy& policy, const QuietHours& windows, Instant now)
      : candidate_(candidate), message_(candidate.message), policy_(policy), windows_(windows), now_(now) {
    verdict_.checks.reserve(12);
  }

  GateVerdict ask() {
    static_cast<void>(campaign() && contact() && enrollment() && suppression() && consent() && address() && channel() &&
                      cool_down() && daily_cap() && template_state() && quiet_hours());
    return std::move(verdict_);
  }

 private:
  bool is_sms() const { return message_.channel == Channel::sms; }

  bool pass(std::string_view rule, std::string given) {
    verdict_.checks.push_back({std::string(rule), std::move(given), "ok"});
    return true;
  }

  bool refuse(std::string_view rule, std::string given, std::string answer, Refusal refusal) {
    verdict_.checks.push_back({std::string(rule), std::move(given), std::move(answer)});
    verdict_.refusal = std::move(refusal);
    return false;
  }

  bool defer(std::string_view rule, std::string given, Instant until, std::string reason, std::string detail) {
    return refuse(rule, std::move(given), fmt::format("wait until {}", format_instant(until)),
                  Deferral{until, std::move(reason), std::move(detail)});
  }

  bool skip(std::string_view rule, std::string given, std::string reason, std::string detail) {
    std::string answer = "skip: " + reason;
    return refuse(rule, std::move(given), std::move(answer),
                  Ending{MessageStatus::skipped, std::move(reason), std::move(detail), false});
  }

  bool cancel(std::string_view rule, std::string given, std::string reason, std::string detail, bool stops) {
    std::string answer = "cancel: " + reason;
    return refuse(rule, std::move(given), std::move(answer),
                  Ending{MessageStatus::cancelled, std::move(reason), std::move(detail), stops});
  }

  bool campaign() {
    if (!message_.campaign) return true;
    std::string given(to_string(candidate_.campaign_status));
    switch (candidate_.campaign_status) {
      case CampaignStatus::active:
        break;
      case CampaignStatus::draft:
      case CampaignStatus::paused:
        return defer("campaign", std::move(given), now_ + kHour, "campaign_paused", "the campaign is not active");
      case CampaignStatus::completed:
        return cancel("campaign", std::move(given), "campaign_completed", "the campaign is completed", false);
    }
    return pass("campaign", std::move(given));
  }

  bool contact() {
    if (!message_.contact) return pass("contact", "none");
    if (!candidate_.contact) return cancel("contact", "deleted", "contact_deleted", "the contact was deleted", false);
    return pass("contact", "exists");
  }

  bool enrollment() {
    if (!message_.enrollment) return true;
    if (!candidate_.enrollment) {
      return cancel("enrollment", "deleted", "enrollment_deleted", "the enrollment was deleted", false);
    }
    std::string given(to_string(candidate_.enrollment->status));
    if (candidate_.enrollment->status == EnrollmentStatus::stopped) {
      const std::string& known = candidate_.enrollment->stop_reason;
      return cancel("enrollment", std::move(given), known.empty() ? "stopped" : known, "the enrollment was stopped",
                    false);
    }
    return pass("enrollment", std::move(given));
  }

  bool suppression() {
    if (!candidate_.suppression) return pass("suppression", "none");
    const Suppression& known = *candidate_.suppression;
    std::string given = fmt::format("{} at {}", known.reason, format_instant(known.at));
    std::string detail = fmt::format("the address is suppressed ({}) since {}", known.reason, format_instant(known.at));
    return cancel("suppression", std::move(given), "opted_out", std::move(detail), true);
  }

  bool consent() {
    // Without an address there is nobody whose consent could be known: the next rule says so.
    if (candidate_.address.empty()) return true;
    const auto& record = candidate_.consent;
    if (!record) {
      if (!is_sms()) return pass("consent", "no record");
      return skip("consent", "no record", "no_consent", "no consent is recorded for this number");
    }
    std::string given = record->given ? "given" : "withdrawn";
    given += record->method.empty() ? std::string() : " by " + record->method;
    if (!record->given) {
      std::string detail = fmt::format("the consent was withdrawn at {}", format_instant(record->at));
      return skip("consent", std::move(given), "no_consent", std::move(detail));
    }
    return pass("consent", std::move(given));
  }

  bool address() {
    if (candidate_.address.empty()) {
      return skip("address", "none", "no_address",
                  is_sms() ? "the contact has no phone number that can be used" : "the contact has no email address");
    }
    if (candidate_.contact) {
      const Contact& contact = *candidate_.contact;
      const bool own = candidate_.address == (is_sms() ? contact.phone : contact.email);
      const std::string& problem = is_sms() ? contact.phone_problem : contact.email_problem;
      if (own && !problem.empty()) return skip("address", problem, "bad_address", problem);
    }
    return pass("address", "usable");
  }

  bool channel() {
    if (policy_.channel_enabled) return pass("channel", "enabled");
    return defer("channel", "disabled", now_ + kHour, "channel_disabled",
                 fmt::format("[{}] enabled is false", to_string(message_.channel)));
  }

  /// Nobody who was asked by another enrollment a short time ago is asked again, whichever channel was used.
  bool cool_down() {
    if (!message_.enrollment) return true;
    for (const Pace* pace : {&candidate_.phone_pace, &candidate_.email_pace}) {
      const bool other = pace->last_enrollment && *pace->last_enrollment != *message_.enrollment && pace->last_at;
      if (!other || now_ - *pace->last_at >= candidate_.cool_down) continue;
      const std::string asked = format_instant(*pace->last_at);
      return refuse("cool_down", fmt::format("asked {}, {}", asked, format_duration(candidate_.cool_down)),
                    "skip: cool_down",
                    Ending{MessageStatus::skipped, "cool_down",
                           fmt::format("another enrollment asked this person at {}, within {}", asked,
                                       format_duration(candidate_.cool_down)),
                           true});
    }
    return pass("cool_down", "no other asked");
  }

  /// The owner's cap and the law's hold together: the smaller one decides.
  int cap() {
    const int own = is_sms() ? policy_.sms_per_contact_per_day : policy_.email_per_contact_per_day;
    const int legal = is_sms() ? legal_daily_cap(place()) : 0;
    if (own <= 0 || legal <= 0) return std::max({own, legal, 0});
    return std::min(own, legal);
  }

  bool daily_cap() {
    const std::vector<Instant>& recent = (is_sms() ? candidate_.phone_pace : candidate_.email_pace).recent;
    const auto first = std::find_if(recent.begin(), recent.end(), [&](Instant at) { return now_ - at < kDay; });
    const auto count = recent.end() - first;
    if (count == 0) return pass("daily_cap", "0 in 24 h");
    const int most = cap();
    std::string given =
        most == 0 ? fmt::format("{} in 24 h, no limit", count) : fmt::format("{} of {} in 24 h", count, most);
    if (most == 0 || count < most) return pass("daily_cap", std::move(given));
    const Instant until = *(first + (count - most)) + kDay;
    std::string detail = fmt::format("{} messages in 24 h, at most {}", count, most);
    return defer("daily_cap", std::move(given), until, "daily_cap", std::move(detail));
  }

  bool template_state() {
    if (!message_.template_id) return true;
    if (candidate_.template_active) return pass("template", "active");
    return defer("template", "inactive", now_ + kHour, "template_inactive", "the template is not active");
  }

  /// Where the recipient may be. For a text it is the number itself that counts, be it the contact's or not.
  const Place& place() {
    if (place_) return *place_;
    if (!candidate_.contact) {
      place_ = place_of(is_sms() ? candidate_.address : std::string(), "", "");
    } else if (is_sms()) {
      place_ = place_of(candidate_.address, candidate_.contact->state, candidate_.contact->time_zone);
    } else {
      place_ = place_of(*candidate_.contact);
    }
    if (!place_->is_known() && !is_sms() && !policy_.org_time_zone.empty()) place_->zones = {policy_.org_time_zone};
    return *place_;
  }

  std::string place_text() {
    std::string text = policy_.profile == WindowProfile::safe ? "safe" : "legal";
    for (const auto* list : {&place().states, &place().zones}) {
      for (const std::string& item : *list)
        text.append(" ").append(item);
    }
    return text;
  }

  bool hold(std::string detail) {
    return refuse("quiet_hours", place_text(), "hold", Wait{"place", std::move(detail)});
  }

  bool quiet_hours() {
    if (!place().is_known()) {
      if (is_sms()) return hold("no time zone is known for this number: set the contact's state or time zone");
      verdict_.not_after = verdict_.window_end = Instant::max();
      return pass("quiet_hours", "no place");
    }
    for (const std::string& state : place().states) {
      const auto& stopped = policy_.house.stopped_states;
      if (std::find(stopped.begin(), stopped.end(), state) == stopped.end()) continue;
      return defer("quiet_hours", place_text(), now_ + kHour, "state_stopped",
                   fmt::format("[quiet_hours] stopped_states names {}", state));
    }
    const WindowVerdict verdict = windows_.judge(place(), now_, policy_.profile, policy_.house);
    if (!verdict.allowed) return closed(verdict.next_allowed, closed_rules());
    verdict_.window_end = verdict.closes_at.value_or(Instant::max());
    verdict_.not_after = verdict.closes_at ? *verdict.closes_at - policy_.wire_margin : Instant::max();
    if (now_ >= verdict_.not_after) {
      const WindowVerdict later = windows_.judge(place(), verdict_.window_end, policy_.profile, policy_.house);
      return closed(later.next_allowed, fmt::format("the window closes at {}", format_instant(verdict_.window_end)));
    }
    verdict_.checks.push_back(
        {"quiet_hours", place_text(), fmt::format("ok until {}", format_instant(verdict_.window_end))});
    return true;
  }

  bool closed(std::optional<Instant> opens, std::string why) {
    if (!opens) {
      return hold(why + "; no hour within 14 days is open: correct the contact's state, time zone or phone");
    }
    return defer("quiet_hours", place_text(), *opens, "quiet_hours", std::move(why));
  }

  std::string closed_rules() {
    std::string text = "closed by";
    std::string_view separator = " ";
    for (const WindowAnswer& answer : windows_.explain(place(), now_, policy_.profile, policy_.house)) {
      if (answer.open) continue;
      text += fmt::format("{}{} in {}", separator, answer.rule, answer.zone);
      separator = ", ";
    }
    return text;
  }

  const Candidate& candidate_;
  const Message& message_;
  const GatePolicy& policy_;
  const QuietHours& windows_;
  Instant now_;
  std::optional<Place> place_;
  GateVerdict verdict_;
};

}  // namespace

GateVerdict ask_rules(const Candidate& candidate, const GatePolicy& policy, const QuietHours& windows, Instant now) {
  return Gate(candidate, policy, windows, now).ask();
}

std::string format_checks(const std::vector<Check>& checks) {
  std::string text;
  for (const Check& check : checks) {
    if (!text.empty()) text += '\n';
    text.append(check.rule).append(": ").append(check.given).append(" → ").append(check.answer);
  }
  return text;
}

}  // namespace avisloop
