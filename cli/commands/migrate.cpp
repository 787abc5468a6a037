#include <fmt/format.h>

#include "cli/command.h"
#include "cli/output.h"

namespace avisloop {
namespace {

Result<ExitCode> run(App& app) {
  AVIS_TRY_ASSIGN(Clock* const clock, app.clock());
  AVIS_TRY_ASSIGN(const Settings* const settings, app.settings());
  AVIS_TRY_ASSIGN(const std::unique_ptr<Store> store, app.parts().open_store(settings->store_url, false));
  AVIS_TRY_ASSIGN(const std::vector<Migration> pending, store->pending_migrations());
  std::vector<Record> rows;
  for (const Migration& migration : pending) {
    Record row;
    row.set("number", migration.number).set("name", migration.name);
    if (app.options.dry_run && app.options.format != OutputFormat::table) row.set("sql", migration.sql);
    rows.push_back(std::move(row));
  }
  print_records(app, rows);
  if (pending.empty()) {
    print_note(app, fmt::format("{} is up to date", store->location()));
    return ExitCode::done;
  }
  if (app.options.dry_run) {
    if (app.options.format == OutputFormat::table) {
      for (const Migration& migration : pending)
        app.terminal().out("\n" + migration.sql + "\n");
    }
    print_note(app, "dry run, nothing was changed");
    return ExitCode::done;
  }
  AVIS_TRY_ASSIGN(const std::vector<Migration> applied, store->migrate(clock->now()));
  print_note(app, fmt::format("applied {} to {}",
                              counted(static_cast<std::int64_t>(applied.size()), "migration", "migrations"),
                              store->location()));
  return ExitCode::done;
}

Runner bind(Flags&) {
  return run;
}

}  // namespace

Command migrate_command() {
  Command command;
  command.verb = "migrate";
  command.summary = "brings the store up to this release";
  command.description =
      "Shows what is due and applies it in one transaction. Other commands stop with 78 until it is done, and with 74 "
      "when "
      "the store is newer than the program. Make a copy of the store first.";
  command.examples = {{"avisloop migrate --dry-run", "prints the SQL and changes nothing"},
                      {"avisloop migrate", "applies it"}};
  command.changes = true;
  command.bind = bind;
  return command;
}

}  // namespace avisloop
