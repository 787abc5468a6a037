#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>

#include "cli/terminal.h"
#include "core/base/clock.h"
#include "core/base/environment.h"
#include "core/base/id.h"
#include "core/base/log.h"
#include "core/base/random.h"
#include "core/base/result.h"
#include "core/config/settings.h"
#include "core/model/business.h"
#include "core/net/transport.h"
#include "core/providers/provider.h"
#include "core/rules/phone.h"
#include "core/store/store.h"

namespace avisloop {

enum class OutputFormat { table, json, jsonl, csv };

/// The options that every command takes.
struct GlobalOptions {
  std::string config;
  std::string store;
  std::string org;
  OutputFormat format = OutputFormat::table;
  bool quiet = false;
  bool verbose = false;
  bool no_color = false;
  bool dry_run = false;  ///< only of commands that change something
  bool yes = false;      ///< only of destructive commands
};

/// The concrete parts, named in cli/wire.cpp alone; tests put others in their place.
struct Parts {
  std::function<Result<std::unique_ptr<Store>>(const std::string& url, bool create)> open_store;
  std::function<std::unique_ptr<Transport>(int most_connections)> make_transport;
  std::function<Result<std::unique_ptr<Provider>>(Channel, const OrgSettings&)> make_provider;
  ForeignNumberCheck check_foreign_number;
};

/// Everything that a command is given. What costs time is made at first use.
class App {
 public:
  App(Parts parts, Environment& environment, Terminal& terminal, Random& random, std::unique_ptr<Clock> clock);
  ~App();

  GlobalOptions options;

  Environment& environment() { return environment_; }
  Terminal& terminal() { return terminal_; }
  Random& random() { return random_; }
  IdMaker& ids() { return ids_; }
  const Parts& parts() const { return parts_; }

  /// The configuration; its warnings go to standard error once.
  Result<const Settings*> settings();

  /// The clock; AVISLOOP_CLOCK is obeyed only when every provider in use is harmless (fault `config` otherwise).
  Result<Clock*> clock();

  /// The open store with the current schema; with `--dry-run` it is rehearsing.
  Result<Store*> store();

  /// The org that `--org` names, or the only one. Fault `usage` when it is not clear, naming the orgs there are.
  Result<Org> org();

  Log& log();

 private:
  Parts parts_;
  Environment& environment_;
  Terminal& terminal_;
  Random& random_;
  IdMaker ids_;
  std::unique_ptr<Clock> clock_;
  bool clock_checked_ = false;
  std::optional<Settings> settings_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Log> log_;
};

}  // namespace avisloop
