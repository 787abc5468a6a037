#include "core/base/zones.h"

#include <fstream>
#include <map>
#include <stdexcept>

#include "core/base/module.h"
#include "core/base/zone_module.h"

namespace avisloop {
namespace {

struct ZoneLibrary {
  FindZone find = reinterpret_cast<FindZone>(find_in_module("zones", "avisloop_zone_find"));
  ReadSpan span = reinterpret_cast<ReadSpan>(find_in_module("zones", "avisloop_zone_span"));
};

const ZoneLibrary& zone_library() {
  static const ZoneLibrary library;
  if (library.find == nullptr || library.span == nullptr) {
    throw std::runtime_error("avisloop_zones.so is missing: install it beside the program or in ../lib/avisloop");
  }
  return library;
}

class SystemZone : public Zone {
 public:
  SystemZone(std::string_view name, const void* zone) : name_(name), zone_(zone) {}

  std::string_view name() const override { return name_; }

  OffsetSpan span_at(Instant at) const override {
    ModuleSpan span;
    zone_library().span(zone_, std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count(), &span);
    return {clamp(span.begin), clamp(span.end), std::chrono::seconds{span.offset}, span.abbreviation.data()};
  }

 private:
  /// The library marks "since ever" and "for ever" with instants that do not fit into microseconds.
  static Instant clamp(std::int64_t seconds) {
    constexpr auto furthest = std::chrono::duration_cast<std::chrono::seconds>(Instant::max().time_since_epoch());
    if (seconds >= furthest.count()) return Instant::max();
    if (seconds <= -furthest.count()) return Instant::min();
    return Instant{std::chrono::seconds{seconds}};
  }

  std::string name_;
  const void* zone_;
};

}  // namespace

const Zone* Zone::find(std::string_view name) {
  static std::map<std::string, std::unique_ptr<SystemZone>, std::less<>> known;
  if (const auto found = known.find(name); found != known.end()) return found->second.get();
  std::unique_ptr<SystemZone> zone;
  // Names such as "../x" must not reach the file system.
  if (!name.empty() && name.front() != '/' && name.find("..") == std::string_view::npos) {
    if (const void* const handle = zone_library().find(std::string(name).c_str())) {
      zone = std::make_unique<SystemZone>(name, handle);
    }
  }
  return known.emplace(name, std::move(zone)).first->second.get();
}

LocalTime to_local(const Zone& zone, Instant at) {
  const Instant wall = at + zone.span_at(at).offset;
  const auto day = std::chrono::floor<std::chrono::days>(wall);
  return {std::chrono::year_month_day{day}, std::chrono::weekday{day},
          static_cast<int>(std::chrono::floor<std::chrono::seconds>(wall - day).count())};
}

Instant from_local(const Zone& zone, std::chrono::year_month_day date, int second_of_day) {
  const Instant wall{std::chrono::sys_days{date}.time_since_epoch() + std::chrono::seconds{second_of_day}};
  // Offsets lie within a day of UTC, so a span that shows `wall` begins at most a day before it and is met going
  // forward.
  OffsetSpan span = zone.span_at(wall - kDay);
  for (;;) {
    const Instant candidate = wall - span.offset;
    if (candidate < span.begin) return span.begin;  // in the gap before this span
    if (candidate < span.end) return candidate;
    span = zone.span_at(span.end);
  }
}

std::string zone_data_release() {
  for (const char* path : {"/usr/share/zoneinfo/tzdata.zi", "/usr/share/lib/zoneinfo/tzdata.zi"}) {
    std::ifstream file(path);
    std::string line;
    constexpr std::string_view prefix = "# version ";
    if (std::getline(file, line) && line.starts_with(prefix)) return line.substr(prefix.size());
  }
  return {};
}

}  // namespace avisloop
