#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/environment.h"
#include "core/base/instant.h"
#include "core/base/log.h"
#include "core/base/result.h"
#include "core/model/enums.h"
#include "core/rules/quiet_hours.h"

namespace avisloop {

/// A value that must never be printed.
struct Secret {
  std::string value;
  bool empty() const { return value.empty(); }
};

enum class SmsProvider { outbox, twilio };
template <>
struct EnumWords<SmsProvider> {
  static constexpr std::array<std::pair<SmsProvider, std::string_view>, 2> words{
      {{SmsProvider::outbox, "outbox"}, {SmsProvider::twilio, "twilio"}}};
};
enum class EmailProvider { outbox, resend, smtp };
template <>
struct EnumWords<EmailProvider> {
  static constexpr std::array<std::pair<EmailProvider, std::string_view>, 3> words{
      {{EmailProvider::outbox, "outbox"}, {EmailProvider::resend, "resend"}, {EmailProvider::smtp, "smtp"}}};
};
enum class WhenDisabled { hold, email, skip };
template <>
struct EnumWords<WhenDisabled> {
  static constexpr std::array<std::pair<WhenDisabled, std::string_view>, 3> words{
      {{WhenDisabled::hold, "hold"}, {WhenDisabled::email, "email"}, {WhenDisabled::skip, "skip"}}};
};
enum class DoubtPolicy { resend, hold };
template <>
struct EnumWords<DoubtPolicy> {
  static constexpr std::array<std::pair<DoubtPolicy, std::string_view>, 2> words{
      {{DoubtPolicy::resend, "resend"}, {DoubtPolicy::hold, "hold"}}};
};
template <>
struct EnumWords<WindowProfile> {
  static constexpr std::array<std::pair<WindowProfile, std::string_view>, 2> words{
      {{WindowProfile::safe, "safe"}, {WindowProfile::legal, "legal"}}};
};
template <>
struct EnumWords<LogLevel> {
  static constexpr std::array<std::pair<LogLevel, std::string_view>, 4> words{{{LogLevel::debug, "debug"},
                                                                               {LogLevel::info, "info"},
                                                                               {LogLevel::warning, "warning"},
                                                                               {LogLevel::error, "error"}}};
};
enum class SmtpTls { required, none };
template <>
struct EnumWords<SmtpTls> {
  static constexpr std::array<std::pair<SmtpTls, std::string_view>, 2> words{
      {{SmtpTls::required, "required"}, {SmtpTls::none, "none"}}};
};

/// The configuration of one org: the file's sections, with `[org.KEY.…]` laid over them.
struct OrgSettings {
  struct {
    SmsProvider provider = SmsProvider::outbox;
    bool enabled = true;
    WhenDisabled on_disabled = WhenDisabled::hold;
  } sms;
  struct {
    EmailProvider provider = EmailProvider::outbox;
    std::string from;
    std::string reply_to;
  } email;
  struct {
    std::string directory = "outbox";
  } outbox;
  struct {
    std::string account_sid;
    Secret auth_token;
    std::string messaging_service_sid;
    std::string from;
    std::string status_callback_url;
    std::string base_url = "https://api.twilio.com";
  } twilio;
  struct {
    Secret api_key;
    std::string base_url = "https://api.resend.com";
  } resend;
  struct {
    std::string url;
    std::string username;
    Secret password;
    SmtpTls tls = SmtpTls::required;
    DoubtPolicy in_doubt = DoubtPolicy::hold;
  } smtp;
  struct {
    std::int64_t sms_per_second = 0;
    std::int64_t sms_per_minute = 10;
    std::int64_t sms_per_hour = 100;
    std::int64_t sms_per_day = 0;
    std::int64_t email_per_minute = 20;
    std::int64_t contact_sms_per_day = 1;
    std::int64_t contact_email_per_day = 3;
  } limits;
  struct {
    WindowProfile profile = WindowProfile::safe;
    std::vector<std::chrono::year_month_day> closed_dates;
    std::vector<std::string> stopped_states;
  } quiet_hours;
  struct {
    std::int64_t sms_segment_micros = 7900;  ///< millionths of a US dollar per segment
    std::int64_t email_micros = 0;
  } prices;
};

/// The whole checked configuration.
struct Settings {
  std::string file;  ///< where it was read from, empty = no file
  std::string store_url = "sqlite:avisloop.db";
  struct {
    Micros max_runtime = std::chrono::seconds{50};
    int max_in_flight = 32;
    DoubtPolicy absent = DoubtPolicy::resend;
  } run;
  struct {
    LogLevel level = LogLevel::warning;
    bool json = false;
  } log;
  OrgSettings base;
  std::map<std::string, OrgSettings> orgs;  ///< by org key; only those with sections of their own

  const OrgSettings& of(std::string_view org_key) const;
};

/// One key as it may stand in the file: for `init`, `config.example.toml`, the man page and error messages.
struct SettingKey {
  std::string section;
  std::string key;
  std::string type;      ///< `text`, `whole number`, `yes/no`, `duration`, `one of …`, `list of dates`, …
  std::string fallback;  ///< the default as TOML
  std::string explanation;
  bool secret = false;                   ///< has a `<key>_file` twin
  bool per_org = true;                   ///< may stand under [org.KEY.…]
  bool used = true;                      ///< false = part of the contract, accepted, but without effect in this release
  std::vector<std::string> usual_names;  ///< environment variables besides AVISLOOP_<SECTION>_<KEY>
};
const std::vector<SettingKey>& setting_keys();

/// Finds and reads the file, lays the environment over it, and checks every value. `config_flag` and `store_flag` are
/// the global options, empty = not given. Fault `config`: file, line, column, key, value, what would be right.
/// Warnings (such as keys this release does not use yet, or a secrets file that others may read) come out in
/// `warnings`. No error or warning shows a secret. Environment variables speak for every org; `[org.KEY.…]` is laid
/// over them.
Result<Settings> load_settings(const Environment& environment, std::string_view config_flag,
                               std::string_view store_flag, std::vector<std::string>& warnings);

/// Whether every provider in use is `outbox` or at a loopback address: the condition for AVISLOOP_CLOCK.
bool is_harmless(const Settings& settings);

/// Whether the URL's host is 127.0.0.0/8, `localhost` or `[::1]`; false for anything that is not a plain URL.
bool is_loopback_url(std::string_view url);

/// Refuses a base URL that is neither https nor loopback, and one with user, password, query or fragment.
Result<> check_base_url(std::string_view key, std::string_view url);

}  // namespace avisloop
