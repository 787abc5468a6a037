#pragma once

#include <string_view>
#include <vector>

#include "cli/output.h"
#include "core/model/business.h"
#include "core/model/message.h"
#include "core/store/catalog_store.h"

namespace avisloop {

// The objects as commands print them. `row_of` is short, for tables; `record_of` holds everything, for programs.

Record record_of(const Org& org);
Record row_of(const Org& org);
Record record_of(const Contact& contact);
Record row_of(const Contact& contact);
Record record_of(const Job& job);
Record row_of(const Job& job, std::string_view zone);
Record record_of(const Template& item);
Record row_of(const Template& item);
Record record_of(const Campaign& campaign);
Record row_of(const Campaign& campaign);
Record record_of(const MessageView& view);
Record row_of(const MessageView& view, std::string_view zone);
Record record_of(const Consent& consent);
Record record_of(const Suppression& suppression);

/// `touch 1: email, at once, ask_email`: the steps of a campaign for people.
std::vector<Record> touch_rows(const Campaign& campaign);

std::string full_name(const Contact& contact);

/// Whether people read the output: then the short rows and local times are right.
bool prints_for_people(const App& app);

/// The words of a list of enum values.
template <class E>
std::vector<std::string> words_of_list(const std::vector<E>& values) {
  std::vector<std::string> words;
  for (const E value : values)
    words.emplace_back(to_string(value));
  return words;
}

}  // namespace avisloop
