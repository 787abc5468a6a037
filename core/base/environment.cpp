#include "core/base/environment.h"

#include <unistd.h>

#include <array>
#include <cstdlib>

namespace avisloop {
namespace {

class ProcessEnvironment : public Environment {
 public:
  std::optional<std::string> get(std::string_view name) const override {
    const char* value = std::getenv(std::string(name).c_str());
    if (value == nullptr) return std::nullopt;
    return value;
  }
  std::string host_name() const override {
    std::array<char, 256> name{};
    return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
  }
  int process_id() const override { return getpid(); }
};

class FixedEnvironment : public Environment {
 public:
  explicit FixedEnvironment(std::map<std::string, std::string> variables) : variables_(std::move(variables)) {}
  std::optional<std::string> get(std::string_view name) const override {
    const auto found = variables_.find(std::string(name));
    if (found == variables_.end()) return std::nullopt;
    return found->second;
  }
  std::string host_name() const override { return "test-host"; }
  int process_id() const override { return 1; }

 private:
  std::map<std::string, std::string> variables_;
};

}  // namespace

std::unique_ptr<Environment> make_process_environment() {
  return std::make_unique<ProcessEnvironment>();
}
std::unique_ptr<Environment> make_fixed_environment(std::map<std::string, std::string> variables) {
  return std::make_unique<FixedEnvironment>(std::move(variables));
}

}  // namespace avisloop
