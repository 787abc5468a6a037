#include <fmt/format.h>

#include "cli/command.h"
#include "cli/inputs.h"
#include "cli/output.h"
#include "cli/records.h"
#include "cli/session.h"
#include "core/base/text.h"
#include "core/intake/cells.h"

namespace avisloop {
namespace {

constexpr std::size_t kLongestSource = 200;
constexpr std::size_t kLongestWording = 2000;

struct Options {
  std::string address;
  std::string source;
  std::string wording;
  std::optional<Instant> at;
  std::string by;
};

Result<ExitCode> run(App& app, const Options& options) {
  AVIS_TRY_ASSIGN(const Address address, read_address(app, options.address));
  AVIS_TRY_ASSIGN(const Session session, open_session(app));
  Consent consent;
  consent.id = app.ids().make(session.now);
  consent.channel = address.channel;
  consent.address = address.text;
  consent.at = options.at.value_or(session.now);
  consent.method = "operator";
  AVIS_TRY_ASSIGN(consent.source, named("--consent-source", read_line(options.source, kLongestSource)));
  AVIS_TRY_ASSIGN(consent.wording, named("--consent-text", read_text(options.wording, kLongestWording)));
  if (consent.source.empty() || consent.wording.empty()) {
    return fail(Fault::data, "a consent without source and wording is no evidence");
  }
  if (consent.at > session.now) return fail(Fault::data, "--at lies in the future");
  consent.recorded_by = acting_person(app, options.by);
  consent.recorded_at = session.now;
  AVIS_TRY_ASSIGN(const bool lifted, session.intake().opt_in(session.org.id, consent, session.now));
  Record record = record_of(consent);
  record.set("opt_out_lifted", lifted);
  print_done(app,
             fmt::format("recorded consent of {} for {}{}", address.text, to_string(address.channel),
                         lifted ? "; the opt-out is lifted" : ""),
             record);
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.argument("ADDRESS", options->address, "A phone number or an email address")
      .required_option("--consent-source", "TEXT", options->source, "Where the consent comes from")
      .required_option("--consent-text", "TEXT", options->wording, "The wording that the person agreed to")
      .instant("--at", options->at, "When it was given (default: now)")
      .option("--by", "NAME", options->by, "Who records it (default: your user name)");
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command opt_in_command() {
  Command command;
  command.verb = "opt-in";
  command.summary = "records a new consent and lifts an opt-out";
  command.description =
      "The evidence is kept for ever: who, when, where from, and the wording that was shown. Phone companies keep a "
      "STOP "
      "of their own, which only a START from the phone itself lifts.";
  command.examples = {
      {"avisloop opt-in 512-555-0142 --consent-source \"web form of 3 May\" --consent-text \"I agree to "
       "texts from Acme\"",
       "may be texted again"}};
  command.exit_codes = {{65, "the address or the evidence cannot be used"}};
  command.changes = true;
  command.bind = bind;
  return command;
}

}  // namespace avisloop
