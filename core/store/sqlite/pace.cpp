#include "core/store/sqlite/pace.h"

#include <charconv>

#include "core/base/text.h"

namespace avisloop::sqlite {
namespace {

constexpr Micros kLongestWindow = std::chrono::hours{25};

}  // namespace

std::vector<Instant> read_recent(std::string_view text) {
  std::vector<Instant> recent;
  if (text.empty()) return recent;
  for (const std::string_view part : split(text, ' ')) {
    std::int64_t micros = 0;
    std::from_chars(part.data(), part.data() + part.size(), micros);
    recent.push_back(from_micros(micros));
  }
  return recent;
}

std::string write_recent(const std::vector<Instant>& recent, Instant now) {
  std::string text;
  for (const Instant at : recent) {
    if (at < now - kLongestWindow) continue;
    if (!text.empty()) text += ' ';
    text += std::to_string(to_micros(at));
  }
  return text;
}

}  // namespace avisloop::sqlite
