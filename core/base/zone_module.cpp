// The module avisloop_zones.so: the library date/tz behind two C functions, opened by core/base/zones.cpp. It brings
// the shared C++ runtime with it, so it is not linked: an idle tick asks for no zone.

#include "core/base/zone_module.h"

#include <date/tz.h>

#include <exception>

extern "C" const void* avisloop_zone_find(const char* name) {
  try {
    return date::locate_zone(name);
  } catch (const std::exception&) {  // the way in which the library tells an unknown name
    return nullptr;
  }
}

extern "C" void avisloop_zone_span(const void* zone, std::int64_t at, avisloop::ModuleSpan* span) {
  const date::sys_info info =
      static_cast<const date::time_zone*>(zone)->get_info(date::sys_seconds{std::chrono::seconds{at}});
  span->begin = info.begin.time_since_epoch().count();
  span->end = info.end.time_since_epoch().count();
  span->offset = info.offset.count();
  info.abbrev.copy(span->abbreviation.data(), span->abbreviation.size() - 1);
}
