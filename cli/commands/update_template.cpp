#include <fmt/format.h>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/records.h"
#include "cli/session.h"
#include "cli/template_options.h"

namespace avisloop {
namespace {

struct Options {
  std::string key;
  TemplateOptions wording;
  std::vector<std::string> dropped_variables;
};

Result<ExitCode> run(App& app, const Options& options) {
  AVIS_TRY_ASSIGN(const Session session, open_session(app));
  AVIS_TRY_ASSIGN(Template item, require_template(session, options.key));
  const Channel channel = item.channel;
  AVIS_TRY(options.wording.apply(app, item));
  if (item.channel != channel)
    return fail(Fault::data, "the channel of a template cannot change", "Make a new template.");
  for (const std::string& name : options.dropped_variables)
    item.variables.erase(name);
  AVIS_TRY(check_wording(app, item, session.org));
  AVIS_TRY(session.catalog().update_template(session.org.id, item));
  AVIS_TRY_ASSIGN(const Template stored, require_template(session, item.key));
  print_done(app, fmt::format("updated template {}, now version {}", stored.key, stored.version), record_of(stored));
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.argument("KEY", options->key, "The template");
  options->wording.bind(flags, true);
  flags.list("--remove-var", "NAME", options->dropped_variables, "A variable to take away");
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command update_template_command() {
  Command command;
  command.verb = "update";
  command.noun = "template";
  command.summary = "changes what is given of a template";
  command.description = "Messages that wait are written with the new wording; what was sent keeps its own.";
  command.examples = {
      {"avisloop update template ask_sms --body \"Hi {{first_name}}, a word about us? {{review_link}}\"",
       "new wording"},
      {"avisloop update template ask_sms --active no", "nothing is sent with it any more"}};
  command.exit_codes = {{65, "there is no such template, or the wording cannot be used"}};
  command.changes = true;
  command.bind = bind;
  return command;
}

}  // namespace avisloop
