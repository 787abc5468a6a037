#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/app.h"
#include "cli/flags.h"
#include "core/model/business.h"

namespace avisloop {

/// What `create template` and `update template` take; only what is given is changed, options go before --file.
struct TemplateOptions {
  std::string file;
  std::string channel;
  std::optional<std::string> subject;
  std::optional<std::string> body;
  std::optional<std::string> body_file;
  std::optional<std::string> html_file;
  std::vector<std::string> variables;
  std::optional<long long> max_segments;
  std::string active;

  void bind(Flags& flags, bool updates);

  /// Fault `data` when a value or a file cannot be used.
  Result<> apply(App& app, Template& item) const;
};

/// Reads the Mustache and asks what can only be told now; prints the notes. Fault `data` when it cannot be used.
Result<> check_wording(App& app, const Template& item, const Org& org);

}  // namespace avisloop
