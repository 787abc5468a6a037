#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/instant.h"
#include "core/config/settings.h"

namespace avisloop {

/// A value as it was given, by the file (with its TOML type) or by the environment (`loose`: text that may stand for
/// any type).
struct Given {
  enum class Kind { text, number, decimal, toggle, date, list, other };
  Kind kind = Kind::other;
  bool loose = false;
  std::string text;  ///< of a text, and how a date was written
  std::int64_t number = 0;
  double decimal = 0;
  bool toggle = false;
  std::vector<Given> items;
};

Given given_text(std::string text, bool loose);

/// The value for an error message: `"abc"`, `12`, `a list`.
std::string shown(const Given& given);

// Where a key's value goes, and what it may be. Defaults, types and checks of all keys follow from these.
struct TextSlot {
  std::string* target;
  std::string_view type;                   ///< `text`, `URL`, …
  std::string (*check)(std::string_view);  ///< what the text must be, empty = it is fine
  bool may_be_empty;
};
struct SecretSlot {
  Secret* target;
};
struct ToggleSlot {
  bool* target;
};
struct NumberSlot {
  std::variant<std::int64_t*, int*> target;
  std::int64_t least;
  std::int64_t most;
};
struct DurationSlot {
  Micros* target;
  Micros least;
  Micros most;
};
struct ChoiceSlot {
  void* target;
  bool (*set)(void*, std::string_view);  ///< false = not one of the words
  std::string_view (*get)(const void*);
  std::string (*words)();
};
struct MoneySlot {
  std::int64_t* micros;  ///< millionths of a US dollar; in the file a decimal number of dollars
};
struct DatesSlot {
  std::vector<std::chrono::year_month_day>* target;
};
struct StatesSlot {
  std::vector<std::string>* target;  ///< ISO 3166-2
};
struct UnusedSlot {
  std::string_view type;
  std::string_view fallback;  ///< as TOML
};
using Slot = std::variant<TextSlot, SecretSlot, ToggleSlot, NumberSlot, DurationSlot, ChoiceSlot, MoneySlot, DatesSlot,
                          StatesSlot, UnusedSlot>;

template <class E>
ChoiceSlot choice_slot(E& target) {
  return {&target,
          [](void* place, std::string_view word) {
            const auto value = parse_enum<E>(word);
            if (value) *static_cast<E*>(place) = *value;
            return value.has_value();
          },
          [](const void* place) { return to_string(*static_cast<const E*>(place)); }, [] { return list_words<E>(); }};
}

/// Puts the value into its place. Answers what it must be, as the end of a sentence (`a whole number from 0 to 9`);
/// empty = done. The place is unchanged otherwise.
std::string put(const Slot& slot, const Given& given);

/// `text`, `whole number`, `one of …`, …
std::string type_of(const Slot& slot);

/// The value that lies in the place now, as TOML.
std::string as_toml(const Slot& slot);

// Checks of texts, for TextSlot.
std::string check_any(std::string_view text);
std::string check_store_url(std::string_view text);
std::string check_https_url(std::string_view text);
std::string check_smtp_url(std::string_view text);
std::string check_mailbox(std::string_view text);
std::string check_account_sid(std::string_view text);
std::string check_service_sid(std::string_view text);
std::string check_sender_number(std::string_view text);

}  // namespace avisloop
