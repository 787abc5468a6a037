#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/config/settings.h"
#include "core/config/values.h"

namespace avisloop {

/// One line of the table that drives everything: the file's reader, the environment, `setting_keys()` and the messages.
struct KeyRow {
  std::string_view section;
  std::string_view key;
  Slot (*slot)(Settings&, OrgSettings&);  ///< where the value goes
  std::string_view explanation;
  enum class Reach { org, program } reach = Reach::org;
  std::vector<std::string_view> usual_names = {};  ///< besides AVISLOOP_<SECTION>_<KEY>
  bool secret_unused = false;                      ///< a secret that this release has no place for
};

const std::vector<KeyRow>& key_rows();

const KeyRow* find_key(std::string_view section, std::string_view key);
bool is_secret(const KeyRow& row);
bool is_used(const KeyRow& row);

/// `AVISLOOP_TWILIO_AUTH_TOKEN`
std::string environment_name(const KeyRow& row);

}  // namespace avisloop
