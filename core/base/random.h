#pragma once

#include <cstdint>
#include <memory>
#include <span>

namespace avisloop {

/// Randomness as it is passed in; a seeded one makes a test repeatable.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> bytes) = 0;

  /// Uniform in [0, 1).
  double unit();

  /// 63 uniform bits, never 0.
  std::int64_t positive_bits();
};

/// The kernel's generator (getrandom).
std::unique_ptr<Random> make_system_random();

/// A repeatable sequence for tests: never for ids or keys of a live store.
std::unique_ptr<Random> make_seeded_random(std::uint64_t seed);

}  // namespace avisloop
