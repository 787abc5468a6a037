#pragma once

#include <string>
#include <string_view>

#include "core/store/sqlite/connection.h"

namespace avisloop::sqlite {

/// Runs `body` in a write transaction of its own and commits it when it answers no error. A broken unique key is fault
/// `data` with the message `taken`; without one it is a bug.
template <class Body>
auto written(Connection& connection, std::string_view taken, Body body) -> decltype(body()) {
  return guarded(connection, [&]() -> decltype(body()) {
    try {
      Write write(connection);
      auto result = body();
      if (result) write.commit();
      return result;
    } catch (const SQLite::Exception& exception) {
      if (taken.empty() || !is_constraint(exception)) throw;
      return fail(Fault::data, std::string(taken));
    }
  });
}

template <class Body>
auto written(Connection& connection, Body body) -> decltype(body()) {
  return written(connection, {}, body);
}

}  // namespace avisloop::sqlite
