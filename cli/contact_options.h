#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/app.h"
#include "cli/flags.h"
#include "cli/session.h"
#include "core/model/business.h"

namespace avisloop {

/// What `create contact` and `update contact` take; only what is given is changed.
struct ContactOptions {
  std::optional<std::string> external_id;
  std::optional<std::string> name;
  std::optional<std::string> first_name;
  std::optional<std::string> last_name;
  std::optional<std::string> email;
  std::optional<std::string> phone;
  std::optional<std::string> state;
  std::optional<std::string> zip;
  std::optional<std::string> time_zone;
  std::optional<std::string> language;
  std::vector<std::string> tags;
  std::vector<std::string> dropped_tags;
  std::vector<std::string> custom;
  std::optional<std::string> sms_consent_source;
  std::optional<std::string> sms_consent_text;
  std::optional<Instant> sms_consent_at;
  std::optional<std::string> email_consent_source;
  std::string by;

  void bind(Flags& flags, bool updates);

  /// Fault `data` when a value cannot be used, naming its option.
  Result<> apply(App& app, Contact& contact) const;

  /// The consents that are given for the addresses of `contact`. Fault `data` when there is no such address.
  Result<std::vector<Consent>> consents(App& app, const Contact& contact, Instant now) const;
};

}  // namespace avisloop
