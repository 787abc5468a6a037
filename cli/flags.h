#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/instant.h"
#include "core/base/result.h"

namespace avisloop {

/// One option or argument as help, man page and completion show it.
struct FlagInfo {
  std::string name;   ///< `--format`, `-q,--quiet` or `ID`
  std::string value;  ///< what it takes: `FILE`, empty = a switch
  std::string help;
  std::vector<std::string> choices;
  bool required = false;
  bool positional = false;
  bool repeatable = false;
};

/// Declares a command's options and arguments; the only face of CLI11, which cli/flags.cpp alone includes.
/// Targets must outlive the parse: commands keep them in an options struct owned by their runner.
class Flags {
 public:
  Flags();
  ~Flags();

  Flags& argument(std::string_view name, std::string& target, std::string_view help);  ///< required
  Flags& optional_argument(std::string_view name, std::string& target, std::string_view help);
  Flags& arguments(std::string_view name, std::vector<std::string>& target, std::string_view help);  ///< one or more
  Flags& option(std::string_view name, std::string_view value, std::string& target, std::string_view help);
  /// Set only when given: to tell "not given" from "given as empty".
  Flags& option(std::string_view name, std::string_view value, std::optional<std::string>& target,
                std::string_view help);
  Flags& required_option(std::string_view name, std::string_view value, std::string& target, std::string_view help);
  Flags& list(std::string_view name, std::string_view value, std::vector<std::string>& target, std::string_view help);
  Flags& number(std::string_view name, std::string_view value, std::optional<long long>& target, std::string_view help);
  Flags& duration(std::string_view name, std::optional<Micros>& target, std::string_view help);
  Flags& instant(std::string_view name, std::optional<Instant>& target, std::string_view help);
  Flags& choice(std::string_view name, std::vector<std::string> choices, std::string& target, std::string_view help);
  Flags& toggle(std::string_view name, bool& target, std::string_view help);

  const std::vector<FlagInfo>& declared() const;

  /// Fault `usage`: what is wrong, and the nearest known option.
  Result<> parse(const std::vector<std::string>& arguments);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace avisloop
