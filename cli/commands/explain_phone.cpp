#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/batch.h"
#include "cli/command.h"
#include "cli/output.h"
#include "core/base/text.h"
#include "core/rules/phone.h"

namespace avisloop {
namespace {

struct Options {
  std::string argument;
  std::string phone;
  std::string region = "US";
  std::string batch;
};

/// The countries and territories whose numbers begin with +1 (ISO 3166-1).
constexpr std::array<std::string_view, 26> kPlanRegions{"US", "CA", "PR", "GU", "VI", "AS", "MP", "AG", "AI",
                                                        "BB", "BM", "BS", "DM", "DO", "GD", "JM", "KN", "KY",
                                                        "LC", "MS", "SX", "TC", "TT", "VC", "VG", "UM"};

std::vector<std::string> texts_of(const std::vector<std::string_view>& views) {
  return {views.begin(), views.end()};
}

Result<PhoneReading> read(App& app, std::string_view phone, std::string_view region) {
  const bool is_local = std::find(kPlanRegions.begin(), kPlanRegions.end(), region) != kPlanRegions.end();
  if (!is_local && !trim(phone).starts_with('+')) {
    return fail(Fault::data,
                fmt::format("a number of {} must be written with + and its country code", printable(region)));
  }
  return read_phone(phone, app.parts().check_foreign_number);
}

/// A number that cannot be read is an answer; a configuration that stops the reading is an error.
Result<Record> answer(App& app, std::string_view phone, std::string_view region) {
  const Result<PhoneReading> reading = read(app, phone, region);
  if (!reading && reading.error().fault != Fault::data) return tl::unexpected<Error>(reading.error());
  Record record;
  record.set("e164", reading ? Value{reading->e164} : Value{});
  record.set("error", reading ? Value{} : Value{reading.error().message});
  record.set("states", reading ? texts_of(reading->states) : std::vector<std::string>{});
  record.set("zones", reading ? texts_of(reading->zones) : std::vector<std::string>{});
  return record;
}

Result<ExitCode> run(App& app, const Options& options) {
  if (!options.batch.empty()) {
    return run_batch(app, options.batch, [&app](const BatchCase& one) -> Result<Record> {
      AVIS_TRY_ASSIGN(const std::optional<std::string> phone, one.text("phone"));
      AVIS_TRY_ASSIGN(const std::optional<std::string> region, one.text("region"));
      return answer(app, phone.value_or(""), region.value_or("US"));
    });
  }
  const std::string& phone = options.phone.empty() ? options.argument : options.phone;
  if (phone.empty())
    return fail(Fault::usage, "no phone number is given", "Give PHONE, --phone PHONE or --batch FILE.");
  AVIS_TRY_ASSIGN(const Record record, answer(app, phone, options.region));
  print_record(app, record);
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.optional_argument("PHONE", options->argument, "The number as it is written")
      .option("--phone", "PHONE", options->phone, "The same as PHONE")
      .option("--region", "CC", options->region, "Country whose numbers may stand without + (default US)")
      .option("--batch", "FILE", options->batch, "JSON lines {\"id\",\"phone\",\"region\"}; - is standard input");
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command explain_phone_command() {
  Command command;
  command.verb = "explain";
  command.noun = "phone";
  command.summary = "reads a phone number and tells where it may be";
  command.description =
      "Tells the number in E.164 or what is wrong with it, and every state and time zone that its area code lies in. "
      "Opens no store.";
  command.examples = {{"avisloop explain phone \"(512) 555-0142\"", "a number as people write it"},
                      {"avisloop explain phone --batch - < phones.jsonl", "one JSON line for each line read"}};
  command.exit_codes = {{1, "some lines of the batch could not be answered"}, {65, "the file cannot be read"}};
  command.bind = bind;
  return command;
}

}  // namespace avisloop
