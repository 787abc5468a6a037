#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/app.h"
#include "cli/command.h"
#include "core/base/environment.h"
#include "core/base/random.h"
#include "core/store/catalog_store.h"
#include "core/store/intake_store.h"
#include "core/store/sqlite/open.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_terminal.h"
#include "tests/support/temp_folder.h"

namespace avisloop {

/// A store with one org in Chicago, and the program's commands run on it in process at a clock that stands still.
class ImportWorld {
 public:
  ImportWorld() {
    const auto opened = store();
    if (!opened->migrate(now)) throw std::runtime_error("the test's store cannot be migrated");
    Org made;
    made.id = OrgId{7};
    made.key = "acme";
    made.name = "Acme";
    made.time_zone = "America/Chicago";
    made.created_at = now;
    if (!opened->catalog().create_org(made)) throw std::runtime_error("the test's org cannot be made");
    org = made.id;
  }

  /// Runs one command line; what it printed is in `out` and `err`.
  int run(std::vector<std::string> arguments, std::string_view input = {}) {
    MemoryTerminal terminal;
    terminal.is_terminal = is_terminal;
    terminal.input.str(std::string(input));
    return run_on(terminal, std::move(arguments));
  }

  int run_on(MemoryTerminal& terminal, std::vector<std::string> arguments) {
    Parts parts;
    parts.open_store = [this](const std::string&, bool) { return open_sqlite_store(path(), false, *random_); };
    parts.check_foreign_number = [](std::string_view) -> Result<bool> { return true; };
    App app(std::move(parts), *environment_, terminal, *random_, std::make_unique<FakeClock>(now));
    arguments.insert(arguments.begin(), {"--store", "sqlite:" + path()});
    const int code = run_command_line(arguments, app);
    out = terminal.output;
    err = terminal.errors;
    return code;
  }

  std::unique_ptr<Store> store() {
    auto opened = open_sqlite_store(path(), true, *random_);
    if (!opened) throw std::runtime_error(opened.error().message);
    return std::move(*opened);
  }

  std::vector<Contact> contacts() { return *store()->catalog().list_contacts(org, {}, {1000, 0}); }

  /// Every consent and every opt-out of an address.
  AddressState address(Channel channel, std::string_view text) {
    return *store()->catalog().address_state(org, channel, text);
  }

  std::string path() const { return folder.file("avisloop.db"); }

  TempFolder folder;
  OrgId org{};
  Instant now = test_start();
  bool is_terminal = false;
  std::string out;
  std::string err;

 private:
  std::unique_ptr<Random> random_ = make_seeded_random(42);
  std::unique_ptr<Environment> environment_ = make_fixed_environment({});
};

}  // namespace avisloop
