#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cli/app.h"
#include "core/base/result.h"
#include "core/model/business.h"

namespace avisloop {

/// Puts the name of an option, key or field before an error's message: `--email` and `has no @`.
template <class T>
Result<T> named(std::string_view name, Result<T> result) {
  if (!result) result.error().message = std::string(name) + " " + result.error().message;
  return result;
}

/// The key of a template or campaign: `^[a-z0-9_]+$`, at most 64 characters. Fault `data`.
Result<std::string> read_key(std::string_view what, std::string_view key);

/// The key of an org, which may also hold hyphens inside.
Result<std::string> read_org_key(std::string_view key);

/// An https link without blanks. Fault `data`.
Result<std::string> read_link(std::string_view text);

/// An enum's word; the error lists what would be right. Fault `data`.
template <class E>
Result<E> read_word(std::string_view word) {
  if (const auto value = parse_enum<E>(word)) return *value;
  return fail(Fault::data, "is `" + std::string(word) + "`, but takes " + list_words<E>());
}

/// `a, b,c` and several options in a row: each part once, trimmed, none empty.
std::vector<std::string> read_list(const std::vector<std::string>& given);

/// `name=value` options. Fault `data` for one without `=` or with a bad name.
Result<std::map<std::string, std::string>> read_pairs(std::string_view option, const std::vector<std::string>& given);

/// The whole of a file, or of standard input for `-`. Fault `data` when it cannot be read, is longer than 1 MiB, or is
/// not UTF-8.
Result<std::string> read_whole_file(App& app, const std::string& path);

/// Who does it: `by` if given, else the name of the user that runs the program.
std::string acting_person(App& app, std::string_view by);

/// An address of either channel: with `@` an email, else a phone number. Fault `data`.
struct Address {
  Channel channel = Channel::sms;
  std::string text;  ///< E.164 or email
};
Result<Address> read_address(App& app, std::string_view text);

}  // namespace avisloop
