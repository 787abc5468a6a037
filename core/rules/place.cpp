#include "core/rules/place.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <unordered_map>

#include "core/base/text.h"
#include "core/rules/data_table.h"
#include "core/rules/phone.h"

namespace avisloop {
namespace {

/// How people write a state, brought to one form: lower case, no dots or commas, single spaces.
std::string spelling(std::string_view text) {
  std::string result;
  for (const char c : lower_ascii(trim(text))) {
    if (c == '.' || c == ',') continue;
    if (c == ' ' && result.ends_with(' ')) continue;
    result += c;
  }
  return result;
}

struct StateTable {
  std::unordered_map<std::string_view, std::vector<std::string_view>> zones;   ///< by state
  std::unordered_map<std::string_view, std::vector<std::string_view>> states;  ///< by zone
  std::unordered_map<std::string_view, std::string_view> aliases;              ///< of zones
  std::map<std::string, std::string_view, std::less<>> spellings;

  StateTable() {
    for (const auto& row : read_data_table("state_zones.csv", 5)) {
      const std::string_view code = row[0];
      zones.emplace(code, list_cell(row[3]));
      for (const std::string_view list : {row[3], row[4]}) {
        for (const std::string_view zone : list_cell(list))
          states[zone].push_back(code);
      }
      add_spelling(code, code);
      add_spelling(row[1], code);
      for (const std::string_view abbreviation : list_cell(row[2]))
        add_spelling(abbreviation, code);
    }
    for (const auto& row : read_data_table("zone_aliases.csv", 2))
      aliases.emplace(row[0], row[1]);
  }

  void add_spelling(std::string_view text, std::string_view code) {
    const auto [known, added] = spellings.emplace(spelling(text), code);
    if (!added && known->second != code) {
      throw std::logic_error(fmt::format("state_zones.csv: {} stands for {} and {}", text, known->second, code));
    }
  }

  const std::vector<std::string_view>* states_in(std::string_view zone) const {
    if (const auto alias = aliases.find(zone); alias != aliases.end()) zone = alias->second;
    const auto found = states.find(zone);
    return found == states.end() ? nullptr : &found->second;
  }
};

const StateTable& state_table() {
  static const StateTable table;
  return table;
}

void add(std::vector<std::string>& list, std::string_view item) {
  if (std::find(list.begin(), list.end(), item) == list.end()) list.emplace_back(item);
}

}  // namespace

std::vector<std::string_view> zones_of_state(std::string_view state) {
  const auto& zones = state_table().zones;
  const auto found = zones.find(state);
  return found == zones.end() ? std::vector<std::string_view>{} : found->second;
}

std::string read_state(std::string_view text) {
  const auto& spellings = state_table().spellings;
  const auto found = spellings.find(spelling(text));
  return found == spellings.end() ? std::string() : std::string(found->second);
}

Place place_of(std::string_view phone, std::string_view state, std::string_view time_zone) {
  const StateTable& table = state_table();
  Place place;
  if (!time_zone.empty()) add(place.zones, time_zone);
  if (!state.empty()) {
    add(place.states, state);
    const auto zones = table.zones.find(state);
    if (time_zone.empty() && zones != table.zones.end()) {
      for (const std::string_view zone : zones->second)
        add(place.zones, zone);
    }
  }
  if (const AreaCode* area =
          phone.size() == 12 && phone.starts_with("+1") ? find_area_code(phone.substr(2, 3)) : nullptr) {
    for (const std::string_view zone : area->zones)
      add(place.zones, zone);
    for (const std::string_view code : area->states)
      add(place.states, code);
  }
  const bool state_known = std::any_of(place.states.begin(), place.states.end(),
                                       [&](const std::string& code) { return table.zones.contains(code); });
  if (!state_known && !time_zone.empty()) {
    if (const auto* states = table.states_in(time_zone)) {
      for (const std::string_view code : *states)
        add(place.states, code);
    }
  }
  return place;
}

Place place_of(const Contact& contact) {
  return place_of(contact.phone, contact.state, contact.time_zone);
}

}  // namespace avisloop
