#include "core/base/zones.h"

#include <date/tz.h>

#include <fstream>
#include <map>

namespace avisloop {
namespace {

class SystemZone : public Zone {
 public:
  explicit SystemZone(const date::time_zone& zone) : zone_(zone) {}

  std::string_view name() const override { return zone_.name(); }

  OffsetSpan span_at(Instant at) const override {
    const date::sys_info info = zone_.get_info(at);
    return {clamp(info.begin), clamp(info.end), info.offset, info.abbrev};
  }

 private:
  /// The library marks "since ever" and "for ever" with instants that do not fit into microseconds.
  static Instant clamp(date::sys_seconds at) {
    constexpr auto furthest = std::chrono::duration_cast<std::chrono::seconds>(Instant::max().time_since_epoch());
    const auto seconds = at.time_since_epoch();
    if (seconds >= furthest) return Instant::max();
    if (seconds <= -furthest) return Instant::min();
    return Instant{seconds};
  }

  const date::time_zone& zone_;
};

}  // namespace

const Zone* Zone::find(std::string_view name) {
  static std::map<std::string, std::unique_ptr<SystemZone>, std::less<>> known;
  if (const auto found = known.find(name); found != known.end()) return found->second.get();
  std::unique_ptr<SystemZone> zone;
  // The library tells an unknown name by an exception; names such as "../x" must not reach the file system.
  if (!name.empty() && name.front() != '/' && name.find("..") == std::string_view::npos) {
    try {
      zone = std::make_unique<SystemZone>(*date::locate_zone(name));
    } catch (const std::exception&) {
      zone = nullptr;
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
