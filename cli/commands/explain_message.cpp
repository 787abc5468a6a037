#include <fmt/format.h>

#include <algorithm>

#include "cli/command.h"
#include "cli/delivery.h"
#include "cli/output.h"
#include "cli/records.h"
#include "cli/session.h"
#include "core/base/text.h"
#include "core/delivery/explain.h"

namespace avisloop {
namespace {

struct Options {
  std::string id;
};

/// One thing that happened to a message.
struct Step {
  Instant at;
  std::string what;
  std::string reason;
  std::string detail;
  std::vector<std::string> checks;  ///< the rules that were asked, `rule: given → answer`
};

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for (const std::string_view line : split(text, '\n')) {
    if (!line.empty()) lines.emplace_back(line);
  }
  return lines;
}

Step made(const MessageView& view, const std::string& zone) {
  const Message& message = view.message;
  Step step;
  step.at = message.created_at;
  step.what = "made";
  step.reason = view.campaign_key.empty() ? "by hand" : fmt::format("touch {} of {}", message.touch, view.campaign_key);
  step.detail = fmt::format("planned for {}", local_text(zone, message.planned_at));
  return step;
}

void add_attempt(std::vector<Step>& steps, const Attempt& attempt) {
  Step started;
  started.at = attempt.started_at;
  started.what = fmt::format("attempt {}", attempt.number);
  started.reason = attempt.provider;
  started.checks = lines_of(attempt.checks);
  steps.push_back(std::move(started));
  if (attempt.state == AttemptState::started) return;
  Step ended;
  ended.at = attempt.ended_at.value_or(attempt.started_at);
  ended.what = to_string(attempt.state);
  if (attempt.error_class != ErrorClass::none) ended.reason = to_string(attempt.error_class);
  std::vector<std::string> parts;
  if (!attempt.provider_id.empty()) parts.push_back("provider id " + attempt.provider_id);
  if (attempt.segments > 0) parts.push_back(counted(attempt.segments, "segment", "segments"));
  if (!attempt.error_code.empty()) parts.push_back("code " + attempt.error_code);
  if (!attempt.error_text.empty()) parts.push_back(attempt.error_text);
  if (attempt.looks > 0) parts.push_back(fmt::format("asked about {}", counted(attempt.looks, "time", "times")));
  ended.detail = join(parts, ", ");
  steps.push_back(std::move(ended));
}

Record record_of_step(const Step& step, const std::string& zone) {
  Record record;
  record.set("at", step.at).set("local", local_text(zone, step.at)).set("what", step.what).set("reason", step.reason);
  return record.set("detail", step.detail).set("checks", step.checks);
}

std::string text_of_step(const Step& step, const std::string& zone) {
  std::string line = fmt::format("{}  {}", local_text(zone, step.at), step.what);
  if (!step.reason.empty()) line += ": " + step.reason;
  if (!step.detail.empty()) line += fmt::format(" ({})", step.detail);
  line = printable(line) + "\n";
  for (const std::string& check : step.checks)
    line += "    " + printable(check) + "\n";
  return line;
}

Result<std::vector<Step>> collect(const Session& session, const MessageView& view) {
  std::vector<Step> steps{made(view, session.org.time_zone)};
  AVIS_TRY_ASSIGN(const std::vector<MessageEvent> events, session.catalog().events_of(session.org.id, view.message.id));
  for (const MessageEvent& event : events)
    steps.push_back({event.at, event.what, event.reason, event.detail, {}});
  AVIS_TRY_ASSIGN(const std::vector<Attempt> attempts, session.catalog().attempts_of(session.org.id, view.message.id));
  for (const Attempt& attempt : attempts)
    add_attempt(steps, attempt);
  std::stable_sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) { return a.at < b.at; });
  return steps;
}

/// What the rules say of a message that still waits; nothing when it does not.
Result<std::optional<Step>> look_ahead(App& app, const Session& session, const MessageView& view) {
  const Termination never;
  AVIS_TRY_ASSIGN(const DeliveryParts parts, delivery_parts(app, *session.store, never));
  AVIS_TRY_ASSIGN(const auto planned, explain_planned(parts, session.org.id, view.message.id));
  if (!planned) return std::optional<Step>();
  Step step;
  step.at = planned->at;
  step.what = "planned";
  if (planned->verdict.go()) step.reason = "may be sent";
  if (const auto* deferral = std::get_if<Deferral>(&planned->verdict.refusal)) {
    step.reason = "deferred by " + deferral->reason;
    step.detail = fmt::format("until {}; {}", local_text(session.org.time_zone, deferral->until), deferral->detail);
  }
  if (const auto* wait = std::get_if<Wait>(&planned->verdict.refusal)) {
    step.reason = "waits for " + wait->waiting_for;
    step.detail = wait->detail;
  }
  if (const auto* ending = std::get_if<Ending>(&planned->verdict.refusal)) {
    step.reason = fmt::format("{} by {}", to_string(ending->status), ending->reason);
    step.detail = ending->detail;
  }
  step.checks = lines_of(format_checks(planned->verdict.checks));
  if (!planned->problem.empty()) step.checks.push_back("text: " + planned->problem);
  return std::optional<Step>(std::move(step));
}

Result<ExitCode> run(App& app, const Options& options) {
  AVIS_TRY_ASSIGN(const Session session, open_session(app));
  AVIS_TRY_ASSIGN(const MessageView view, require_message(session, options.id));
  AVIS_TRY_ASSIGN(std::vector<Step> steps, collect(session, view));
  AVIS_TRY_ASSIGN(std::optional<Step> ahead, look_ahead(app, session, view));
  if (ahead) steps.push_back(std::move(*ahead));
  const std::string& zone = session.org.time_zone;
  if (!prints_for_people(app)) {
    std::vector<Record> timeline;
    for (const Step& step : steps)
      timeline.push_back(record_of_step(step, zone));
    print_record(app, record_of(view).set("timeline", std::move(timeline)));
    return ExitCode::done;
  }
  const std::string whom =
      view.contact_name.empty() ? view.address : fmt::format("{}, {}", view.contact_name, view.address);
  std::string text = printable(fmt::format("{} to {} is {}{}", to_string(view.message.channel), whom,
                                           to_string(view.status), view.reason.empty() ? "" : ": " + view.reason)) +
                     "\n";
  for (const Step& step : steps)
    text += text_of_step(step, zone);
  app.terminal().out(text);
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.argument("ID", options->id, "The message");
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command explain_message_command() {
  Command command;
  command.verb = "explain";
  command.noun = "message";
  command.summary = "tells why a message was sent, held or skipped";
  command.description =
      "Everything that happened to it in order of time, in the organization's zone: which rules were asked, what each "
      "was given and answered, and what the provider said.";
  command.examples = {{"avisloop explain message 0192f7a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b", "its id is in: list messages"}};
  command.exit_codes = {{65, "there is no such message"}};
  command.bind = bind;
  return command;
}

}  // namespace avisloop
