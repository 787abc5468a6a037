#include "cli/flags.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <charconv>

#include "core/base/text.h"
#include "core/model/enums.h"

namespace avisloop {
namespace {

/// What a value is turned into; answers what is wrong with it, empty = nothing.
using Reader = std::function<std::string(const std::string&)>;

/// `--quiet` of `-q,--quiet`.
std::string long_name(std::string_view name) {
  const auto comma = name.find(',');
  return std::string(comma == std::string_view::npos ? name : name.substr(comma + 1));
}

std::string joined_words(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

}  // namespace

/// The parser, and what it met. CLI11 only splits the words: every judgement and every message is made here, because
/// its own texts and exit codes are not ours.
struct Flags::Impl {
  CLI::App app;
  std::vector<FlagInfo> declared;
  std::vector<std::size_t> times;  ///< how often each was given
  std::string problem;             ///< the first thing that is wrong with a value

  Impl() {
    app.set_help_flag("");
    app.allow_extras();
  }

  void declare(FlagInfo info, const Reader& read) {
    const std::size_t index = declared.size();
    declared.push_back(std::move(info));
    times.push_back(0);
    const FlagInfo& known = declared.back();
    if (known.value.empty() && !known.positional) {
      app.add_flag(known.name)->each([this, index, read](const std::string& value) {
        ++times[index];
        if (value != "true") note(long_name(declared[index].name) + " takes no value");
        note(read(value));
      });
      return;
    }
    CLI::Option* option = app.add_option(known.name, [this, index, read](const CLI::results_t& values) {
      times[index] += values.size();
      for (const std::string& value : values)
        note(read(value));
      return true;
    });
    option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->type_name(known.value);
    if (known.positional && known.repeatable) {
      option->expected(1, CLI::detail::expected_max_vector_size);
    } else {
      option->expected(1)->allow_extra_args(false);
    }
  }

  void note(std::string wrong) {
    if (problem.empty()) problem = std::move(wrong);
  }

  /// The first word that no declaration explains.
  Result<> judge_extras(const std::vector<std::string>& extras) const {
    if (extras.empty()) return {};
    const std::string& extra = extras.front();
    if (extra.size() < 2 || extra.front() != '-')
      return fail(Fault::usage, "unexpected argument `" + printable(extra) + "`");
    const std::string name = extra.substr(0, extra.find('='));
    std::vector<std::string> candidates;
    for (const FlagInfo& info : declared) {
      if (!info.positional) candidates.push_back(long_name(info.name));
    }
    const auto near = nearest(name, candidates);
    return fail(Fault::usage, "unknown option `" + printable(name) + "`",
                near ? "Did you mean `" + *near + "`?" : std::string());
  }

  Result<> judge_counts() const {
    for (std::size_t i = 0; i < declared.size(); ++i) {
      const FlagInfo& info = declared[i];
      if (info.required && times[i] == 0) {
        const std::string what = info.positional ? "argument " + info.name : long_name(info.name) + " " + info.value;
        return fail(Fault::usage, "missing " + what, info.name + ": " + info.help);
      }
      if (!info.repeatable && !info.value.empty() && times[i] > 1) {
        return fail(Fault::usage, long_name(info.name) + " is given " + std::to_string(times[i]) + " times");
      }
    }
    return {};
  }

  /// CLI11 complains of words on its own only when an option's value is missing.
  Error translated(const CLI::Error& error) const {
    const std::string what = error.what();
    for (const FlagInfo& info : declared) {
      const std::string name = long_name(info.name);
      if (!info.value.empty() && what.starts_with(name + ":")) {
        return {Fault::usage, name + " needs a value: " + name + " " + info.value, {}};
      }
    }
    return {Fault::usage, printable(what), {}};
  }
};

Flags::Flags() : impl_(std::make_unique<Impl>()) {}
Flags::~Flags() = default;

namespace {

FlagInfo positional(std::string_view name, std::string_view help) {
  FlagInfo info;
  info.name = name;
  info.value = name;
  info.help = help;
  info.positional = true;
  return info;
}

FlagInfo valued(std::string_view name, std::string_view value, std::string_view help) {
  FlagInfo info;
  info.name = name;
  info.value = value;
  info.help = help;
  return info;
}

Reader into(std::string& target) {
  return [&target](const std::string& value) {
    target = value;
    return std::string();
  };
}

}  // namespace

Flags& Flags::argument(std::string_view name, std::string& target, std::string_view help) {
  FlagInfo info = positional(name, help);
  info.required = true;
  impl_->declare(std::move(info), into(target));
  return *this;
}

Flags& Flags::optional_argument(std::string_view name, std::string& target, std::string_view help) {
  impl_->declare(positional(name, help), into(target));
  return *this;
}

Flags& Flags::arguments(std::string_view name, std::vector<std::string>& target, std::string_view help) {
  FlagInfo info = positional(name, help);
  info.required = true;
  info.repeatable = true;
  impl_->declare(std::move(info), [&target](const std::string& value) {
    target.push_back(value);
    return std::string();
  });
  return *this;
}

Flags& Flags::option(std::string_view name, std::string_view value, std::string& target, std::string_view help) {
  impl_->declare(valued(name, value, help), into(target));
  return *this;
}

Flags& Flags::option(std::string_view name, std::string_view value, std::optional<std::string>& target,
                     std::string_view help) {
  impl_->declare(valued(name, value, help), [&target](const std::string& given) {
    target = given;
    return std::string();
  });
  return *this;
}

Flags& Flags::required_option(std::string_view name, std::string_view value, std::string& target,
                              std::string_view help) {
  FlagInfo info = valued(name, value, help);
  info.required = true;
  impl_->declare(std::move(info), into(target));
  return *this;
}

Flags& Flags::list(std::string_view name, std::string_view value, std::vector<std::string>& target,
                   std::string_view help) {
  FlagInfo info = valued(name, value, help);
  info.repeatable = true;
  impl_->declare(std::move(info), [&target](const std::string& given) {
    target.push_back(given);
    return std::string();
  });
  return *this;
}

Flags& Flags::number(std::string_view name, std::string_view value, std::optional<long long>& target,
                     std::string_view help) {
  impl_->declare(valued(name, value, help), [&target, label = long_name(name)](const std::string& given) {
    long long parsed = 0;
    const char* end = given.data() + given.size();
    const auto [stopped, error] = std::from_chars(given.data(), end, parsed);
    if (error != std::errc() || stopped != end) {
      return label + " takes a whole number, not `" + printable(given) + "`";
    }
    target = parsed;
    return std::string();
  });
  return *this;
}

Flags& Flags::duration(std::string_view name, std::optional<Micros>& target, std::string_view help) {
  impl_->declare(valued(name, "DURATION", help), [&target, label = long_name(name)](const std::string& given) {
    target = parse_duration(given);
    return target ? std::string()
                  : label + " takes a duration such as 90s, 15m, 24h or 30d, not `" + printable(given) + "`";
  });
  return *this;
}

Flags& Flags::instant(std::string_view name, std::optional<Instant>& target, std::string_view help) {
  impl_->declare(valued(name, "INSTANT", help), [&target, label = long_name(name)](const std::string& given) {
    target = parse_instant(given);
    return target ? std::string()
                  : label + " takes an instant such as 2026-11-24T15:00:00Z, not `" + printable(given) + "`";
  });
  return *this;
}

Flags& Flags::choice(std::string_view name, std::vector<std::string> choices, std::string& target,
                     std::string_view help) {
  std::string value = join(choices, "|");
  FlagInfo info = name.starts_with('-') ? valued(name, value, help) : positional(name, help);
  info.choices = choices;
  info.required = info.positional;
  impl_->declare(std::move(info),
                 [&target, choices = std::move(choices), label = long_name(name)](const std::string& given) {
                   for (const std::string& choice : choices) {
                     if (choice != given) continue;
                     target = given;
                     return std::string();
                   }
                   return label + " takes " + joined_words(choices) + ", not `" + printable(given) + "`";
                 });
  return *this;
}

Flags& Flags::toggle(std::string_view name, bool& target, std::string_view help) {
  impl_->declare(valued(name, {}, help), [&target](const std::string&) {
    target = true;
    return std::string();
  });
  return *this;
}

const std::vector<FlagInfo>& Flags::declared() const {
  return impl_->declared;
}

Result<> Flags::parse(const std::vector<std::string>& arguments) {
  try {
    impl_->app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));  // it wants them reversed
  } catch (const CLI::Error& error) {
    return tl::unexpected<Error>(impl_->translated(error));
  }
  AVIS_TRY(impl_->judge_extras(impl_->app.remaining()));
  if (!impl_->problem.empty()) return fail(Fault::usage, impl_->problem);
  return impl_->judge_counts();
}

}  // namespace avisloop
