#include "cli/command.h"

/// The list of commands, in the order of the help: VERB_NOUN stands for `Command VERB_NOUN_command()` in VERB_NOUN.cpp.
#define AVIS_COMMANDS(X) \
  X(init)                \
  X(migrate)             \
  X(status)              \
  X(create_org)          \
  X(create_contact)      \
  X(create_job)          \
  X(create_template)     \
  X(create_campaign)     \
  X(update_org)          \
  X(update_contact)      \
  X(update_job)          \
  X(update_template)     \
  X(update_campaign)     \
  X(list_org)            \
  X(list_contact)        \
  X(list_job)            \
  X(list_template)       \
  X(list_campaign)       \
  X(list_message)        \
  X(show_org)            \
  X(show_contact)        \
  X(show_job)            \
  X(show_template)       \
  X(show_campaign)       \
  X(show_message)        \
  X(delete_org)          \
  X(delete_contact)      \
  X(delete_job)          \
  X(delete_template)     \
  X(delete_campaign)     \
  X(import_contacts)     \
  X(import_jobs)         \
  X(import_opt_outs)     \
  X(activate_campaign)   \
  X(pause_campaign)      \
  X(resume_campaign)     \
  X(resume_channel)      \
  X(complete_campaign)   \
  X(enroll)              \
  X(run_due)             \
  X(send)                \
  X(cancel_message)      \
  X(cancel)              \
  X(resolve_message)     \
  X(opt_out)             \
  X(opt_in)              \
  X(explain_message)     \
  X(explain_phone)       \
  X(explain_text)        \
  X(explain_window)      \
  X(completion)          \
  X(man)

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
