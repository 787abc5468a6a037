#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <set>
#include <sstream>

#include <doctest/doctest.h>

#include "core/base/text.h"
#include "core/config/settings.h"

using namespace avisloop;
namespace fs = std::filesystem;

namespace {

/// A folder of its own for each test, gone at its end.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "avisloop-config-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { fs::remove_all(path_); }
  std::string write(const std::string& name, const std::string& text, unsigned mode = 0600) const {
    const fs::path path = path_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text;
    REQUIRE(chmod(path.c_str(), static_cast<mode_t>(mode)) == 0);
    return path.string();
  }
  std::string path(const std::string& name) const { return (path_ / name).string(); }
  std::string root() const { return path_.string(); }

 private:
  fs::path path_;
};

using Variables = std::map<std::string, std::string>;

struct Loaded {
  Result<Settings> settings;
  std::vector<std::string> warnings;
};

Loaded load_file(const std::string& path, Variables variables = {}, std::string_view store = {}) {
  std::vector<std::string> warnings;
  const auto environment = make_fixed_environment(std::move(variables));
  auto settings = load_settings(*environment, path, store, warnings);
  return {std::move(settings), std::move(warnings)};
}

Loaded load_text(const std::string& text, Variables variables = {}, std::string_view store = {}) {
  const Folder folder;
  return load_file(folder.write("a.toml", text), std::move(variables), store);
}

Settings settings_of(const std::string& text, Variables variables = {}) {
  const Loaded loaded = load_text(text, std::move(variables));
  REQUIRE_MESSAGE(loaded.settings.has_value(), loaded.settings.error().message);
  return *loaded.settings;
}

std::string error_of(const std::string& text, Variables variables = {}) {
  const Loaded loaded = load_text(text, std::move(variables));
  REQUIRE(!loaded.settings.has_value());
  CHECK(loaded.settings.error().fault == Fault::config);
  CHECK(loaded.settings.error().message.find('\n') == std::string::npos);
  return loaded.settings.error().message;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("without a file the defaults hold, and they are harmless") {
  const Settings settings = settings_of("");
  CHECK(settings.store_url == "sqlite:avisloop.db");
  CHECK(settings.base.limits.sms_per_minute == 10);
  CHECK(settings.base.prices.sms_segment_micros == 7900);
  CHECK(settings.base.quiet_hours.profile == WindowProfile::safe);
  CHECK(is_harmless(settings));
}

TEST_CASE("every kind of value is read") {
  const Settings settings = settings_of(R"(
[store]
url = "sqlite:/var/lib/avisloop/a.db"
[run]
max_runtime = "2m"
max_in_flight = 64
absent = "hold"
[log]
level = "debug"
format = "json"
[sms]
provider = "twilio"
enabled = false
[twilio]
from = "+15125550142"
auth_token = "t0k"
[quiet_hours]
closed_dates = [2027-01-01, "2026-12-25"]
stopped_states = ["TX", "us-fl"]
[prices]
sms_segment_usd = 0.0083
email_usd = "0.0004"
)");
  using namespace std::chrono;
  CHECK(settings.store_url == "sqlite:/var/lib/avisloop/a.db");
  CHECK(settings.run.max_runtime == seconds{120});
  CHECK(settings.run.max_in_flight == 64);
  CHECK(settings.run.absent == DoubtPolicy::hold);
  CHECK(settings.log.level == LogLevel::debug);
  CHECK(settings.log.json);
  CHECK(settings.base.sms.provider == SmsProvider::twilio);
  CHECK_FALSE(settings.base.sms.enabled);
  CHECK(settings.base.twilio.from == "+15125550142");
  CHECK(settings.base.twilio.auth_token.value == "t0k");
  REQUIRE(settings.base.quiet_hours.closed_dates.size() == 2);
  CHECK(settings.base.quiet_hours.closed_dates[0] == year{2026} / 12 / 25);
  CHECK(settings.base.quiet_hours.closed_dates[1] == year{2027} / 1 / 1);
  CHECK(settings.base.quiet_hours.stopped_states == std::vector<std::string>{"US-TX", "US-FL"});
  CHECK(settings.base.prices.sms_segment_micros == 8300);
  CHECK(settings.base.prices.email_micros == 400);
}

TEST_CASE("a flag goes before the environment, the environment before the file, the file before the default") {
  const std::string file = "[store]\nurl = \"sqlite:file.db\"\n[limits]\nsms_per_hour = 7\n";
  CHECK(settings_of(file).store_url == "sqlite:file.db");
  CHECK(settings_of(file, {{"AVISLOOP_STORE_URL", "sqlite:env.db"}}).store_url == "sqlite:env.db");
  CHECK(settings_of(file, {{"AVISLOOP_STORE_URL", ""}}).store_url == "sqlite:file.db");
  const Loaded flagged = load_text(file, {{"AVISLOOP_STORE_URL", "sqlite:env.db"}}, "sqlite:flag.db");
  REQUIRE(flagged.settings);
  CHECK(flagged.settings->store_url == "sqlite:flag.db");
  CHECK(flagged.settings->base.limits.sms_per_hour == 7);
  CHECK(flagged.settings->base.limits.sms_per_minute == 10);
}

TEST_CASE("the usual names of environment variables work, and ours go before them") {
  const Settings settings = settings_of("", {{"TWILIO_ACCOUNT_SID", "AC1"},
                                             {"TWILIO_AUTH_TOKEN", "usual"},
                                             {"AVISLOOP_TWILIO_AUTH_TOKEN", "ours"},
                                             {"TWILIO_PHONE_NUMBER", "+15125550142"},
                                             {"TWILIO_MESSAGING_SERVICE_SID", "MG2"},
                                             {"TWILIO_STATUS_CALLBACK_URL", "https://example.com/s"},
                                             {"RESEND_API_KEY", "re_1"},
                                             {"SMS_ENABLED", "no"},
                                             {"SMS_RATE_LIMIT_PER_MINUTE", "3"},
                                             {"SMS_RATE_LIMIT_PER_HOUR", "0"},
                                             {"AVISLOOP_QUIET_HOURS_CLOSED_DATES", "2026-12-25, 2026-12-26"},
                                             {"DATABASE_URL", "sqlite:/srv/a.db"}});
  CHECK(settings.base.twilio.account_sid == "AC1");
  CHECK(settings.base.twilio.auth_token.value == "ours");
  CHECK(settings.base.twilio.from == "+15125550142");
  CHECK(settings.base.twilio.messaging_service_sid == "MG2");
  CHECK(settings.base.twilio.status_callback_url == "https://example.com/s");
  CHECK(settings.base.resend.api_key.value == "re_1");
  CHECK_FALSE(settings.base.sms.enabled);
  CHECK(settings.base.limits.sms_per_minute == 3);
  CHECK(settings.base.limits.sms_per_hour == 0);
  CHECK(settings.base.quiet_hours.closed_dates.size() == 2);
  CHECK(settings.store_url == "sqlite:/srv/a.db");
}

TEST_CASE("a DATABASE_URL of another program is not used and named in a warning without its value") {
  const Loaded loaded = load_text("", {{"DATABASE_URL", "mysql://u:hunter2@db/x"}});
  REQUIRE(loaded.settings);
  CHECK(loaded.settings->store_url == "sqlite:avisloop.db");
  REQUIRE(loaded.warnings.size() == 1);
  CHECK(has(loaded.warnings[0], "DATABASE_URL"));
  CHECK_FALSE(has(loaded.warnings[0], "hunter2"));
}

TEST_CASE("every key can be set by its environment variable") {
  for (const SettingKey& key : setting_keys()) {
    if (!key.used) continue;
    std::string name = "AVISLOOP_" + key.section + '_' + key.key;
    for (char& c : name)
      c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    // A value that is right for no type, so that a variable nobody reads would show.
    const Loaded loaded = load_text("", {{name, "\x01"}});
    CAPTURE(name);
    REQUIRE_FALSE(loaded.settings.has_value());
    CHECK(has(loaded.settings.error().message, name));
  }
}

TEST_CASE("sections of one org are laid over the rest, also over the environment") {
  const Settings settings = settings_of(R"(
[limits]
sms_per_minute = 20
sms_per_hour = 200
[org.acme.limits]
sms_per_minute = 5
[org."b-co".email]
from = "B <b@example.com>"
)",
                                        {{"AVISLOOP_LIMITS_SMS_PER_MINUTE", "30"}});
  CHECK(settings.base.limits.sms_per_minute == 30);
  CHECK(settings.of("acme").limits.sms_per_minute == 5);
  CHECK(settings.of("acme").limits.sms_per_hour == 200);
  CHECK(settings.of("b-co").limits.sms_per_minute == 30);
  CHECK(settings.of("b-co").email.from == "B <b@example.com>");
  CHECK(settings.of("other").email.from.empty());
}

TEST_CASE("what is wrong in a file is told with its place, its name and what would be right") {
  struct Case {
    const char* text;
    const char* place;
    std::vector<const char*> says;
  };
  const std::vector<Case> cases{
      {"[sms]\nprovder = \"twilio\"\n", "a.toml:2:1", {"unknown key \"sms.provder\"", "nearest is \"sms.provider\""}},
      {"[twillio]\nfrom = 1\n", "a.toml:1:2", {"unknown section \"twillio\"", "nearest is \"twilio\""}},
      {"provider = \"twilio\"\n", "a.toml:1:1", {"unknown key \"provider\""}},
      {"[org.acme.smss]\nx = 1\n", "a.toml:1:", {"\"org.acme.smss\"", "\"org.acme.sms\""}},
      {"[org.acme.sms]\nenabld = true\n", "a.toml:2:1", {"\"org.acme.sms.enabld\"", "\"org.acme.sms.enabled\""}},
      {"[org.acme.store]\nurl = \"sqlite:x\"\n", "a.toml:2:1", {"org.acme.store.url", "whole program"}},
      {"org = 3\n", "a.toml:1:", {"[org.KEY.SECTION]"}},
      {"[org]\nacme = 3\n", "a.toml:2:", {"[org.KEY.SECTION]"}},
      {"sms = 3\n", "a.toml:1:1", {"\"sms\" is a section", "[sms]"}},
      {"[[sms]]\nenabled = true\n", "a.toml:1:", {"\"sms\" is a section"}},
      {"[limits]\nsms_per_minute = \"10\"\n", "a.toml:2:18", {"limits.sms_per_minute", "whole number", "\"10\""}},
      {"[limits]\nsms_per_minute = -1\n", "a.toml:2:18", {"from 0 to 1000000000", "-1"}},
      {"[limits]\nsms_per_minute = 1.5\n", "a.toml:2:18", {"whole number"}},
      {"[run]\nmax_in_flight = 0\n", "a.toml:2:17", {"from 1 to 500"}},
      {"[run]\nmax_runtime = \"50\"\n", "a.toml:2:15", {"run.max_runtime", "duration such as", "\"50\""}},
      {"[run]\nmax_runtime = \"0s\"\n", "a.toml:2:15", {"from 1s to 1d"}},
      {"[run]\nmax_runtime = 50\n", "a.toml:2:15", {"duration"}},
      {"[sms]\nenabled = \"true\"\n", "a.toml:2:11", {"true or false"}},
      {"[sms]\nprovider = \"twillo\"\n", "a.toml:2:12", {"outbox or twilio", "\"twillo\""}},
      {"[sms]\nprovider = [\"twilio\"]\n", "a.toml:2:12", {"a list"}},
      {"[log]\nformat = \"xml\"\n", "a.toml:2:10", {"text or json"}},
      {"[quiet_hours]\nclosed_dates = [\"2026-02-30\"]\n", "a.toml:2:16", {"list of dates", "\"2026-02-30\""}},
      {"[quiet_hours]\nclosed_dates = \"2026-12-25\"\n", "a.toml:2:16", {"list of dates"}},
      {"[quiet_hours]\nstopped_states = [\"US-XX\"]\n", "a.toml:2:18", {"list of states", "\"US-XX\""}},
      {"[prices]\nemail_usd = -0.5\n", "a.toml:2:13", {"US dollars"}},
      {"[prices]\nemail_usd = nan\n", "a.toml:2:13", {"US dollars"}},
      {"[prices]\nemail_usd = \"0.0000001\"\n", "a.toml:2:13", {"six decimals"}},
      {"[twilio]\nbase_url = \"http://api.twilio.com\"\n", "a.toml:2:12", {"https://"}},
      {"[twilio]\nbase_url = \"\"\n", "a.toml:2:12", {"not empty"}},
      {"[twilio]\nbase_url = \"http://127.0.0.1@evil.example\"\n", "a.toml:2:12", {"https://"}},
      {"[twilio]\naccount_sid = \"XX1\"\n", "a.toml:2:15", {"begins with AC"}},
      {"[twilio]\nfrom = \"5125550142\"\n", "a.toml:2:8", {"+15125550142"}},
      {"[email]\nfrom = \"Acme\"\n", "a.toml:2:8", {"name@example.com"}},
      {"[email]\nfrom = \"a@b.example\\r\\nBcc: x@y.example\"\n", "a.toml:2:8", {"control characters"}},
      {"[store]\nurl = \"mysql:x\"\n", "a.toml:2:7", {"sqlite:PATH"}},
      {"[twilio]\nauth_token = 12\n", "a.toml:2:14", {"twilio.auth_token", "text in quotation marks"}},
      {"[sms]\nenabled = true\nenabled = true\n", "a.toml:3:", {"redefine"}},
      {"[sms\nenabled = true\n", "a.toml:1:5", {"expected"}},
      {"[sms]\nenabled =\n", "a.toml:2:", {"Error while parsing"}},
      {"[email]\nreply_to_file = \"x\"\n", "a.toml:2:1", {"unknown key \"email.reply_to_file\""}},
      {"[twilio]\nauth_token = \"a\"\nauth_token_file = \"b\"\n",
       "a.toml:3:1",
       {"both auth_token and auth_token_file"}},
      {"[twilio]\nauth_token_file = \"/nowhere/t\"\n", "a.toml:2:1", {"/nowhere/t", "No such file"}},
      {"[twilio]\nauth_token_file = \"/dev/null\"\n", "a.toml:2:1", {"/dev/null is empty"}},
      {"[twilio]\nauth_token_file = \"/\"\n", "a.toml:2:1", {"is a directory"}},
      {"[smtp]\nurl = \"http://x\"\n", "a.toml:2:7", {"smtp://HOST:PORT"}},
      {"[smtp]\nurl = \"smtp://mail.example:25\"\npassword = \"p\"\ntls = \"none\"\n", "smtp.tls", {"unencrypted"}},
  };
  for (const Case& item : cases) {
    const std::string message = error_of(item.text);
    CAPTURE(item.text);
    CAPTURE(message);
    CHECK(has(message, item.place));
    for (const char* part : item.says)
      CHECK(has(message, part));
  }
}

TEST_CASE("P9 nothing leaks: no error or warning repeats a secret") {
  const std::string secret = "hunter2hunter2";
  const std::vector<std::string> texts{
      "[twilio]\nauth_token = hunter2hunter2\n",
      "[twilio]\nauth_token = \"hunter2hunter2\n",
      "[twilio]\nauth_token = \"hunter2hunter2\\u0007\"\n",
      "[twilio]\nauth_token = [\"hunter2hunter2\"]\n",
      "[twilio]\nauth_token = \"x\"\nauth_token_file = \"hunter2hunter2\"\n",
      "[resend]\napi_key = \"hunter2hunter2\" trailing\n",
      "[smtp]\nurl = \"smtp://me:hunter2hunter2@mail.example:587\"\n",
      "[store]\nurl = \"mysql://me:hunter2hunter2@db/x\"\n",
  };
  for (const std::string& text : texts)
    CHECK_FALSE(has(error_of(text), secret));
  CHECK_FALSE(has(error_of("[twilio]\nauth_token = 98765432109876543210\n"), "98765432109876543210"));
  CHECK_FALSE(has(error_of("", {{"TWILIO_AUTH_TOKEN", "hunter2hunter2\x01"}}), secret));
  CHECK_FALSE(has(error_of("", {{"AVISLOOP_STORE_URL", "x://me:hunter2hunter2@db"}}), secret));
  const Loaded unused = load_text("[openai]\napi_key = \"hunter2hunter2\"\n[webhook]\nsecret = \"hunter2hunter2\"\n");
  REQUIRE(unused.settings);
  for (const std::string& line : unused.warnings)
    CHECK_FALSE(has(line, secret));
}

TEST_CASE("a secret may lie in a file of its own") {
  const Folder folder;
  const std::string token = folder.write("token", "s3cret\n");
  const std::string config = folder.write("a.toml", "[twilio]\nauth_token_file = \"" + token + "\"\n");
  CHECK(load_file(config).settings->base.twilio.auth_token.value == "s3cret");
  CHECK(load_file(config).warnings.empty());
  const std::string empty = folder.write("b.toml", "");
  const Variables variables{{"AVISLOOP_TWILIO_AUTH_TOKEN_FILE", token}};
  CHECK(load_file(empty, variables).settings->base.twilio.auth_token.value == "s3cret");
  const Variables both{{"AVISLOOP_TWILIO_AUTH_TOKEN_FILE", token}, {"AVISLOOP_TWILIO_AUTH_TOKEN", "x"}};
  CHECK(has(load_file(empty, both).settings.error().message, "both AVISLOOP_TWILIO_AUTH_TOKEN and"));
}

TEST_CASE("a file with secrets that everybody can read gives a warning") {
  const Folder folder;
  const std::string with = folder.write("a.toml", "[resend]\napi_key = \"k\"\n", 0644);
  REQUIRE(load_file(with).warnings.size() == 1);
  CHECK(has(load_file(with).warnings[0], "everybody on this machine can read it"));
  CHECK(load_file(folder.write("b.toml", "[resend]\napi_key = \"k\"\n", 0640)).warnings.empty());
  CHECK(load_file(folder.write("c.toml", "[sms]\nenabled = true\n", 0644)).warnings.empty());
  const std::string open = folder.write("key", "k", 0644);
  const Loaded loaded = load_file(folder.write("d.toml", "[resend]\napi_key_file = \"" + open + "\"\n"));
  REQUIRE(loaded.warnings.size() == 1);
  CHECK(has(loaded.warnings[0], "is a secret"));
}

TEST_CASE("keys of the contract without effect in this release are accepted with one warning each") {
  const Loaded loaded =
      load_text("[openai]\nmodel = \"m\"\n[run]\nlateness = \"2d\"\n[org.acme.inbound]\npoll = \"5m\"\n",
                {{"OPENAI_API_KEY", "of another program"}, {"AVISLOOP_WRITING_TIMEOUT", "5s"}});
  REQUIRE(loaded.settings);
  REQUIRE(loaded.warnings.size() == 4);
  const std::string all = join(loaded.warnings, " | ");
  for (const char* name : {"openai.model", "run.lateness", "org.acme.inbound.poll", "AVISLOOP_WRITING_TIMEOUT"}) {
    CHECK(has(all, std::string(name) + " has no effect in this release"));
  }
}

TEST_CASE("a configuration that cannot be read is an error, never skipped") {
  const Folder folder;
  const auto message = [](const Loaded& loaded) {
    REQUIRE_FALSE(loaded.settings.has_value());
    CHECK(loaded.settings.error().fault == Fault::config);
    return loaded.settings.error().message;
  };
  CHECK(has(message(load_file(folder.path("none.toml"))), "--config names"));
  CHECK(has(message(load_file("", {{"AVISLOOP_CONFIG", folder.path("none.toml")}})), "AVISLOOP_CONFIG names"));
  CHECK(has(message(load_file(folder.root())), "is a directory"));
  CHECK(has(message(load_file(folder.write("big.toml", std::string((1 << 20) + 1, '#')))), "larger than 1024 KiB"));
  CHECK(has(message(load_file(folder.write("x.toml", std::string("a\0b", 3)))), "x.toml:1"));
  CHECK(has(message(load_file(folder.write("l.toml", "[email]\nfrom = \"\xe9@x\""))), "utf-8"));
  if (geteuid() != 0) CHECK(has(message(load_file(folder.write("no.toml", "", 0))), "Permission denied"));
}

TEST_CASE("the file is the first that exists of the places in their order") {
  const Folder folder;
  const fs::path before = fs::current_path();
  fs::create_directories(folder.path("cwd"));
  fs::current_path(folder.path("cwd"));
  const Variables places{{"XDG_CONFIG_HOME", folder.path("xdg")}, {"HOME", folder.path("home")}};
  Variables home_only{{"HOME", folder.path("home")}};
  Variables named = places;
  named["AVISLOOP_CONFIG"] = folder.write("named.toml", "");
  const std::string home = folder.write("home/.config/avisloop/config.toml", "");
  CHECK(load_file("", home_only).settings->file == home);
  const std::string xdg = folder.write("xdg/avisloop/config.toml", "");
  CHECK(load_file("", places).settings->file == xdg);
  folder.write("cwd/avisloop.toml", "");
  CHECK(load_file("", places).settings->file == "avisloop.toml");
  CHECK(load_file("", named).settings->file == folder.path("named.toml"));
  const std::string flag = folder.write("flag.toml", "");
  CHECK(load_file(flag, named).settings->file == flag);
  fs::current_path(before);
}

TEST_CASE("a base URL is https, or http at the loopback address") {
  const std::vector<const char*> good{
      "https://api.twilio.com", "https://api.twilio.com/", "HTTPS://api.example:8443/x", "http://127.0.0.1:8080",
      "http://127.9.8.7",       "http://localhost:1/a",    "http://[::1]:8080",          "https://[2001:db8::1]:443"};
  const std::vector<const char*> bad{"",
                                     "api.twilio.com",
                                     "http://api.twilio.com",
                                     "http://127.0.0.1.evil.example",
                                     "http://127.0.0.256",
                                     "http://127.1",
                                     "http://0127.0.0.1",
                                     "http://localhost.evil.example",
                                     "http://evil.example#@127.0.0.1",
                                     "http://evil.example\\@127.0.0.1",
                                     "http://127.0.0.1@evil.example",
                                     "https://user:pw@api.twilio.com",
                                     "https://api.twilio.com?x=1",
                                     "https://api.twilio.com#x",
                                     "https://api twilio.com",
                                     "https://api.twilio.com:99999",
                                     "https://api.twilio.com:",
                                     "https://",
                                     "ftp://127.0.0.1",
                                     "file:///etc/passwd",
                                     "https://\xc3\xa9.example"};
  for (const char* url : good)
    CHECK_MESSAGE(check_base_url("k", url).has_value(), url);
  for (const char* url : bad)
    CHECK_MESSAGE(!check_base_url("k", url).has_value(), url);
  CHECK(is_loopback_url("https://127.0.0.1/"));
  CHECK_FALSE(is_loopback_url("https://api.twilio.com"));
}

TEST_CASE("harmless means that every provider in use, of every org, is the outbox or at the loopback address") {
  const auto harmless = [](const std::string& text) { return is_harmless(settings_of(text)); };
  CHECK(harmless("[twilio]\naccount_sid = \"AC1\"\n"));
  CHECK_FALSE(harmless("[sms]\nprovider = \"twilio\"\n"));
  CHECK(harmless("[sms]\nprovider = \"twilio\"\n[twilio]\nbase_url = \"http://127.0.0.1:1\"\n"));
  CHECK_FALSE(harmless("[email]\nprovider = \"resend\"\n"));
  CHECK(harmless("[email]\nprovider = \"resend\"\n[resend]\nbase_url = \"http://localhost:1\"\n"));
  CHECK_FALSE(harmless("[email]\nprovider = \"smtp\"\n"));
  CHECK(harmless("[email]\nprovider = \"smtp\"\n[smtp]\nurl = \"smtp://127.0.0.1:25\"\n"));
  CHECK_FALSE(harmless("[email]\nprovider = \"smtp\"\n[smtp]\nurl = \"smtp://mail.example\"\n"));
  CHECK_FALSE(harmless("[org.acme.sms]\nprovider = \"twilio\"\n"));
}

TEST_CASE("config.example.toml has every key with its default and an explanation, and no other") {
  std::ifstream file(std::string(AVISLOOP_SOURCE_DIR) + "/config.example.toml");
  REQUIRE(file.is_open());
  std::map<std::string, std::string> shown;  // section.key → default
  std::string section;
  std::string before;
  std::string uncommented;
  for (std::string line; std::getline(file, line); before = line) {
    const std::string bare = line.substr(0, 2) == "# " ? line.substr(2) : line;
    if (!bare.empty() && bare.front() == '[' && bare.back() == ']') section = bare.substr(1, bare.size() - 2);
    const auto equals = bare.find(" = ");
    const bool is_key = equals != std::string::npos && bare.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == equals;
    if (!is_key || section.empty()) continue;
    CHECK_MESSAGE(before.substr(0, 2) == "# ", "no explanation above " << line);
    CHECK_MESSAGE(shown.emplace(section + '.' + bare.substr(0, equals), bare.substr(equals + 3)).second, line);
  }
  std::string all;
  for (const SettingKey& key : setting_keys()) {
    const auto found = shown.find(key.section + '.' + key.key);
    REQUIRE_MESSAGE(found != shown.end(), key.section << '.' << key.key << " is missing");
    CHECK(found->second == key.fallback);
    if (key.used) all += key.section + '.' + key.key + " = " + found->second + '\n';
    shown.erase(found);
    CHECK_FALSE(key.explanation.empty());
  }
  for (const auto& [name, value] : shown)
    FAIL_CHECK("not a key: " << name);
  // The defaults that are shown are the defaults that hold: set all of them, and ask again.
  const Settings settings = settings_of(all);
  CHECK(settings.base.limits.contact_email_per_day == 3);
  CHECK(settings.run.max_runtime == Settings{}.run.max_runtime);
}

TEST_CASE("the example is itself a configuration without warnings") {
  const Loaded loaded = load_file(std::string(AVISLOOP_SOURCE_DIR) + "/config.example.toml");
  REQUIRE_MESSAGE(loaded.settings.has_value(), loaded.settings.error().message);
  CHECK(loaded.warnings.empty());
}
