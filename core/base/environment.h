#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace avisloop {

/// Environment variables and facts of the process, passed in so that tests can set them.
class Environment {
 public:
  virtual ~Environment() = default;
  virtual std::optional<std::string> get(std::string_view name) const = 0;
  virtual std::string host_name() const = 0;
  virtual int process_id() const = 0;
};

std::unique_ptr<Environment> make_process_environment();
std::unique_ptr<Environment> make_fixed_environment(std::map<std::string, std::string> variables);

}  // namespace avisloop
