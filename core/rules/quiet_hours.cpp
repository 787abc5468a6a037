#include "core/rules/quiet_hours.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <mutex>
#include <stdexcept>
#include <unordered_map>

#include "core/base/text.h"
#include "core/base/zones.h"
#include "core/rules/data_table.h"
#include "core/rules/holidays.h"

namespace avisloop {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr Micros kHorizon = 14 * kDay;
constexpr std::size_t kMostPlans = 4096;

/// Wall clock from the start of a day: [opens, closes). Closed all day = both zero.
struct DayWindow {
  Micros opens{0};
  Micros closes{0};

  bool contains(Micros time) const { return opens <= time && time < closes; }
};

/// One row of windows.csv.
struct WindowRule {
  std::string_view name;
  std::array<DayWindow, 7> week;  ///< by weekday::c_encoding: Sunday is 0
  std::string_view holidays;
  int cap_24h = 0;
  std::string_view source;
};

[[noreturn]] void refuse(std::string_view rule, std::string_view cell) {
  throw std::logic_error(fmt::format("windows.csv: {} has `{}`", rule, cell));
}

int read_number(std::string_view rule, std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) refuse(rule, text);
  return value;
}

/// `08:00-20:00` or `closed`.
DayWindow read_window(std::string_view rule, std::string_view cell) {
  if (cell == "closed") return {};
  if (cell.size() != 11 || cell[2] != ':' || cell[5] != '-' || cell[8] != ':') refuse(rule, cell);
  const auto time = [&](std::size_t at) {
    return Micros{std::chrono::hours{read_number(rule, cell.substr(at, 2))}} +
           std::chrono::minutes{read_number(rule, cell.substr(at + 3, 2))};
  };
  const DayWindow window{time(0), time(6)};
  if (window.opens >= window.closes || window.closes > kDay) refuse(rule, cell);
  return window;
}

using RuleTable = std::unordered_map<std::string_view, WindowRule>;

RuleTable read_rules() {
  RuleTable rules;
  for (const auto& row : read_data_table("windows.csv", 13)) {
    WindowRule rule;
    rule.name = row[0];
    // The columns run from Monday to Sunday.
    for (std::size_t day = 0; day < 7; ++day)
      rule.week[(day + 1) % 7] = read_window(rule.name, row[1 + day]);
    rule.holidays = row[8];
    if (!rule.holidays.empty() && !has_holiday_list(rule.holidays)) refuse(rule.name, rule.holidays);
    if (!row[9].empty()) rule.cap_24h = read_number(rule.name, row[9]);
    rule.source = row[10];
    rules.emplace(rule.name, rule);
  }
  return rules;
}

const RuleTable& rule_table() {
  static const RuleTable rules = read_rules();
  return rules;
}

const WindowRule* find_rule(std::string_view name) {
  const auto found = rule_table().find(name);
  return found == rule_table().end() ? nullptr : &found->second;
}

bool is_stopped(std::string_view state, const HouseDays& house) {
  return std::find(house.stopped_states.begin(), house.stopped_states.end(), state) != house.stopped_states.end();
}

/// Every rule that may apply: federal, the house's if the profile says so, and each state's own.
std::vector<const WindowRule*> rules_for(const Place& place, WindowProfile profile) {
  std::vector<const WindowRule*> rules{&rule_table().at("federal")};
  if (profile == WindowProfile::safe) rules.push_back(&rule_table().at("house"));
  for (const std::string& state : place.states) {
    const WindowRule* rule = find_rule(state);
    if (rule != nullptr && std::find(rules.begin(), rules.end(), rule) == rules.end()) rules.push_back(rule);
  }
  return rules;
}

bool is_holiday(std::string_view list, std::chrono::year_month_day date) {
  if (list.empty()) return false;
  const auto dates = holidays_of(list, date.year());
  return std::binary_search(dates.begin(), dates.end(), date);
}

/// The rules of one place laid over each other, so that a zone has one window per local date.
class Plan {
 public:
  Plan(const Place& place, WindowProfile profile, const HouseDays& house) {
    week_.fill(DayWindow{Micros{0}, kDay});
    for (const WindowRule* rule : rules_for(place, profile)) {
      for (std::size_t day = 0; day < 7; ++day) {
        week_[day].opens = std::max(week_[day].opens, rule->week[day].opens);
        week_[day].closes = std::min(week_[day].closes, rule->week[day].closes);
      }
      if (!rule->holidays.empty()) lists_.push_back(rule->holidays);
    }
    for (const auto& date : house.closed_dates)
      closed_days_.emplace_back(date);
    for (const std::string& name : place.zones) {
      const Zone* zone = Zone::find(name);
      if (zone == nullptr) never_ = true;
      zones_.push_back({zone, {}});
    }
    never_ = never_ || std::any_of(place.states.begin(), place.states.end(),
                                   [&](const std::string& state) { return is_stopped(state, house); });
  }

  WindowVerdict judge(Instant at) {
    if (never_) return {};
    for (const Stretch& known : known_) {
      if (known.begin <= at && at < known.end) return answer(known, at);
    }
    const Stretch stretch = look(at);
    known_[next_known_] = stretch;
    next_known_ = (next_known_ + 1) % known_.size();
    return answer(stretch, at);
  }

 private:
  /// A zone of the place, with the offset that was asked for last.
  struct PlaceZone {
    const Zone* zone = nullptr;
    OffsetSpan span;
  };

  /// Whether one zone is open, and the first instant at which that may change.
  struct ZoneState {
    bool open = false;
    Instant until;
  };

  /// A stretch of time [begin, end) with one answer; `opens` is set if it is closed and opens within the horizon.
  struct Stretch {
    Instant begin;
    Instant end;
    bool open = false;
    std::optional<Instant> opens;
  };

  static WindowVerdict answer(const Stretch& stretch, Instant at) {
    if (stretch.open) return {true, at, stretch.end};
    return {false, stretch.opens, std::nullopt};
  }

  ZoneState state_in(PlaceZone& place_zone, Instant at) {
    OffsetSpan& span = place_zone.span;
    if (at < span.begin || at >= span.end) span = place_zone.zone->span_at(at);
    const Instant wall = at + span.offset;
    const sys_days day = std::chrono::floor<days>(wall);
    const DayWindow window = is_closed(day) ? DayWindow{} : week_[std::chrono::weekday{day}.c_encoding()];
    const Micros time = wall - day;
    ZoneState state{window.contains(time), {}};
    const bool before = !state.open && time < window.opens && window.opens < window.closes;
    const Micros change = state.open ? window.closes : (before ? window.opens : kDay);
    // By this offset's wall clock; where the offset ends, the new wall clock is asked.
    state.until = std::min(at + (change - time), span.end);
    return state;
  }

  /// The zones together: open if all are; if not, the latest instant until which some zone is closed anyway.
  ZoneState state_at(Instant at) {
    ZoneState all{true, Instant::max()};
    for (PlaceZone& zone : zones_) {
      const ZoneState one = state_in(zone, at);
      if (one.open == all.open) {
        all.until = one.open ? std::min(all.until, one.until) : std::max(all.until, one.until);
      } else if (!one.open) {
        all = one;
      }
    }
    return all;
  }

  Stretch look(Instant at) {
    const Instant horizon = at + kHorizon;
    const bool open = state_at(at).open;
    Instant reached = at;
    for (ZoneState state{open, at}; state.open == open && reached <= horizon;) {
      state = state_at(reached);
      if (state.open == open) reached = state.until;
    }
    if (open) return {at, reached, true, std::nullopt};
    // Nothing within the horizon of this instant says nothing about a later one.
    if (reached > horizon) return {at, at + Micros{1}, false, std::nullopt};
    return {at, reached, false, reached};
  }

  bool is_closed(sys_days day) {
    if (std::find(closed_days_.begin(), closed_days_.end(), day) != closed_days_.end()) return true;
    if (lists_.empty()) return false;
    const std::chrono::year year = std::chrono::year_month_day{day}.year();
    const auto [dates, added] = holidays_.try_emplace(static_cast<int>(year));
    if (added) {
      for (const std::string_view list : lists_) {
        for (const auto& date : holidays_of(list, year))
          dates->second.emplace_back(date);
      }
    }
    return std::find(dates->second.begin(), dates->second.end(), day) != dates->second.end();
  }

  std::array<DayWindow, 7> week_;
  std::vector<std::string_view> lists_;
  std::vector<sys_days> closed_days_;
  std::vector<PlaceZone> zones_;
  bool never_ = false;
  std::map<int, std::vector<sys_days>> holidays_;
  std::array<Stretch, 2> known_{};  ///< what was asked last: a batch asks for nearly the same instant again and again
  std::size_t next_known_ = 0;
};

class StandardQuietHours : public QuietHours {
 public:
  WindowVerdict judge(const Place& place, Instant at, WindowProfile profile, const HouseDays& house) const override {
    if (!place.is_known()) return {};
    const std::lock_guard lock(mutex_);
    write_key(place, profile, house);
    auto found = plans_.find(key_);
    if (found == plans_.end()) {
      if (plans_.size() >= kMostPlans) plans_.clear();
      found = plans_.emplace(key_, Plan(place, profile, house)).first;
    }
    return found->second.judge(at);
  }

  std::vector<WindowAnswer> explain(const Place& place, Instant at, WindowProfile profile,
                                    const HouseDays& house) const override {
    std::vector<WindowAnswer> answers;
    if (!place.is_known()) answers.push_back({"place", "", false, "no time zone is known"});
    for (const std::string& state : place.states) {
      if (is_stopped(state, house)) answers.push_back({"stopped_state", state, false, "[quiet_hours] stopped_states"});
    }
    const auto rules = rules_for(place, profile);
    const std::lock_guard lock(mutex_);
    for (const std::string& name : place.zones) {
      const Zone* zone = Zone::find(name);
      if (zone == nullptr) {
        answers.push_back({"zone", name, false, "not in the time zone database"});
        continue;
      }
      const LocalTime local = to_local(*zone, at);
      for (const WindowRule* rule : rules)
        answers.push_back(ask(*rule, name, local));
      const auto& closed = house.closed_dates;
      if (std::find(closed.begin(), closed.end(), local.date) != closed.end()) {
        answers.push_back({"closed_date", name, false, "[quiet_hours] closed_dates"});
      }
    }
    return answers;
  }

 private:
  static WindowAnswer ask(const WindowRule& rule, const std::string& zone, const LocalTime& local) {
    const DayWindow& window = rule.week[local.weekday.c_encoding()];
    if (is_holiday(rule.holidays, local.date)) {
      return {std::string(rule.name), zone, false, fmt::format("{} (holiday)", rule.source)};
    }
    return {std::string(rule.name), zone, window.contains(std::chrono::seconds{local.second_of_day}),
            std::string(rule.source)};
  }

  /// All that a plan depends on, in one string.
  void write_key(const Place& place, WindowProfile profile, const HouseDays& house) const {
    key_.assign(1, profile == WindowProfile::safe ? 's' : 'l');
    for (const auto* list : {&place.zones, &place.states, &house.stopped_states}) {
      for (const std::string& item : *list)
        key_.append(item).push_back('\n');
      key_.push_back('\0');
    }
    for (const auto& date : house.closed_dates) {
      key_ += fmt::format_int(sys_days{date}.time_since_epoch().count()).c_str();
      key_.push_back('\n');
    }
  }

  mutable std::mutex mutex_;
  mutable std::unordered_map<std::string, Plan> plans_;
  mutable std::string key_;
};

}  // namespace

const QuietHours& QuietHours::standard() {
  static const StandardQuietHours hours;
  return hours;
}

int legal_daily_cap(const Place& place) {
  int cap = 0;
  for (const std::string& state : place.states) {
    const WindowRule* rule = find_rule(state);
    if (rule != nullptr && rule->cap_24h > 0 && (cap == 0 || rule->cap_24h < cap)) cap = rule->cap_24h;
  }
  return cap;
}

}  // namespace avisloop
