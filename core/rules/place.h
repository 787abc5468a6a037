#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/model/business.h"

namespace avisloop {

/// Every state and zone in which a person may be: address and area code, both count (compliance: strictest of both).
struct Place {
  std::vector<std::string> states;
  std::vector<std::string> zones;

  /// With no zone there is no local time: hold.
  bool is_known() const { return !zones.empty(); }
};

/// The place of a contact from its time zone, state and phone. An address state without a zone brings all its zones.
Place place_of(const Contact& contact);

/// The same from parts, each may be empty: `explain window` and `send --to`.
Place place_of(std::string_view phone, std::string_view state, std::string_view time_zone);

/// All IANA zones of a state such as `US-TX`; empty when it is not in the table.
std::vector<std::string_view> zones_of_state(std::string_view state);

/// `TX`, `tx`, `Texas`, `US-TX` → `US-TX`; empty when it is none of ours.
std::string read_state(std::string_view text);

}  // namespace avisloop
