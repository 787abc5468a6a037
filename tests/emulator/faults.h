#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "tests/emulator/call.h"

namespace avisloop::emulator {

/// One way to misbehave; README.md lists the names and what each does.
struct ScriptedFault {
  std::string provider = "any";
  std::string operation = "any";
  std::string name;
  std::string to;
  std::string retry_after;
  std::string code;
  std::string message = "made to fail";
  int status = 400;
  int times = 1;
  int skip = 0;
  int every = 1;
  int delay_ms = 300;
  bool kept_alive = false;
  int seen = 0;
  int used = 0;

  /// Whether the provider acts on the request before the fault shows.
  bool accepts() const;
};

class FaultScript {
 public:
  /// Adds a JSON list. Fault `data` for an unknown key, name or type.
  Result<> add(std::string_view json);
  std::string list() const;
  void clear() { faults_.clear(); }
  bool empty() const { return faults_.empty(); }

  /// The fault that strikes this call, if any; counts it.
  std::optional<ScriptedFault> strike(std::string_view provider, std::string_view operation, const Call& call);

  /// The same for `reset_before_body`, whose time is before the body is there.
  bool strikes_before_body(std::string_view provider, std::string_view operation, const Call& call);

 private:
  ScriptedFault* find(std::string_view provider, std::string_view operation, const Call& call, bool before_body);

  std::vector<ScriptedFault> faults_;
};

}  // namespace avisloop::emulator
