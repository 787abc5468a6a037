#include <fmt/format.h>

#include "cli/command.h"
#include "cli/inputs.h"
#include "cli/output.h"
#include "cli/records.h"
#include "cli/session.h"
#include "cli/template_options.h"

namespace avisloop {
namespace {

struct Options {
  std::string key;
  TemplateOptions wording;
};

Result<ExitCode> run(App& app, const Options& options) {
  if (options.wording.file.empty() && options.wording.channel.empty()) {
    return fail(Fault::usage, "missing --channel sms|email", "Or give everything with --file FILE.");
  }
  AVIS_TRY_ASSIGN(const Session session, open_session(app));
  Template item;
  item.key = options.key;
  AVIS_TRY(options.wording.apply(app, item));
  if (item.key.empty()) return fail(Fault::usage, "missing argument KEY", "Give it, or `key = \"…\"` in the file.");
  AVIS_TRY(read_key("template", item.key));
  AVIS_TRY(check_wording(app, item, session.org));
  item.id = app.ids().make(session.now);
  item.created_at = session.now;
  AVIS_TRY(session.catalog().create_template(session.org.id, item));
  print_done(app, fmt::format("created template {}", item.key), record_of(item));
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.optional_argument("KEY", options->key, "Its name: a-z, 0-9 and _");
  options->wording.bind(flags, false);
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command create_template_command() {
  Command command;
  command.verb = "create";
  command.noun = "template";
  command.summary = "adds the wording of a text or an email";
  command.description =
      "Wording is Mustache: {{first_name}}, {{last_name}}, {{name}}, {{business}}, {{service}}, {{technician}}, "
      "{{job_date}}, {{job_relative}}, {{review_link}}, {{opt_out_line}}, {{business_address}}, {{custom.NAME}}, "
      "{{relative.NAME}} and the template's own variables. {{#name}}…{{/name}} appears only when the name has a value. "
      "What is wrong with it is told now, and what makes a text costly.";
  command.examples = {
      {"avisloop create template ask_sms --channel sms --body \"Hi {{first_name}}, how did {{business}} do? "
       "{{review_link}}\"",
       "business name and the way to stop are added when they are missing"},
      {"avisloop create template ask_email --channel email --subject \"How did we do?\" --body-file ask.txt "
       "--html-file "
       "ask.html",
       "an email with both parts"}};
  command.exit_codes = {{65, "the wording or a file cannot be used, or the key is taken"}};
  command.changes = true;
  command.bind = bind;
  return command;
}

}  // namespace avisloop
