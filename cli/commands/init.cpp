#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "cli/command.h"
#include "cli/org_options.h"
#include "cli/output.h"
#include "cli/settings_file.h"
#include "core/base/text.h"
#include "core/store/catalog_store.h"

namespace avisloop {
namespace {

struct Options {
  std::string org_key;
  OrgOptions org;
};

/// What was there and what was made.
struct Outcome {
  std::string config;
  bool config_written = false;
  std::string store;
  bool store_made = false;
  std::string org;
  bool org_made = false;
};

std::string config_path(App& app) {
  if (!app.options.config.empty()) return app.options.config;
  return app.environment().get("AVISLOOP_CONFIG").value_or("./avisloop.toml");
}

/// Readable by the owner only, since secrets will stand in it. Never overwrites. Answers whether it wrote.
Result<bool> write_config(const std::string& path, const std::string& content, bool dry_run) {
  if (dry_run) return access(path.c_str(), F_OK) != 0;
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0 && errno == EEXIST) return false;
  if (file < 0) {
    return fail(Fault::denied, fmt::format("{} cannot be written: {}", printable(path), std::strerror(errno)),
                "Choose another place with --config FILE.");
  }
  const bool whole = write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size());
  const int problem = errno;
  if (close(file) != 0 || !whole) {
    unlink(path.c_str());
    return fail(Fault::busy, fmt::format("{} cannot be written: {}", printable(path), std::strerror(problem)));
  }
  return true;
}

/// The business' name as a key: `Acme Plumbing` is `acme_plumbing`.
std::string key_of_name(std::string_view name) {
  std::string key;
  for (const char c : lower_ascii(name)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (plain) key += c;
    if (!plain && !key.empty() && key.back() != '_') key += '_';
  }
  while (key.ends_with('_'))
    key.pop_back();
  return key;
}

/// The key of the first org: --org-key, --org, or made from its name.
std::string wanted_org(const App& app, const Options& options) {
  if (!options.org_key.empty()) return options.org_key;
  return app.options.org.empty() ? key_of_name(options.org.name.value_or("")) : app.options.org;
}

/// A fresh store gets its schema; one that is merely older is left to `migrate`.
Result<bool> prepare_schema(App& app, Store& store, Instant now) {
  AVIS_TRY_ASSIGN(const std::vector<Migration> pending, store.pending_migrations());
  const bool fresh = !pending.empty() && pending.front().number == 1;
  if (fresh) {
    AVIS_TRY(store.migrate(now));
  } else if (!pending.empty()) {
    print_note(app, "note: a migration is due: avisloop migrate");
  }
  return fresh;
}

Result<> prepare_org(App& app, Store& store, const Options& options, Instant now, Outcome& outcome) {
  outcome.org = wanted_org(app, options);
  if (outcome.org.empty()) {
    AVIS_TRY_ASSIGN(const std::vector<Org> orgs, store.catalog().list_orgs());
    if (orgs.empty())
      print_note(app, "note: no organization yet: avisloop create org KEY --name NAME --time-zone ZONE");
    return {};
  }
  AVIS_TRY_ASSIGN(const std::optional<Org> known, store.catalog().find_org(outcome.org));
  if (known) return {};
  AVIS_TRY_ASSIGN(const Org org, make_org(app, outcome.org, options.org, now));
  AVIS_TRY(store.catalog().create_org(org));
  outcome.org_made = true;
  return {};
}

std::string told(bool made, std::string_view verb, const std::string& what) {
  return made ? fmt::format("{} {}", verb, what) : fmt::format("{} was there already", what);
}

void print_outcome(App& app, const Outcome& outcome) {
  Record record;
  record.set("config", outcome.config).set("config_written", outcome.config_written);
  record.set("store", outcome.store).set("store_created", outcome.store_made);
  record.set("org", outcome.org.empty() ? Value{} : Value{outcome.org}).set("org_created", outcome.org_made);
  std::vector<std::string> lines{told(outcome.config_written, "wrote", outcome.config),
                                 told(outcome.store_made, "made the store", outcome.store)};
  if (!outcome.org.empty()) lines.push_back(told(outcome.org_made, "created", "organization " + outcome.org));
  if (!outcome.config_written && !outcome.store_made && !outcome.org_made) lines.emplace_back("nothing was changed");
  print_done(app, join(lines, "\n"), record);
}

/// Everything is checked before the first thing is made, as far as it can be.
Result<ExitCode> rehearse(App& app, const Options& options, Outcome outcome) {
  AVIS_TRY_ASSIGN(Clock* const clock, app.clock());
  outcome.store = app.options.store.empty() ? "the store" : app.options.store;
  outcome.org = wanted_org(app, options);
  if (!outcome.org.empty()) AVIS_TRY(make_org(app, outcome.org, options.org, clock->now()));
  outcome.store_made = outcome.org_made = true;
  print_outcome(app, outcome);
  return ExitCode::done;
}

/// What can be refused is refused before the first file is made.
Result<> check(App& app, const Options& options, const Outcome& outcome) {
  const std::string key = wanted_org(app, options);
  const bool fresh = access(outcome.config.c_str(), F_OK) != 0;
  if (!key.empty() && fresh) return make_org(app, key, options.org, Instant{}).map([](const Org&) {});
  Org unused;
  return options.org.apply(unused);
}

Result<ExitCode> prepare(App& app, const Options& options, Outcome& outcome) {
  app.options.config = outcome.config;
  AVIS_TRY_ASSIGN(const Settings* const settings, app.settings());
  AVIS_TRY_ASSIGN(Clock* const clock, app.clock());
  AVIS_TRY_ASSIGN(const std::unique_ptr<Store> store,
                  app.parts().open_store(settings->store_url, !app.options.dry_run));
  if (app.options.dry_run) AVIS_TRY(store->rehearse());
  outcome.store = store->location();
  AVIS_TRY_ASSIGN(outcome.store_made, prepare_schema(app, *store, clock->now()));
  AVIS_TRY(prepare_org(app, *store, options, clock->now(), outcome));
  print_outcome(app, outcome);
  return ExitCode::done;
}

Result<ExitCode> run(App& app, const Options& options) {
  Outcome outcome;
  outcome.config = config_path(app);
  AVIS_TRY(check(app, options, outcome));
  AVIS_TRY_ASSIGN(outcome.config_written,
                  write_config(outcome.config, starting_settings_file(app.options.store), app.options.dry_run));
  if (app.options.dry_run && outcome.config_written) return rehearse(app, options, std::move(outcome));
  Result<ExitCode> prepared = prepare(app, options, outcome);
  // A file that points to a store that could not be made would stand in the way of the next try.
  if (!prepared && outcome.config_written) unlink(outcome.config.c_str());
  return prepared;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.option("--org-key", "KEY", options->org_key,
               "Key of the first organization (default: --org, or made from its name)");
  options->org.bind(flags);
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command init_command() {
  Command command;
  command.verb = "init";
  command.summary = "writes avisloop.toml, makes the store and the first organization";
  command.description =
      "Asks nothing. What is there already stays as it is, so running it again changes nothing. The file is written to "
      "--config, $AVISLOOP_CONFIG or ./avisloop.toml, readable by you alone; every line in it is a default that is "
      "commented out.";
  command.examples = {
      {"avisloop init --org-key acme --name \"Acme Plumbing\" --time-zone America/Chicago --review-link "
       "https://g.page/r/acme/review",
       "everything that a first campaign needs"},
      {"avisloop init --store sqlite:/var/lib/avisloop/avisloop.db", "a store elsewhere"}};
  command.exit_codes = {{65, "a value cannot be used"}};
  command.changes = true;
  command.bind = bind;
  return command;
}

}  // namespace avisloop
