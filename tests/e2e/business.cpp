#include "tests/e2e/business.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

namespace avisloop::e2e {
namespace {

std::string read_all(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void write_all(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path) << text;
  std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> result;
  for (std::string& word : words)
    result.push_back(word.data());
  result.push_back(nullptr);
  return result;
}

}  // namespace

Instant start() {
  return *parse_instant("2026-11-24T15:00:00Z");
}

std::string program() {
  return AVISLOOP_BINARY_DIR "/avisloop";
}

Process::Process(const std::vector<std::string>& words, const std::map<std::string, std::string>& environment,
                 const std::filesystem::path& folder) {
  static int number = 0;
  errors_ = folder / fmt::format(".errors.{}", ++number);
  std::array<int, 2> pipe{};
  if (pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe");
  std::vector<std::string> arguments = words;
  std::vector<std::string> variables;
  for (const auto& [name, value] : environment)
    variables.push_back(name + '=' + value);
  const std::vector<char*> argv = pointers(arguments);
  const std::vector<char*> envp = pointers(variables);
  pid_ = fork();
  if (pid_ == 0) {
    dup2(pipe[1], STDOUT_FILENO);
    const int errors = open(errors_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(errors, STDERR_FILENO);
    const int nothing = open("/dev/null", O_RDONLY);
    dup2(nothing, STDIN_FILENO);
    if (chdir(folder.c_str()) == 0) execve(argv[0], argv.data(), envp.data());
    _exit(127);
  }
  close(pipe[1]);
  out_ = pipe[0];
}

Process::~Process() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  if (out_ >= 0) close(out_);
}

void Process::signal(int number) const {
  kill(pid_, number);
}

std::string Process::read_line() {
  std::string line;
  char letter = 0;
  while (read(out_, &letter, 1) == 1 && letter != '\n')
    line += letter;
  return line;
}

Ran Process::finish() {
  Ran ran;
  std::array<char, 4096> block{};
  for (ssize_t size = 0; (size = read(out_, block.data(), block.size())) > 0;) {
    ran.out.append(block.data(), static_cast<std::size_t>(size));
  }
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  ran.was_killed = WIFSIGNALED(status);
  ran.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  ran.err = read_all(errors_);
  return ran;
}

Emulator::Emulator(int latency_millis)
    : process_({AVISLOOP_BINARY_DIR "/avisloop_emulator", "--latency-ms", std::to_string(latency_millis), "--clock",
                format_instant(start())},
               {}, std::filesystem::temp_directory_path()),
      transport_(make_transport(1)) {
  const std::string line = process_.read_line();
  port_ = line.substr(line.rfind(' ') + 1);
}

std::string Emulator::get(const std::string& path) {
  HttpRequest request;
  request.method = "GET";
  request.url = url() + path;
  request.repeatable = true;
  return exchange(*transport_, request).body;
}

void Emulator::post(const std::string& path, const std::string& body) {
  HttpRequest request;
  request.url = url() + path;
  request.headers = {{"Content-Type", "application/json"}};
  request.body = body;
  request.repeatable = true;
  if (exchange(*transport_, request).status / 100 != 2) throw std::runtime_error("the emulator refused " + path);
}

Business::Business(std::size_t customers, const std::string& providers) {
  std::string pattern = (std::filesystem::temp_directory_path() / "avisloop-e2e-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
  root_ = pattern;
  store_ = root_ / "store";
  std::filesystem::create_directory(store_);
  write_all(store_ / "avisloop.toml",
            "[limits]\nsms_per_minute = 0\nsms_per_hour = 0\nemail_per_minute = 0\n" + providers);
  std::string jobs =
      "external_id,first_name,phone,email,state,sms_consent,sms_consent_at,sms_consent_source,service,"
      "completed_at,job_id\n";
  for (std::size_t i = 0; i < customers; ++i) {
    jobs += fmt::format("C{0},Ana{0},+1312555{1:04},c{0}@example.org,IL,yes,2026-10-01,form,plumbing,2026-11-23,J{0}\n",
                        i, i + 100);
  }
  write_all(store_ / "jobs.csv", jobs);
  const std::vector<std::vector<std::string>> lines{
      {"init", "--org-key", "acme", "--name", "Acme", "--time-zone", "America/Chicago", "--address", "1 Main St",
       "--review-link", "https://g.page/r/acme/review"},
      {"create", "template", "ask_sms", "--channel", "sms", "--body", "Hi {{first_name}}, how was it? {{review_link}}"},
      {"create", "template", "ask_email", "--channel", "email", "--subject", "Hi {{first_name}}", "--body",
       "How was it? {{review_link}}"},
      {"create", "campaign", "reviews", "--name", "Reviews", "--touch", "email:0h:ask_email", "--touch",
       "sms:0h:ask_sms"},
      {"activate", "campaign", "reviews", "--yes"},
      {"import", "jobs", "jobs.csv"}};
  for (const auto& line : lines) {
    const Ran ran = run(store_, start(), line);
    if (ran.code != 0) throw std::runtime_error(line.front() + ": " + ran.err);
  }
}

Business::~Business() {
  std::error_code ignored;
  std::filesystem::remove_all(root_, ignored);
}

std::filesystem::path Business::copy_to(const std::string& name) const {
  const std::filesystem::path copy = root_ / name;
  std::filesystem::remove_all(copy);
  std::filesystem::copy(store_, copy, std::filesystem::copy_options::recursive);
  return copy;
}

std::map<std::string, std::string> Business::environment(const std::filesystem::path& folder, Instant clock) const {
  return {{"AVISLOOP_CONFIG", (folder / "avisloop.toml").string()},
          {"AVISLOOP_CLOCK", format_instant(clock)},
          {"PATH", "/usr/bin:/bin"},
          {"USER", "tester"}};
}

Ran Business::run(const std::filesystem::path& folder, Instant clock, std::vector<std::string> words,
                  const std::map<std::string, std::string>& more) const {
  words.insert(words.begin(), program());
  std::map<std::string, std::string> variables = environment(folder, clock);
  variables.insert(more.begin(), more.end());
  return Process(words, variables, folder).finish();
}

std::map<std::string, int> Business::statuses(const std::filesystem::path& folder, Instant clock) const {
  const Ran ran = run(folder, clock, {"list", "messages", "--limit", "100000", "--json"});
  std::map<std::string, int> counts;
  for (const nlohmann::json& message : nlohmann::json::parse(ran.out))
    ++counts[message["status"].get<std::string>()];
  return counts;
}

}  // namespace avisloop::e2e
