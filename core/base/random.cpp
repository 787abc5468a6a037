#include "core/base/random.h"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <random>
#include <system_error>

namespace avisloop {
namespace {

/// Reads the kernel's generator in blocks: a system call per id would cost more than the id.
class SystemRandom : public Random {
 public:
  void fill(std::span<std::uint8_t> bytes) override {
    while (!bytes.empty()) {
      if (used_ == pool_.size()) refill();
      const std::size_t taken = std::min(bytes.size(), pool_.size() - used_);
      std::copy_n(pool_.begin() + static_cast<std::ptrdiff_t>(used_), taken, bytes.begin());
      used_ += taken;
      bytes = bytes.subspan(taken);
    }
  }

 private:
  void refill() {
    std::size_t filled = 0;
    while (filled < pool_.size()) {
      const ssize_t got = getrandom(pool_.data() + filled, pool_.size() - filled, 0);
      if (got < 0 && errno != EINTR) throw std::system_error(errno, std::generic_category(), "getrandom");
      if (got > 0) filled += static_cast<std::size_t>(got);
    }
    used_ = 0;
  }

  std::array<std::uint8_t, 4096> pool_{};
  std::size_t used_ = pool_.size();
};

class SeededRandom : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
  void fill(std::span<std::uint8_t> bytes) override {
    for (auto& byte : bytes)
      byte = static_cast<std::uint8_t>(engine_() >> 32);
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace

std::int64_t Random::positive_bits() {
  for (;;) {
    std::array<std::uint8_t, 8> bytes{};
    fill(bytes);
    std::uint64_t value = 0;
    for (const std::uint8_t byte : bytes)
      value = value << 8 | byte;
    if (const auto positive = static_cast<std::int64_t>(value >> 1); positive != 0) return positive;
  }
}

double Random::unit() {
  return static_cast<double>(positive_bits() >> 10) / static_cast<double>(std::int64_t{1} << 53);
}

std::unique_ptr<Random> make_system_random() {
  return std::make_unique<SystemRandom>();
}
std::unique_ptr<Random> make_seeded_random(std::uint64_t seed) {
  return std::make_unique<SeededRandom>(seed);
}

}  // namespace avisloop
