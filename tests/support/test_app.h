#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/random.h"
#include "core/base/result.h"
#include "core/store/store.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_folder.h"

namespace avisloop {

/// What one command line came to.
struct Told {
  int code = 0;
  std::string out;
  std::string err;
};

/// The whole program in process: its real wiring on a folder of its own, a clock that stands still and seeded
/// randomness, so that the same lines give the same words.
class TestProgram {
 public:
  TestProgram();

  /// Runs one command line, words parted by spaces; `'…'` keeps a text together.
  Told run(std::string_view line, std::string_view input = {});
  Told run(std::vector<std::string> arguments, std::string_view input = {});

  /// Runs lines one after the other and writes down what they print: `$ line`, standard output, standard error behind
  /// `! `, and the exit code unless it is 0. Ids and the folder's name are replaced by words that stay the same.
  std::string transcript(const std::vector<std::string>& lines);

  /// A store with the org `acme` in Chicago, an active template per channel, and one contact who agreed to texts.
  void furnish();

  std::unique_ptr<Store> store();
  std::string settled(std::string text) const;

  TempFolder folder;
  Instant now = test_start();
  bool is_terminal = false;
  int width = 80;
  std::map<std::string, std::string> environment;

 private:
  std::unique_ptr<Random> random_ = make_seeded_random(42);
};

/// Whether `text` is what tests/cli/golden/NAME holds; when it is not, the difference is printed. With
/// AVISLOOP_UPDATE_GOLDEN=1 in the environment the file is written instead.
bool matches_golden(std::string_view name, const std::string& text);

}  // namespace avisloop
