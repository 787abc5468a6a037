#include "cli/importing.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>

#include "cli/output.h"
#include "cli/progress.h"
#include "cli/session.h"
#include "core/base/text.h"
#include "core/intake/cells.h"

namespace avisloop {
namespace {

constexpr std::int64_t kShownRejects = 10;
constexpr std::size_t kRejectBuffer = 64U << 10U;

/// A file descriptor that is closed when it goes.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

/// The bytes to import, and how many they are if that can be known.
struct Input {
  std::string name;  ///< for messages
  Descriptor file{-1};
  std::unique_ptr<ByteSource> bytes;
  std::optional<std::int64_t> size;
};

Result<Input> open_input(App& app, const std::string& path, FileKind kind) {
  Input input;
  if (path.empty() || path == "-") {
    if (app.terminal().in_is_terminal()) {
      const std::string_view noun = kind == FileKind::contacts ? "contacts"
                                    : kind == FileKind::jobs   ? "jobs"
                                                               : "opt-outs";
      return fail(
          Fault::usage, "no FILE is given and standard input is a terminal",
          fmt::format("Name a file: avisloop import {0} FILE.csv, or pipe one: avisloop import {0} < FILE.csv", noun));
    }
    input.name = "standard input";
    input.bytes = make_stream_source(app.terminal().in());
    return input;
  }
  input.name = printable(path);
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (!file.is_open() || ::fstat(file.number(), &status) != 0) {
    return fail(Fault::data, fmt::format("{} cannot be read: {}", input.name, std::strerror(errno)));
  }
  if (S_ISDIR(status.st_mode)) return fail(Fault::data, fmt::format("{} is a folder", input.name));
  if (S_ISREG(status.st_mode)) input.size = status.st_size;
  input.bytes = make_descriptor_source(file.number());
  return Input{std::move(input.name), std::move(file), std::move(input.bytes), input.size};
}

/// Writes rejected rows as CSV: line, column and reason in front of the row as it came in.
class RejectFile {
 public:
  /// Nothing is written when no path was given.
  Result<> open(App& app, const std::string& path, const std::string& input) {
    app_ = &app;
    path_ = path;
    if (path.empty() || path == "-") return {};
    std::error_code ignored;
    if (std::filesystem::equivalent(path, input, ignored)) {
      return fail(Fault::usage, "--rejects names the file that is imported", "Name another file.");
    }
    // Only for the owner: it holds customers' data.
    file_.emplace(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    return file_->is_open() ? Result<>() : problem();
  }

  bool is_wanted() const { return !path_.empty(); }

  Result<> add(std::string_view line, std::string_view column, std::string_view reason,
               std::span<const std::string_view> cells) {
    if (!is_wanted()) return {};
    std::vector<std::string_view> fields{line, column, reason};
    fields.insert(fields.end(), cells.begin(), cells.end());
    append_csv_row(buffer_, std::span<const std::string_view>(fields));
    return buffer_.size() >= kRejectBuffer ? flush() : Result<>();
  }

  Result<> flush() {
    if (path_ == "-") app_->terminal().out(buffer_);
    std::string_view rest = file_ ? std::string_view(buffer_) : std::string_view();
    while (!rest.empty()) {
      const ssize_t written = ::write(file_->number(), rest.data(), rest.size());
      if (written < 0 && errno != EINTR) return problem();
      if (written > 0) rest.remove_prefix(static_cast<std::size_t>(written));
    }
    buffer_.clear();
    return {};
  }

 private:
  tl::unexpected<Error> problem() const {
    return fail(Fault::data,
                fmt::format("the rejects file {} cannot be written: {}", printable(path_), std::strerror(errno)));
  }

  App* app_ = nullptr;
  std::string path_;
  std::optional<Descriptor> file_;
  std::string buffer_;
};

/// Shows an import to the person in front of it, and keeps what was rejected.
class Witness : public ImportObserver {
 public:
  Witness(App& app, Clock& clock, const Input& input, RejectFile& rejects)
      : app_(app), input_(input), rejects_(rejects), line_(app.terminal(), clock, !app.options.quiet) {}

  Result<> begin(const ColumnPlan& plan) override {
    const std::vector<std::string_view> headers(plan.headers.begin(), plan.headers.end());
    return rejects_.add("line", "column", "reason", headers);
  }

  Result<> reject(const RejectedRow& row) override {
    if (++rejected_ <= kShownRejects) {
      line_.clear();
      const std::string where = row.column.empty() ? std::string() : fmt::format(", {}", row.column);
      print_note(app_, fmt::format("line {}{}: {}", row.line, where, row.reason));
    }
    return rejects_.add(std::to_string(row.line), row.column, row.reason, row.cells);
  }

  void progress(const ImportProgress& progress) override {
    line_.update({progress.bytes, input_.size, progress.rows, progress.rejected, Micros{0}});
  }

  Result<> finish() {
    line_.clear();
    if (rejected_ > kShownRejects && !rejects_.is_wanted()) {
      print_note(app_, fmt::format("… and {} more; --rejects FILE writes them all to a file",
                                   with_commas(rejected_ - kShownRejects)));
    }
    return rejects_.flush();
  }

  double seconds() { return std::round(static_cast<double>(line_.elapsed().count()) / 1e3) / 1e3; }

 private:
  App& app_;
  const Input& input_;
  RejectFile& rejects_;
  ProgressLine line_;
  std::int64_t rejected_ = 0;
};

Result<char> read_delimiter(std::string_view text) {
  if (text.empty()) return '\0';
  if (equals_ignoring_case(text, "tab") || text == "\\t") return '\t';
  constexpr std::string_view unusable = "\"\r\n";
  if (text.size() == 1 && unusable.find(text.front()) == std::string_view::npos) return text.front();
  return fail(Fault::usage, fmt::format("--delimiter takes one character or `tab`, not `{}`", printable(text)));
}

Result<ImportRequest> read_request(App& app, const ImportOptions& options, FileKind kind, const Session& session) {
  ImportRequest request;
  request.columns.kind = kind;
  request.columns.preset = options.preset;
  request.columns.skip_unknown = options.skip_unknown;
  for (const std::string& text : options.maps) {
    AVIS_TRY_ASSIGN(ColumnMap map, read_column_map(text, kind));
    request.columns.maps.push_back(std::move(map));
  }
  AVIS_TRY_ASSIGN(request.csv.delimiter, read_delimiter(options.delimiter));
  if (!options.encoding.empty()) {
    const auto encoding = parse_csv_encoding(options.encoding);
    if (!encoding) {
      return fail(Fault::usage, fmt::format("--encoding does not know `{}`", printable(options.encoding)),
                  "It takes utf-8, latin-1, windows-1252 or utf-16.");
    }
    request.csv.encoding = *encoding;
  }
  if (!options.service.empty()) {
    AVIS_TRY_ASSIGN(request.rows.service, read_service(options.service));
  }
  request.rows.zone = Zone::find(session.org.time_zone);
  if (request.rows.zone == nullptr) request.rows.zone = Zone::find("UTC");
  request.rows.now = session.now;
  request.rows.foreign = app.parts().check_foreign_number;
  request.rows.consent_source = trim(options.consent_source);
  request.rows.keep_bad_phones = options.keep_bad_phones;
  request.policy = options.on_conflict == "skip" ? ConflictPolicy::skip : ConflictPolicy::update;
  request.enroll_since = options.enroll_since.value_or(request.enroll_since);
  return request;
}

/// The keys of the contract, then what was added to them.
Record record_of(FileKind kind, const ImportReport& report, double seconds) {
  Record record;
  record.set("read", report.read).set("created", report.created);
  if (kind != FileKind::opt_outs) record.set("updated", report.updated);
  record.set("unchanged", report.unchanged).set("rejected", report.rejected);
  if (kind == FileKind::opt_outs) {
    record.set("not_opted_out", report.not_opted_out).set("cancelled", report.cancelled);
    return record.set("seconds", seconds);
  }
  record.set("opted_out_kept", report.opted_out_kept);
  if (kind == FileKind::jobs) {
    const EnrollCounts& counts = report.enrollment;
    record.set("contacts_created", report.contacts_created).set("contacts_updated", report.contacts_updated);
    record.set("enrolled", counts.enrolled).set("already", counts.already).set("cool_down", counts.cool_down);
    record.set("too_old", counts.too_old).set("cancelled", counts.cancelled);
  }
  record.set("consent_without_source", report.consent_without_source);
  return record.set("seconds", seconds);
}

std::string sentence_of(FileKind kind, const ImportReport& report, double seconds) {
  std::string text = fmt::format("{} {} read: {} new", with_commas(report.read), report.read == 1 ? "row" : "rows",
                                 with_commas(report.created));
  if (kind != FileKind::opt_outs) text += fmt::format(", {} updated", with_commas(report.updated));
  text += fmt::format(", {} unchanged, {} rejected", with_commas(report.unchanged), with_commas(report.rejected));
  if (report.not_opted_out > 0) text += fmt::format(", {} not opted out", with_commas(report.not_opted_out));
  if (report.opted_out_kept > 0) text += fmt::format(", {} stay opted out", with_commas(report.opted_out_kept));
  text += fmt::format("; {:.1f} s", seconds);
  if (seconds >= 1) {
    text +=
        fmt::format(" ({} rows/s)", with_commas(static_cast<std::int64_t>(static_cast<double>(report.read) / seconds)));
  }
  if (kind == FileKind::jobs) {
    const EnrollCounts& counts = report.enrollment;
    text += fmt::format("\n{} enrolled, {} enrolled before, {} asked too recently, {} completed too long ago",
                        with_commas(counts.enrolled), with_commas(counts.already), with_commas(counts.cool_down),
                        with_commas(counts.too_old));
  }
  const std::int64_t cancelled = report.cancelled + report.enrollment.cancelled;
  if (cancelled > 0) text += fmt::format("\n{} cancelled", counted(cancelled, "waiting message", "waiting messages"));
  return text;
}

void print_warnings(App& app, const ImportReport& report) {
  const auto warn = [&](const std::string& text) {
    print_note(app, fmt::format("avisloop: {} {}", painted_err(app, Paint::yellow, "warning:"), text));
  };
  if (report.consent_without_source > 0) {
    warn(
        fmt::format("{} without saying where that comes from, so no consent is stored. Add a column "
                    "sms_consent_source, or say it for the whole file: --consent-source TEXT",
                    counted(report.consent_without_source, "row says yes", "rows say yes")));
  }
  if (report.guessed > 0) {
    warn(fmt::format("{} not UTF-8 and read as Windows-1252; look at the names, or say --encoding",
                     counted(report.guessed, "row was", "rows were")));
  }
}

/// The file's name in front of what is wrong in it.
Error placed(Error error, const std::string& name) {
  if (error.fault == Fault::data && error.message.find(name) == std::string::npos) {
    error.message = name + ": " + error.message;
  }
  return error;
}

}  // namespace

void ImportOptions::bind(Flags& flags, FileKind kind) {
  flags.optional_argument("FILE", file, "CSV file; - or nothing is standard input");
  flags.list("--map", "FIELD=HEADER", maps, "Which header means a field; custom.NAME=HEADER keeps a column");
  if (kind != FileKind::opt_outs) {
    flags.choice("--preset", preset_names(), preset, "The headers of another program's export");
    flags.option("--consent-source", "TEXT", consent_source, "Where the consent in this file comes from");
    flags.choice("--on-conflict", {"update", "skip"}, on_conflict, "What to do with rows that are stored already");
    flags.toggle("--skip-unknown", skip_unknown, "Leave unknown columns out instead of refusing the file");
    flags.toggle("--keep-bad-phones", keep_bad_phones, "Import rows whose phone cannot be read, without the phone");
  }
  if (kind == FileKind::jobs) {
    flags.option("--service", "SERVICE", service, "Service of jobs that name none, or one that is not known");
    flags.duration("--enroll-since", enroll_since, "Ask about jobs completed within this time (default 30d)");
  }
  flags.option("--rejects", "FILE", rejects, "Write rejected rows there, each with line, column and reason");
  flags.option("--delimiter", "CHAR", delimiter, "What parts the columns (default: found out)");
  flags.option("--encoding", "NAME", encoding,
               "Of the file: utf-8, latin-1, windows-1252 or utf-16 (default: found out)");
}

Result<ExitCode> run_import(App& app, const ImportOptions& options, FileKind kind) {
  AVIS_TRY_ASSIGN(const Session session, open_session(app));
  AVIS_TRY_ASSIGN(const ImportRequest request, read_request(app, options, kind, session));
  AVIS_TRY_ASSIGN(const Input input, open_input(app, options.file, kind));
  AVIS_TRY_ASSIGN(Clock* const clock, app.clock());
  RejectFile rejects;
  AVIS_TRY(rejects.open(app, options.rejects, options.file));
  Witness witness(app, *clock, input, rejects);
  const auto report = import_file(*session.store, session.org.id, app.ids(), *input.bytes, request, witness);
  AVIS_TRY(witness.finish());
  if (!report) return tl::unexpected<Error>(placed(report.error(), input.name));
  const double seconds = witness.seconds();
  print_warnings(app, *report);
  print_done(app, sentence_of(kind, *report, seconds), record_of(kind, *report, seconds));
  return report->rejected > 0 ? ExitCode::some_failed : ExitCode::done;
}

}  // namespace avisloop
