#include <fmt/format.h>

#include "cli/batch.h"
#include "cli/command.h"
#include "cli/output.h"
#include "core/base/text.h"
#include "core/rules/segments.h"

namespace avisloop {
namespace {

struct Options {
  std::string argument;
  std::optional<std::string> text;
  std::string batch;
};

Result<Record> answer(std::string_view text) {
  if (!is_utf8(text)) return fail(Fault::data, "the text is not UTF-8");
  const SegmentCount count = count_segments(text);
  std::vector<Record> costly;
  for (const CostlyCharacter& item : count.costly) {
    costly.push_back(Record().set("character", item.character).set("instead", item.instead));
  }
  Record record;
  record.set("encoding", count.encoding == SmsEncoding::gsm7 ? "GSM-7" : "UCS-2").set("segments", count.segments);
  record.set("characters", count.characters).set("costly", std::move(costly));
  return record;
}

Result<ExitCode> run(App& app, const Options& options) {
  if (!options.batch.empty()) {
    return run_batch(app, options.batch, [](const BatchCase& one) -> Result<Record> {
      AVIS_TRY_ASSIGN(const std::optional<std::string> text, one.text("text"));
      return answer(text.value_or(""));
    });
  }
  if (!options.text && options.argument.empty()) {
    return fail(Fault::usage, "no text is given", "Give TEXT, --text TEXT or --batch FILE.");
  }
  AVIS_TRY_ASSIGN(const Record record, answer(options.text.value_or(options.argument)));
  print_record(app, record);
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.optional_argument("TEXT", options->argument, "The text of a message")
      .option("--text", "TEXT", options->text, "The same, for texts that begin with a dash")
      .option("--batch", "FILE", options->batch, "JSON lines {\"id\",\"text\"}; - is standard input");
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command explain_text_command() {
  Command command;
  command.verb = "explain";
  command.noun = "text";
  command.summary = "counts a text as the phone network does";
  command.description =
      "Tells encoding, segments and characters of a text message, and each character that forces the costly encoding "
      "with a cheap spelling for it. Opens no store.";
  command.examples = {
      {"avisloop explain text \"Hi Ana, it’s done\"", "one curly apostrophe makes it UCS-2"},
      {"avisloop explain text --batch texts.jsonl", "one JSON line for each line of the file, in the same order"}};
  command.exit_codes = {{1, "some lines of the batch could not be answered"}, {65, "the file cannot be read"}};
  command.bind = bind;
  return command;
}

}  // namespace avisloop
