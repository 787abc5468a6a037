#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/model/enums.h"
#include "core/model/message.h"

namespace avisloop {

// What lies in one text column of the store as JSON. Encoding never fails and answers the same bytes for the same
// value; a byte that is not UTF-8 becomes U+FFFD. Decoding answers fault `distrust` for text that was not written here.

/// Appends `text` as a JSON string, with its quotes.
void append_json_text(std::string& out, std::string_view text);

/// `["a","b"]`; the order is kept.
std::string encode_list(std::span<const std::string> items);
Result<std::vector<std::string>> decode_list(std::string_view json);

/// `{"a":"1"}`, in the order of the keys.
std::string encode_map(const std::map<std::string, std::string>& map);
Result<std::map<std::string, std::string>> decode_map(std::string_view json);

/// What goes into attempts.payload: every field that is not empty, instants in microseconds.
std::string encode_payload(const Outgoing& outgoing);
Result<Outgoing> decode_payload(std::string_view json);

/// A list of the words of an enum.
template <class E>
std::string encode_words(const std::vector<E>& values) {
  std::vector<std::string> words;
  words.reserve(values.size());
  for (const E value : values)
    words.emplace_back(to_string(value));
  return encode_list(words);
}

template <class E>
Result<std::vector<E>> decode_words(std::string_view json) {
  AVIS_TRY_ASSIGN(const std::vector<std::string> words, decode_list(json));
  std::vector<E> values;
  values.reserve(words.size());
  for (const std::string& word : words) {
    const std::optional<E> value = parse_enum<E>(word);
    if (!value) return fail(Fault::distrust, "the store holds an unknown word: " + word);
    values.push_back(*value);
  }
  return values;
}

}  // namespace avisloop
