#include "cli/command.h"

/// The list of commands, in the order of the help: VERB_NOUN stands for `Command VERB_NOUN_command()` in VERB_NOUN.cpp.
#define AVIS_COMMANDS(X) \
  X(import_contacts)     \
  X(import_jobs)         \
  X(import_opt_outs)     \
  X(enroll)              \
  X(run_due)             \
  X(send)                \
  X(resolve_message)

namespace avisloop {

#define AVIS_DECLARE(name) Command name##_command();
AVIS_COMMANDS(AVIS_DECLARE)
#undef AVIS_DECLARE

std::span<const Command> all_commands() {
#define AVIS_CALL(name) name##_command(),
  static const std::vector<Command> commands{AVIS_COMMANDS(AVIS_CALL)};
#undef AVIS_CALL
  return commands;
}

}  // namespace avisloop
