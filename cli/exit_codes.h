#pragma once

#include "core/base/result.h"

namespace avisloop {

/// The exit codes of the contract (sysexits where one fits).
enum class ExitCode {
  done = 0,
  some_failed = 1,
  usage = 2,
  data = 65,
  unavailable = 69,
  bug = 70,
  distrust = 74,
  try_again = 75,
  denied = 77,
  config = 78,
  interrupted = 130,
};

ExitCode exit_code_of(Fault fault);

}  // namespace avisloop
