#include "tests/emulator/faults.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "core/base/text.h"

namespace avisloop::emulator {
namespace {

constexpr std::string_view kBeforeBody = "reset_before_body";
constexpr std::array<std::string_view, 7> kRefusing{
    "rate_limited", "error", "server_error_before", "hang_before", kBeforeBody, "reset_before", "close_before"};
constexpr std::array<std::string_view, 11> kAccepting{
    "server_error_after", "hang_after", "reset_after", "close_after", "slow", "delay",
    "cut_header",         "cut_body",   "malformed",   "wrong_type",  "huge"};

template <class Names>
bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Reads one fault; throws nlohmann's exceptions for wrong types.
Result<ScriptedFault> read(const nlohmann::json& item) {
  ScriptedFault fault;
  for (const auto& [key, value] : item.items()) {
    if (key == "provider") {
      fault.provider = value.get<std::string>();
    } else if (key == "operation") {
      fault.operation = value.get<std::string>();
    } else if (key == "fault") {
      fault.name = value.get<std::string>();
    } else if (key == "to") {
      fault.to = value.get<std::string>();
    } else if (key == "retry_after") {
      fault.retry_after = value.is_string() ? value.get<std::string>() : value.dump();
    } else if (key == "code") {
      fault.code = value.is_string() ? value.get<std::string>() : value.dump();
    } else if (key == "message") {
      fault.message = value.get<std::string>();
    } else if (key == "status") {
      fault.status = value.get<int>();
    } else if (key == "times") {
      fault.times = value.get<int>();
    } else if (key == "skip") {
      fault.skip = value.get<int>();
    } else if (key == "every") {
      fault.every = std::max(1, value.get<int>());
    } else if (key == "delay_ms") {
      fault.delay_ms = value.get<int>();
    } else if (key == "kept_alive") {
      fault.kept_alive = value.get<bool>();
    } else {
      return fail(Fault::data, fmt::format("unknown key of a fault: {}", key));
    }
  }
  if (fault.name.empty() || (!contains(kRefusing, fault.name) && !contains(kAccepting, fault.name))) {
    return fail(Fault::data, fmt::format("unknown fault: {}", fault.name));
  }
  return fault;
}

}  // namespace

bool ScriptedFault::accepts() const {
  return contains(kAccepting, name);
}

Result<> FaultScript::add(std::string_view json) {
  const auto list = nlohmann::json::parse(json, nullptr, false);
  if (!list.is_array()) return fail(Fault::data, "the faults are not a JSON list");
  std::vector<ScriptedFault> added;
  try {
    for (const auto& item : list) {
      AVIS_TRY_ASSIGN(ScriptedFault fault, read(item));
      added.push_back(std::move(fault));
    }
  } catch (const nlohmann::json::exception& error) {
    return fail(Fault::data, error.what());
  }
  faults_.insert(faults_.end(), added.begin(), added.end());
  return {};
}

std::string FaultScript::list() const {
  auto list = nlohmann::json::array();
  for (const ScriptedFault& fault : faults_) {
    list.push_back({{"provider", fault.provider},
                    {"operation", fault.operation},
                    {"fault", fault.name},
                    {"times", fault.times},
                    {"seen", fault.seen},
                    {"used", fault.used}});
  }
  return list.dump();
}

ScriptedFault* FaultScript::find(std::string_view provider, std::string_view operation, const Call& call,
                                 bool before_body) {
  for (ScriptedFault& fault : faults_) {
    if ((fault.name == kBeforeBody) != before_body) continue;
    if (fault.times >= 0 && fault.used >= fault.times) continue;
    if (fault.provider != "any" && fault.provider != provider) continue;
    if (fault.operation != "any" && fault.operation != operation) continue;
    if (fault.kept_alive && !call.kept_alive) continue;
    if (!fault.to.empty()) {
      const std::string encoded = percent_encode(fault.to);
      const bool named = call.body.find(encoded) != std::string_view::npos ||
                         call.body.find(fault.to) != std::string_view::npos ||
                         call.query.find(encoded) != std::string_view::npos;
      if (!named) continue;
    }
    const int place = fault.seen++ - fault.skip;
    if (place < 0 || place % fault.every != 0) continue;
    ++fault.used;
    return &fault;
  }
  return nullptr;
}

std::optional<ScriptedFault> FaultScript::strike(std::string_view provider, std::string_view operation,
                                                 const Call& call) {
  const ScriptedFault* fault = find(provider, operation, call, false);
  if (fault == nullptr) return std::nullopt;
  return *fault;
}

bool FaultScript::strikes_before_body(std::string_view provider, std::string_view operation, const Call& call) {
  return find(provider, operation, call, true) != nullptr;
}

}  // namespace avisloop::emulator
