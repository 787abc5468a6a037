#pragma once

#include <array>
#include <cstdint>

namespace avisloop {

/// What avisloop_zones.so tells of one stretch of time, in seconds since 1970.
struct ModuleSpan {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  std::int64_t offset = 0;
  std::array<char, 16> abbreviation{};  ///< ends with a zero
};

/// The zone of this name, or null. It lives as long as the process.
using FindZone = const void* (*)(const char* name);
using ReadSpan = void (*)(const void* zone, std::int64_t at, ModuleSpan* span);

}  // namespace avisloop
