#pragma once

#include <string>
#include <vector>

#include "cli/app.h"
#include "cli/exit_codes.h"
#include "cli/flags.h"
#include "core/intake/columns.h"
#include "core/intake/importer.h"

namespace avisloop {

/// What the three imports take.
struct ImportOptions {
  std::string file;  ///< empty or `-` = standard input
  std::vector<std::string> maps;
  std::string preset;
  std::string consent_source;
  std::string rejects;
  std::string delimiter;
  std::string encoding;
  std::string on_conflict = "update";
  std::string service;
  std::optional<Micros> enroll_since;
  bool skip_unknown = false;
  bool keep_bad_phones = false;

  void bind(Flags& flags, FileKind kind);
};

/// Imports the file and tells what became of its rows; exit code 1 when some were rejected.
Result<ExitCode> run_import(App& app, const ImportOptions& options, FileKind kind);

}  // namespace avisloop
