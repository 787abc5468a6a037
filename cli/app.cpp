#include "cli/app.h"

#include <fmt/format.h>

#include "cli/output.h"
#include "core/base/text.h"
#include "core/store/catalog_store.h"

namespace avisloop {
namespace {

constexpr std::string_view kNoOrgRemedy =
    "Make one: avisloop init, or avisloop create org KEY --name NAME --time-zone ZONE";

/// The providers of `settings` that could reach real people, for the refusal of AVISLOOP_CLOCK.
std::string harmful_providers(const Settings& settings) {
  std::vector<std::string> names;
  const auto look = [&](const OrgSettings& org, std::string_view where) {
    Settings only_sms;
    only_sms.base = org;
    only_sms.base.email.provider = EmailProvider::outbox;
    if (!is_harmless(only_sms)) names.push_back(fmt::format("{}sms by {}", where, to_string(org.sms.provider)));
    Settings only_email;
    only_email.base = org;
    only_email.base.sms.provider = SmsProvider::outbox;
    if (!is_harmless(only_email)) names.push_back(fmt::format("{}email by {}", where, to_string(org.email.provider)));
  };
  look(settings.base, "");
  for (const auto& [key, org] : settings.orgs)
    look(org, "org " + key + ": ");
  return join(names, ", ");
}

Result<Instant> read_clock_variable(const std::string& value) {
  const auto start = parse_instant(value);
  if (!start) {
    return fail(Fault::config, fmt::format("AVISLOOP_CLOCK is `{}`, which is not an instant", printable(value)),
                "Use RFC 3339 such as 2026-11-24T15:00:00Z, or unset it.");
  }
  return *start;
}

}  // namespace

App::App(Parts parts, Environment& environment, Terminal& terminal, Random& random, std::unique_ptr<Clock> clock)
    : parts_(std::move(parts)),
      environment_(environment),
      terminal_(terminal),
      random_(random),
      ids_(random),
      clock_(std::move(clock)) {}

App::~App() = default;

Result<const Settings*> App::settings() {
  if (!settings_) {
    std::vector<std::string> warnings;
    AVIS_TRY_ASSIGN(settings_, load_settings(environment_, options.config, options.store, warnings));
    for (const std::string& warning : warnings) {
      print_note(*this,
                 fmt::format("avisloop: {} {}", painted_err(*this, Paint::yellow, "warning:"), printable(warning)));
    }
  }
  return &*settings_;
}

Result<Clock*> App::clock() {
  if (clock_checked_) return clock_.get();
  const auto wanted = environment_.get("AVISLOOP_CLOCK");
  if (wanted && !wanted->empty()) {
    AVIS_TRY_ASSIGN(const Instant start, read_clock_variable(*wanted));
    AVIS_TRY_ASSIGN(const Settings* const configured, settings());
    if (!is_harmless(*configured)) {
      return fail(
          Fault::config,
          fmt::format("AVISLOOP_CLOCK is set, but messages would really leave ({})", harmful_providers(*configured)),
          "Unset AVISLOOP_CLOCK, or use the outbox or a loopback address for every provider.");
    }
    clock_ = make_shifted_clock(start);
  }
  clock_checked_ = true;
  return clock_.get();
}

Result<Store*> App::store() {
  if (store_) return store_.get();
  AVIS_TRY(clock());  // a test clock that must not be obeyed stops every command that touches the store
  AVIS_TRY_ASSIGN(const Settings* const configured, settings());
  AVIS_TRY_ASSIGN(std::unique_ptr<Store> opened, parts_.open_store(configured->store_url, false));
  AVIS_TRY(opened->require_current_schema());
  if (options.dry_run) AVIS_TRY(opened->rehearse());
  store_ = std::move(opened);
  return store_.get();
}

Result<Org> App::org() {
  AVIS_TRY_ASSIGN(Store* const opened, store());
  if (!options.org.empty()) {
    AVIS_TRY_ASSIGN(const std::optional<Org> found, opened->catalog().find_org(options.org));
    if (found) return *found;
  }
  AVIS_TRY_ASSIGN(const std::vector<Org> orgs, opened->catalog().list_orgs());
  if (orgs.empty()) return fail(Fault::usage, "there is no organization yet", std::string(kNoOrgRemedy));
  std::vector<std::string> keys;
  for (const Org& org : orgs)
    keys.push_back(org.key);
  if (!options.org.empty()) {
    const auto near = nearest(options.org, keys);
    return fail(Fault::usage, fmt::format("there is no organization `{}`", printable(options.org)),
                near ? fmt::format("Did you mean `{}`?", *near) : "There are: avisloop list orgs");
  }
  if (orgs.size() > 1) {
    constexpr std::size_t most_named = 10;
    const bool many = keys.size() > most_named;
    if (many) keys.resize(most_named);
    return fail(Fault::usage, "--org KEY is needed: the store holds several organizations",
                fmt::format("There are: {}{}", join(keys, ", "), many ? ", …" : ""));
  }
  return orgs.front();
}

Log& App::log() {
  if (!log_) {
    const auto configured = settings();
    LogLevel level = configured ? (*configured)->log.level : LogLevel::warning;
    if (options.verbose) level = std::min(level, LogLevel::info);
    log_ = make_stderr_log(level, configured && (*configured)->log.json);
  }
  return *log_;
}

}  // namespace avisloop
