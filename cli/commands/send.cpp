#include <fmt/format.h>

#include "cli/command.h"
#include "cli/delivery.h"
#include "cli/output.h"
#include "cli/session.h"
#include "core/base/text.h"
#include "core/delivery/judge.h"
#include "core/intake/cells.h"
#include "core/rules/phone.h"
#include "core/rules/templates.h"

namespace avisloop {
namespace {

struct Options {
  std::string channel;
  std::string contact;
  std::string to;
  std::string template_key;
  std::string text;
  std::string subject;
  std::vector<std::string> variables;
  std::string priority = "normal";
  std::string message_class = "marketing";
  std::optional<Instant> at;
  bool wait = false;
};

/// How long `--wait` follows a message that rules or the provider put off.
constexpr Micros kLongestWait = std::chrono::minutes{15};
constexpr Micros kWaitSlice = std::chrono::milliseconds{200};

Result<> validate(const Options& options) {
  if (options.contact.empty() == options.to.empty()) {
    return fail(Fault::usage, "name the recipient by either --contact or --to");
  }
  if (options.template_key.empty() == options.text.empty()) {
    return fail(Fault::usage, "give the wording by either --template or --text");
  }
  if (options.channel == "email" && !options.text.empty() && options.subject.empty()) {
    return fail(Fault::usage, "an email with --text needs --subject");
  }
  if (options.channel == "sms" && !options.subject.empty()) {
    return fail(Fault::usage, "--subject is for email; a text message has none");
  }
  return {};
}

Result<std::map<std::string, std::string>> read_variables(const std::vector<std::string>& pairs) {
  std::map<std::string, std::string> variables;
  for (const std::string& pair : pairs) {
    const auto equals = pair.find('=');
    if (equals == 0 || equals == std::string::npos) {
      return fail(Fault::usage, "--var takes NAME=VALUE, not `" + printable(pair) + "`");
    }
    variables[pair.substr(0, equals)] = pair.substr(equals + 1);
  }
  return variables;
}

Result<std::string> read_address(App& app, Channel channel, const std::string& raw) {
  if (channel == Channel::sms) {
    AVIS_TRY_ASSIGN(const PhoneReading phone, read_phone(raw, app.parts().check_foreign_number));
    return phone.e164;
  }
  return read_email(raw);
}

/// Checks now what would otherwise only be found when it is sent.
Result<> check_wording(App& app, const Session& session, const Options& options, Message& message) {
  if (!options.template_key.empty()) {
    AVIS_TRY_ASSIGN(const Template found, require_template(session, options.template_key));
    if (found.channel != message.channel) {
      return fail(Fault::usage, fmt::format("template `{}` is for {}, not for {}", found.key, to_string(found.channel),
                                            to_string(message.channel)));
    }
    message.template_id = found.id;
    return {};
  }
  message.subject = options.subject;
  message.text = options.text;
  const Template source = text_as_template(message);
  AVIS_TRY_ASSIGN(const auto parsed, parse_template(source));
  for (const TemplateNote& note : check_template(source, *parsed, session.org)) {
    if (note.fatal) return fail(Fault::data, note.line);
    print_note(app, "note: " + note.line);
  }
  return {};
}

Result<Message> make_message(App& app, const Session& session, const Options& options) {
  Message message;
  message.id = app.ids().make(session.now);
  message.channel = parse_enum<Channel>(options.channel).value_or(Channel::sms);
  message.priority = parse_enum<Priority>(options.priority).value_or(Priority::normal);
  message.message_class = parse_enum<MessageClass>(options.message_class).value_or(MessageClass::marketing);
  message.created_at = session.now;
  message.planned_at = options.at.value_or(session.now);
  if (message.planned_at < session.now) return fail(Fault::usage, "--at lies in the past");
  AVIS_TRY_ASSIGN(message.variables, read_variables(options.variables));
  if (options.contact.empty()) {
    AVIS_TRY_ASSIGN(message.to, read_address(app, message.channel, options.to));
    AVIS_TRY_ASSIGN(const auto known, session.catalog().find_contact_by_key(session.org.id, message.to));
    if (known) message.contact = known->id;
  } else {
    AVIS_TRY_ASSIGN(const Contact contact, require_contact(app, session, options.contact));
    message.contact = contact.id;
  }
  AVIS_TRY(check_wording(app, session, options, message));
  return message;
}

/// Runs the message through the protocol until it is at an end, or put off for longer than `--wait` follows.
Result<RunReport> deliver(App& app, const Session& session, const Message& message, bool wait) {
  const Termination& termination = watch_termination();
  AVIS_TRY_ASSIGN(const DeliveryParts parts, delivery_parts(app, *session.store, termination));
  AVIS_TRY_ASSIGN(Clock* const clock, app.clock());
  RunOptions options;
  options.dry_run = app.options.dry_run;
  AVIS_TRY_ASSIGN(RunReport report, run_message(parts, session.org.id, message.id, options));
  const Instant give_up = clock->now() + kLongestWait;
  while (wait && !termination.requested.load()) {
    AVIS_TRY_ASSIGN(const MessageView view, require_message(session, to_string(message.id)));
    if (view.status != MessageStatus::scheduled || !view.due_at || *view.due_at > give_up) break;
    while (clock->now() < *view.due_at && !termination.requested.load())
      clock->pause(kWaitSlice);
    AVIS_TRY_ASSIGN(report, run_message(parts, session.org.id, message.id, options));
  }
  return report;
}

std::string sentence_of(const Session& session, const MessageView& view, bool dry_run) {
  if (dry_run && view.status == MessageStatus::sending) return "Would be sent to " + view.address + ".";
  std::string sentence = fmt::format("{} to {}", to_string(view.status), view.address);
  if (!view.reason.empty()) sentence += ": " + view.reason;
  if (view.due_at && view.status == MessageStatus::scheduled) {
    sentence += ", due " + local_text(session.org.time_zone, *view.due_at);
  }
  return sentence + ".";
}

Record record_of(const MessageView& view) {
  Record record;
  record.set("message", to_string(view.message.id))
      .set("status", to_string(view.status))
      .set("reason", view.reason)
      .set("to", view.address)
      .set("due_at", view.due_at ? Value{format_instant(*view.due_at)} : Value{})
      .set("provider_id", view.provider_id);
  return record;
}

Result<ExitCode> run(App& app, const Options& options) {
  AVIS_TRY(validate(options));
  AVIS_TRY_ASSIGN(const Session session, open_session(app));
  AVIS_TRY(require_trust(app, *session.store, false));
  AVIS_TRY_ASSIGN(const Message message, make_message(app, session, options));
  AVIS_TRY(session.intake().add_message(session.org.id, message));
  RunReport report;
  if (message.planned_at <= session.now) {
    AVIS_TRY_ASSIGN(report, deliver(app, session, message, options.wait));
  }
  AVIS_TRY(leave_mark(app, *session.store));
  AVIS_TRY_ASSIGN(const MessageView view, require_message(session, to_string(message.id)));
  print_done(app, sentence_of(session, view, app.options.dry_run), record_of(view));
  const bool was_refused = view.status == MessageStatus::skipped || view.status == MessageStatus::cancelled;
  return was_refused ? ExitCode::some_failed : exit_code_of(report);
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.choice("--channel", {"sms", "email"}, options->channel, "how it is sent (required)")
      .option("--contact", "ID", options->contact, "the contact: id, external id, phone or email")
      .option("--to", "ADDRESS", options->to, "an address instead of a contact")
      .option("--template", "KEY", options->template_key, "the template")
      .option("--text", "TEXT", options->text, "the wording instead of a template; may use variables")
      .option("--subject", "TEXT", options->subject, "the subject, with --channel email --text")
      .list("--var", "NAME=VALUE", options->variables, "a variable of the wording; may be given several times")
      .choice("--priority", {"urgent", "high", "normal", "low"}, options->priority, "how soon among others")
      .choice("--class", {"marketing", "service"}, options->message_class,
              "marketing (default) carries name and opt-out line; service is for appointments only")
      .instant("--at", options->at, "when, instead of now")
      .toggle("--wait", options->wait, "follow it until it is sent or refused, 15 minutes at most");
  return [options](App& app) -> Result<ExitCode> {
    if (options->channel.empty()) return fail(Fault::usage, "--channel is needed: sms or email");
    return run(app, *options);
  };
}

}  // namespace

Command send_command() {
  return {.verb = "send",
          .noun = "",
          .summary = "sends one message, by the same rules",
          .description =
              "Puts one message into the queue and takes it through the same rules as run-due: consent, suppression, "
              "quiet hours, caps, rate limits. What a rule puts off stays in the queue and is sent by a later run-due.",
          .examples = {{"avisloop send --channel sms --contact C-1042 --template ask_sms", "a template to a contact"},
                       {"avisloop send --channel email --to owner@example.org --subject Test --text \"It works.\"",
                        "a few words to an address"}},
          .exit_codes = {{1, "a rule or the provider refused it, or its outcome is in doubt"},
                         {69, "the provider refuses the account"}},
          .changes = true,
          .destructive = false,
          .bind = bind};
}

}  // namespace avisloop
