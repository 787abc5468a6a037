#include "cli/exit_codes.h"

namespace avisloop {

ExitCode exit_code_of(Fault fault) {
  switch (fault) {
    case Fault::usage:
      return ExitCode::usage;
    case Fault::data:
      return ExitCode::data;
    case Fault::unavailable:
      return ExitCode::unavailable;
    case Fault::distrust:
      return ExitCode::distrust;
    case Fault::busy:
      return ExitCode::try_again;
    case Fault::denied:
      return ExitCode::denied;
    case Fault::config:
      return ExitCode::config;
    case Fault::interrupted:
      return ExitCode::interrupted;
    case Fault::bug:
      break;
  }
  return ExitCode::bug;
}

}  // namespace avisloop
