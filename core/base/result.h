#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace avisloop {

/// What went wrong, in the classes that a caller can act on. Each has one exit code (cli/exit_codes.h).
enum class Fault {
  usage,        ///< the command line makes no sense
  data,         ///< input data cannot be used at all
  unavailable,  ///< a provider cannot be reached or refuses the account
  bug,          ///< an invariant of avisloop itself is broken
  distrust,     ///< the store or the clock cannot be trusted; a person must confirm
  busy,         ///< the store is busy or out of reach; nothing was done
  denied,       ///< credentials or permissions do not suffice
  config,       ///< the configuration is wrong
  interrupted,  ///< a signal ended the work
};

/// An error that a person reads: what is wrong and where (`message`), and what to do about it (`remedy`, may be empty).
struct Error {
  Fault fault = Fault::bug;
  std::string message;
  std::string remedy;
};

template <class T = void>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Fault fault, std::string message, std::string remedy = {}) {
  return tl::unexpected<Error>(Error{fault, std::move(message), std::move(remedy)});
}

}  // namespace avisloop

#define AVIS_CONCAT_(a, b) a##b
#define AVIS_CONCAT(a, b) AVIS_CONCAT_(a, b)

/// Leaves the function with the error of `expression`, if it has one.
#define AVIS_TRY(expression)                                                   \
  do {                                                                         \
    auto&& avis_tried_ = (expression);                                         \
    if (!avis_tried_) return ::tl::unexpected(std::move(avis_tried_).error()); \
  } while (false)

#define AVIS_TRY_ASSIGN_(tried, target, expression)              \
  auto&& tried = (expression);                                   \
  if (!tried) return ::tl::unexpected(std::move(tried).error()); \
  target = std::move(tried).value()

/// `AVIS_TRY_ASSIGN(const auto x, f())`: the value of `f()`, or leaves the function with its error.
#define AVIS_TRY_ASSIGN(target, expression) AVIS_TRY_ASSIGN_(AVIS_CONCAT(avis_tried_, __LINE__), target, expression)
