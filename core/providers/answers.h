#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/instant.h"
#include "core/providers/provider.h"

namespace avisloop {

/// What the stage of a request says by itself; nothing when the answer has to be read.
std::optional<SendOutcome> outcome_without_answer(const WireResult& result);

/// The outcome that an error class leads to. A stopped account and a limit leave the message for later.
SendOutcome outcome_of(ErrorClass error_class, std::string code, std::string text);

/// A JSON object or array of at most 64 levels out of a complete answer; `discarded` when it is anything else.
nlohmann::json read_json(const WireResult& result);

/// The text under a key, empty when there is none; numbers are written out.
std::string text_of(const nlohmann::json& object, std::string_view key);

/// The Retry-After of an answer, counted from its Date (or from `started` without one).
std::optional<Micros> retry_after_of(const WireResult& result, Instant started);

}  // namespace avisloop
