#pragma once

#include <rapidcheck.h>

#include <string>

namespace avisloop {

/// Checks a property on `cases` generated inputs, the same ones in every run; a failure prints the shrunken input.
template <class Testable>
bool property_holds(const std::string& sentence, int cases, Testable&& testable) {
  rc::detail::TestMetadata metadata;
  metadata.id = sentence;
  metadata.description = sentence;
  rc::detail::TestParams params;
  params.seed = 20261124;
  params.maxSuccess = cases;
  const auto result = rc::detail::checkTestable(std::forward<Testable>(testable), metadata, params);
  if (result.template is<rc::detail::SuccessResult>()) return true;
  rc::detail::printResultMessage(result, std::cerr);
  std::cerr << '\n';
  return false;
}

}  // namespace avisloop
