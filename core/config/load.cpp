#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <toml++/toml.h>
#include <array>
#include <cerrno>
#include <cstring>

#include "core/base/text.h"
#include "core/config/keys.h"

namespace avisloop {
namespace {

constexpr std::size_t kMostFileBytes = 1 << 20;
constexpr std::size_t kMostSecretBytes = 1 << 16;
constexpr std::string_view kSeeExample = "every key is explained in config.example.toml and avisloop.toml(5)";

struct FileText {
  std::string text;
  bool others_may_read = false;
};

/// The whole file; `what` names its purpose in messages.
Result<FileText> read_file(const std::string& path, std::string_view what, std::size_t most) {
  const auto refuse = [&](std::string_view why) {
    return fail(Fault::config, std::string(what) + ' ' + printable(path) + ": " + std::string(why),
                "check the path and the permissions");
  };
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return refuse(std::strerror(errno));
  struct Closer {
    int file;
    ~Closer() { close(file); }
  } closer{file};
  struct stat status {};
  if (fstat(file, &status) != 0) return refuse(std::strerror(errno));
  if (S_ISDIR(status.st_mode)) return refuse("is a directory, not a file");
  FileText result;
  result.others_may_read = S_ISREG(status.st_mode) && (status.st_mode & S_IROTH) != 0;
  std::array<char, 16384> chunk{};
  for (;;) {
    const ssize_t got = read(file, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return refuse(std::strerror(errno));
    if (got == 0) return result;
    result.text.append(chunk.data(), static_cast<std::size_t>(got));
    if (result.text.size() > most) return refuse("is larger than " + std::to_string(most >> 10) + " KiB");
  }
}

bool file_exists(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 || errno != ENOENT;
}

/// Where a value stands, for messages: `avisloop.toml:12:3`, or the name of an environment variable.
using Where = std::string;

Given given_from(const toml::node& node) {
  Given given;
  if (const auto* text = node.as_string()) return given_text(text->get(), false);
  if (const auto* number = node.as_integer()) {
    given.kind = Given::Kind::number;
    given.number = number->get();
  } else if (const auto* decimal = node.as_floating_point()) {
    given.kind = Given::Kind::decimal;
    given.decimal = decimal->get();
  } else if (const auto* toggle = node.as_boolean()) {
    given.kind = Given::Kind::toggle;
    given.toggle = toggle->get();
  } else if (const auto* date = node.as_date()) {
    given.kind = Given::Kind::date;
    const auto two = [](unsigned value) { return (value < 10 ? "0" : "") + std::to_string(value); };
    const std::string year = std::to_string(date->get().year);
    given.text = std::string(4 - std::min<std::size_t>(4, year.size()), '0') + year + '-' + two(date->get().month) +
                 '-' + two(date->get().day);
  } else if (const auto* list = node.as_array()) {
    given.kind = Given::Kind::list;
    for (const auto& item : *list)
      given.items.push_back(given_from(item));
  }
  return given;
}

class Loader {
 public:
  Loader(const Environment& environment, std::vector<std::string>& warnings)
      : environment_(environment), warnings_(warnings) {}

  Result<Settings> load(std::string_view config_flag, std::string_view store_flag) {
    AVIS_TRY_ASSIGN(settings_.file, find_file(config_flag));
    toml::table root;
    if (!settings_.file.empty()) {
      AVIS_TRY_ASSIGN(root, parse_file());
      AVIS_TRY(read_root(root));
    }
    AVIS_TRY(read_environment());
    if (!store_flag.empty()) {
      AVIS_TRY(apply(*find_key("store", "url"), settings_.base, given_text(std::string(store_flag), true), "--store"));
    }
    if (const auto* orgs = root.get("org")) AVIS_TRY(read_orgs(*orgs));
    AVIS_TRY(check_smtp(settings_.base, "smtp"));
    for (const auto& [key, org] : settings_.orgs)
      AVIS_TRY(check_smtp(org, "org." + key + ".smtp"));
    if (file_has_secrets_ && file_is_open_) {
      warnings_.push_back(printable(settings_.file) +
                          " holds secrets and everybody on this machine can read it: chmod 600 it");
    }
    return std::move(settings_);
  }

 private:
  std::optional<std::string> variable(std::string_view name) const {
    auto value = environment_.get(name);
    return value && !value->empty() ? std::move(value) : std::nullopt;
  }

  Result<std::string> find_file(std::string_view config_flag) const {
    const auto named = [](std::string path, std::string_view by) -> Result<std::string> {
      if (file_exists(path)) return path;
      return fail(Fault::config, std::string(by) + " names " + printable(path) + ", which does not exist",
                  "correct the path, or write a first file with `avisloop init`");
    };
    if (!config_flag.empty()) return named(std::string(config_flag), "--config");
    if (auto path = variable("AVISLOOP_CONFIG")) return named(std::move(*path), "AVISLOOP_CONFIG");
    std::vector<std::string> places{"avisloop.toml"};
    if (const auto base = variable("XDG_CONFIG_HOME")) {
      places.push_back(*base + "/avisloop/config.toml");
    } else if (const auto home = variable("HOME")) {
      places.push_back(*home + "/.config/avisloop/config.toml");
    }
    places.emplace_back("/etc/avisloop/config.toml");
    for (std::string& place : places) {
      if (file_exists(place)) return std::move(place);
    }
    return std::string{};
  }

  Result<toml::table> parse_file() {
    AVIS_TRY_ASSIGN(const FileText file, read_file(settings_.file, "the configuration", kMostFileBytes));
    file_is_open_ = file.others_may_read;
    try {
      return toml::table(toml::parse(std::string_view(file.text), std::string_view(settings_.file)));
    } catch (const toml::parse_error& error) {
      std::string why(error.description());
      // The library's only message that repeats what stands in the file, which may be a secret without quotation marks.
      if (contains_ignoring_case(why, "not representable")) why = "a number is too large";
      return fail(Fault::config, at(error.source()) + ": " + why, "text needs quotation marks: key = \"value\"");
    }
  }

  Where at(const toml::source_region& region) const {
    return printable(settings_.file) + ':' + std::to_string(region.begin.line) + ':' +
           std::to_string(region.begin.column);
  }

  Result<> read_root(const toml::table& root) {
    for (const auto& [name, node] : root) {
      if (name.str() == "org") continue;
      AVIS_TRY(read_section(name, node, settings_.base, {}));
    }
    return {};
  }

  Result<> read_orgs(const toml::node& node) {
    const auto* orgs = node.as_table();
    if (orgs == nullptr) return fail(Fault::config, at(node.source()) + ": \"org\" must be sections [org.KEY.SECTION]");
    for (const auto& [org_key, sections] : *orgs) {
      const auto* table = sections.as_table();
      if (table == nullptr) {
        return fail(Fault::config, at(org_key.source()) + ": \"org." + printable(org_key.str()) +
                                       "\" must be a section [org.KEY.SECTION]");
      }
      OrgSettings& org = settings_.orgs.emplace(std::string(org_key.str()), settings_.base).first->second;
      for (const auto& [section, keys] : *table) {
        AVIS_TRY(read_section(section, keys, org, "org." + std::string(org_key.str()) + '.'));
      }
    }
    return {};
  }

  /// `prefix` is empty, or `org.KEY.` for the sections of one org.
  Result<> read_section(const toml::key& section, const toml::node& node, OrgSettings& target,
                        const std::string& prefix) {
    std::vector<std::string> sections{"org"};
    for (const KeyRow& row : key_rows()) {
      if (sections.back() != row.section) sections.emplace_back(row.section);
    }
    if (std::find(sections.begin(), sections.end(), section.str()) == sections.end()) {
      return unknown(section, node.is_table() ? "section" : "key", prefix, sections);
    }
    const auto* table = node.as_table();
    if (table == nullptr) {
      return fail(Fault::config, at(section.source()) + ": \"" + printable(prefix) + std::string(section.str()) +
                                     "\" is a section and must be written as [" + printable(prefix) +
                                     std::string(section.str()) + "]");
    }
    for (const auto& [key, value] : *table)
      AVIS_TRY(read_key(section.str(), key, value, *table, target, prefix));
    return {};
  }

  Result<> read_key(std::string_view section, const toml::key& key, const toml::node& value, const toml::table& table,
                    OrgSettings& target, const std::string& prefix) {
    constexpr std::string_view suffix = "_file";
    std::string_view name = key.str();
    const KeyRow* row = find_key(section, name);
    const bool from_file =
        row == nullptr && name.size() > suffix.size() && name.substr(name.size() - suffix.size()) == suffix;
    if (from_file) {
      name.remove_suffix(suffix.size());
      row = find_key(section, name);
      if (row != nullptr && !is_secret(*row)) row = nullptr;
    }
    if (row == nullptr) {
      std::vector<std::string> known;
      for (const KeyRow& candidate : key_rows()) {
        if (candidate.section == section) known.emplace_back(candidate.key);
      }
      return unknown(key, "key", prefix + std::string(section) + '.', known);
    }
    const Where where = at(key.source());
    const std::string full = prefix + std::string(section) + '.' + std::string(key.str());
    if (!prefix.empty() && row->reach == KeyRow::Reach::program) {
      return fail(Fault::config,
                  where + ": " + printable(full) + " holds for the whole program and cannot be set for one org",
                  "move it to [" + std::string(section) + ']');
    }
    if (from_file && table.contains(name)) {
      return fail(Fault::config, where + ": both " + std::string(name) + " and " + std::string(key.str()) + " are set",
                  "keep one of them");
    }
    const Given given = given_from(value);
    if (!is_used(*row)) {
      warnings_.push_back(where + ": " + printable(full) + " has no effect in this release");
      if (!from_file && is_secret(*row)) file_has_secrets_ = true;
      return {};
    }
    if (from_file) return apply_secret_file(*row, target, given, where, full);
    if (is_secret(*row)) file_has_secrets_ = true;
    return apply(*row, target, given, at(value.source()), full);
  }

  Result<> read_environment() {
    for (const KeyRow& row : key_rows()) {
      const std::string name = environment_name(row);
      const auto value = variable(name);
      const auto path = is_secret(row) ? variable(name + "_FILE") : std::nullopt;
      if (value && path) {
        return fail(Fault::config, "both " + name + " and " + name + "_FILE are set", "keep one of them");
      }
      if (!is_used(row)) {
        if (value || path) warnings_.push_back(name + (path ? "_FILE" : "") + " has no effect in this release");
      } else if (value) {
        AVIS_TRY(apply(row, settings_.base, given_text(*value, true), name));
      } else if (path) {
        AVIS_TRY(apply_secret_file(row, settings_.base, given_text(*path, true), name + "_FILE", name + "_FILE"));
      } else {
        AVIS_TRY(read_usual_names(row));
      }
    }
    return {};
  }

  Result<> read_usual_names(const KeyRow& row) {
    for (const std::string_view name : row.usual_names) {
      const auto value = variable(name);
      if (!value) continue;
      // DATABASE_URL is set on many machines for other programs.
      if (name == "DATABASE_URL" && !check_store_url(*value).empty()) {
        warnings_.emplace_back("DATABASE_URL is not a store that avisloop knows, so it is not used");
        continue;
      }
      return apply(row, settings_.base, given_text(*value, true), std::string(name));
    }
    return {};
  }

  Result<> apply_secret_file(const KeyRow& row, OrgSettings& target, const Given& given, const Where& where,
                             const std::string& name) {
    if (given.kind != Given::Kind::text || given.text.empty()) {
      return fail(Fault::config, where + ": " + printable(name) + " must be the path of a file, not " + shown(given));
    }
    auto file = read_file(given.text, where + ": " + printable(name), kMostSecretBytes);
    if (!file) return tl::unexpected(std::move(file).error());
    const std::string_view secret = trim(file->text);
    if (secret.empty())
      return fail(Fault::config, where + ": " + printable(name) + ": the file " + printable(given.text) + " is empty");
    if (file->others_may_read) {
      warnings_.push_back(printable(given.text) +
                          " is a secret and everybody on this machine can read it: chmod 600 it");
    }
    return apply(row, target, given_text(std::string(secret), false), where, name);
  }

  /// `name` is how the key is called at `where`; empty when `where` says it.
  Result<> apply(const KeyRow& row, OrgSettings& target, const Given& given, const Where& where,
                 const std::string& name = {}) {
    const std::string wanted = put(row.slot(settings_, target), given);
    if (wanted.empty()) return {};
    // An address may hold a password, so its value is not repeated either.
    const bool sensitive = is_secret(row) || row.key == "url";
    std::string message = where + (name.empty() ? " must be " : ": " + printable(name) + " must be ") + wanted;
    if (!sensitive) message += ", not " + shown(given);
    return fail(Fault::config, std::move(message), std::string(kSeeExample));
  }

  tl::unexpected<Error> unknown(const toml::key& key, std::string_view what, const std::string& prefix,
                                const std::vector<std::string>& known) const {
    std::string message =
        at(key.source()) + ": unknown " + std::string(what) + " \"" + printable(prefix + std::string(key.str())) + '"';
    if (const auto near = nearest(key.str(), known)) message += ", the nearest is \"" + printable(prefix) + *near + '"';
    return fail(Fault::config, std::move(message), std::string(kSeeExample));
  }

  /// A password must not cross a network in the clear.
  Result<> check_smtp(const OrgSettings& org, const std::string& name) const {
    if (org.smtp.tls != SmtpTls::none || org.smtp.password.empty() || is_loopback_url(org.smtp.url)) return {};
    return fail(Fault::config, printable(name) + ".tls = \"none\" would send the password unencrypted",
                "set tls = \"required\", or use the loopback address");
  }

  const Environment& environment_;
  std::vector<std::string>& warnings_;
  Settings settings_;
  bool file_is_open_ = false;
  bool file_has_secrets_ = false;
};

}  // namespace

Result<Settings> load_settings(const Environment& environment, std::string_view config_flag,
                               std::string_view store_flag, std::vector<std::string>& warnings) {
  return Loader(environment, warnings).load(config_flag, store_flag);
}

}  // namespace avisloop
