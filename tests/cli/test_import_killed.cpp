#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ostream>

#include <doctest/doctest.h>

#include <streambuf>

#include "tests/cli/import_world.h"

namespace avisloop {
namespace {

/// Gives out a text and, when so much of it was read, kills the process as `kill -9` does.
class DeadlyInput : public std::streambuf {
 public:
  DeadlyInput(std::string_view text, std::size_t last) : text_(text), last_(last) {}

 private:
  std::streamsize xsgetn(char* into, std::streamsize wanted) override {
    if (given_ >= last_) ::raise(SIGKILL);
    const std::string_view part = text_.substr(given_, static_cast<std::size_t>(wanted));
    part.copy(into, part.size());
    given_ += part.size();
    return static_cast<std::streamsize>(part.size());
  }

  std::string_view text_;
  std::size_t last_;
  std::size_t given_ = 0;
};

class DeadlyTerminal : public MemoryTerminal {
 public:
  DeadlyTerminal(std::string_view text, std::size_t last) : input_(text, last), stream_(&input_) {}
  std::istream& in() override { return stream_; }

 private:
  DeadlyInput input_;
  std::istream stream_;
};

/// Runs an import in a process of its own, which dies after `last` bytes of its input.
void run_and_die(ImportWorld& world, const std::string& noun, std::string_view text, std::size_t last) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    DeadlyTerminal terminal(text, last);
    world.run_on(terminal, {"import", noun});
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGKILL);
}

std::int64_t count_contacts(ImportWorld& world) {
  constexpr int page = 1'000;
  std::int64_t count = 0;
  const auto store = world.store();
  for (int offset = 0;; offset += page) {
    const auto found = *store->catalog().list_contacts(world.org, {}, {page, offset});
    count += static_cast<std::int64_t>(found.size());
    if (found.size() < page) return count;
  }
}

TEST_CASE("a killed import is simply run again, and what it had read before was stored while it still read") {
  constexpr int rows = 25'000;
  std::string file = "external_id,first_name,phone,email\n";
  for (int i = 0; i < rows; ++i) {
    const std::string number = std::to_string(2'000'000 + i);
    file += "C" + number + ",Ann,512" + number + ",user" + number + "@example.com\n";
  }
  ImportWorld world;
  run_and_die(world, "contacts", file, file.size() * 3 / 4);
  const std::int64_t stored = count_contacts(world);
  CHECK(stored > 0);
  CHECK(stored < rows);
  CHECK(stored % 10'000 == 0);  // whole chunks only

  CHECK(world.run({"import", "contacts", "--json"}, file) == 0);
  CHECK(world.out.find("\"unchanged\":" + std::to_string(stored)) != std::string::npos);
  CHECK(world.out.find("\"created\":" + std::to_string(rows - stored)) != std::string::npos);
  CHECK(count_contacts(world) == rows);
}

TEST_CASE("an import killed before its first chunk has left no trace") {
  ImportWorld world;
  std::string file = "external_id\n";
  while (file.size() < 300'000)
    file += "customer-number-" + std::to_string(file.size()) + "\n";
  run_and_die(world, "contacts", file, 100'000);
  CHECK(count_contacts(world) == 0);
}

TEST_CASE("P4 stop wins: a killed import of opt-outs keeps what it stored, and run again has them all") {
  ImportWorld world;
  std::string file = "address\n";
  for (int i = 0; i < 20'000; ++i)
    file += "user" + std::to_string(i) + "@example.com\n";
  run_and_die(world, "opt-outs", file, file.size() * 3 / 4);
  CHECK(world.address(Channel::email, "user0@example.com").suppression.has_value());
  CHECK_FALSE(world.address(Channel::email, "user19999@example.com").suppression.has_value());
  CHECK(world.run({"import", "opt-outs", "--json"}, file) == 0);
  CHECK(world.out.find("\"read\":20000") != std::string::npos);
  CHECK(world.address(Channel::email, "user19999@example.com").suppression.has_value());
}

}  // namespace
}  // namespace avisloop
