#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/app.h"
#include "cli/command.h"
#include "cli/output.h"

namespace avisloop {

/// One case of a batch: an object of one JSON line. Fields that a command does not ask for are ignored.
class BatchCase {
 public:
  virtual ~BatchCase() = default;

  /// The text of a field; nothing when it is absent, null or empty. Fault `data` when it is not a text.
  virtual Result<std::optional<std::string>> text(std::string_view field) const = 0;

  /// The texts of a list field; empty when it is absent or null.
  virtual Result<std::vector<std::string>> texts(std::string_view field) const = 0;
};

/// Reads JSON lines from `file` (`-` is standard input) and prints one JSON line for each, in the same order, begun by
/// the `id` of the case. A line that cannot be answered gives `{"id":…,"error":…}` and the exit code 1; empty lines
/// are passed over. Fault `data` when the file cannot be read.
Result<ExitCode> run_batch(App& app, const std::string& file,
                           const std::function<Result<Record>(const BatchCase&)>& answer);

}  // namespace avisloop
