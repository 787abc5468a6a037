#include "core/intake/columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/base/text.h"
#include "core/rules/data_table.h"

namespace avisloop {
namespace {

constexpr unsigned kContacts = 1U << static_cast<unsigned>(FileKind::contacts);
constexpr unsigned kJobs = 1U << static_cast<unsigned>(FileKind::jobs);
constexpr unsigned kOptOuts = 1U << static_cast<unsigned>(FileKind::opt_outs);
constexpr unsigned kPeople = kContacts | kJobs;

/// A field, the files it may stand in, and the other headers that mean it, as `folded` leaves them.
struct Known {
  Field field;
  std::string_view name;
  unsigned kinds;
  std::string_view aliases;
};

constexpr std::array<Known, kFields> kKnown{{
    {Field::external_id, "external_id", kPeople,
     "customerid|customernumber|clientid|clientnumber|contactid|accountnumber|crmid"},
    {Field::name, "name", kPeople, "fullname|customername|clientname|contactname|displayname|customer|client"},
    {Field::first_name, "first_name", kPeople, "first|fname|givenname|forename"},
    {Field::last_name, "last_name", kPeople, "last|lname|surname|familyname"},
    {Field::email, "email", kPeople | kOptOuts, "emailaddress|mail|emails|customeremail"},
    {Field::phone, "phone", kPeople | kOptOuts,
     "phonenumber|mobile|mobilephone|mobilenumber|cell|cellphone|cellnumber|telephone|tel|phonenumbers|customerphone|"
     "primaryphone|phonee164"},
    {Field::state, "state", kPeople, "province|stateprovince|servicestate|region|addressstate"},
    {Field::zip, "zip", kPeople, "zipcode|postalcode|postcode|servicezip"},
    {Field::time_zone, "timezone", kPeople, "tz|ianatimezone"},
    {Field::language, "language", kPeople, "lang|locale|preferredlanguage"},
    {Field::tags, "tags", kPeople, "tag|labels|customertags"},
    {Field::sms_consent, "sms_consent", kPeople, "smsoptin|textconsent|textoptin"},
    {Field::sms_consent_at, "sms_consent_at", kPeople, "smsconsentdate|smsoptinat|smsoptindate|textconsentdate"},
    {Field::sms_consent_source, "sms_consent_source", kPeople, "smsoptinsource|textconsentsource"},
    {Field::sms_consent_text, "sms_consent_text", kPeople, "smsconsentwording|smsconsentlanguage"},
    {Field::email_consent, "email_consent", kPeople, "emailoptin"},
    {Field::email_consent_at, "email_consent_at", kPeople, "emailconsentdate|emailoptinat|emailoptindate"},
    {Field::email_consent_source, "email_consent_source", kPeople, "emailoptinsource"},
    {Field::email_consent_text, "email_consent_text", kPeople, "emailconsentwording"},
    {Field::job_id, "job_id", kJobs, "jobnumber|job|invoicenumber|workorder|workordernumber"},
    {Field::service, "service", kJobs, "servicecategory|category|servicetype|jobtype|trade"},
    {Field::completed_at, "completed_at", kJobs,
     "completed|completedon|completeddate|completiondate|datecompleted|finishedat|jobdate|servicedate|date"},
    {Field::technician, "technician", kJobs, "tech|technicianname|assignedto|employee"},
    {Field::notes, "notes", kJobs, "note|description|jobnotes"},
    {Field::address, "address", kOptOuts, "recipient|contact|to|destination|msisdn"},
    {Field::channel, "channel", kOptOuts, "kind|medium"},
    {Field::reason, "reason", kOptOuts, "optoutreason|unsubscribereason"},
    {Field::at, "at", kOptOuts, "date|optedoutat|optoutdate|unsubscribedat|dateupdated|dateoptedout|timestamp"},
    {Field::source, "source", kOptOuts, "optoutsource"},
    {Field::opted_out, "opted_out", kOptOuts, "unsubscribed|optout|smsoptout|emailoptout|isunsubscribed"},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kKnown.size(); ++i) {
    if (static_cast<std::size_t>(kKnown[i].field) != i) return false;
  }
  return true;
}
static_assert(in_order(), "kKnown is indexed by Field");

unsigned bit(FileKind kind) {
  return 1U << static_cast<unsigned>(kind);
}

/// Letters and digits in lower case; characters beyond ASCII stay.
std::string folded(std::string_view header) {
  std::string text;
  for (const char c : lower_ascii(header)) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80) text += c;
  }
  return text;
}

const Known* find_by_name(std::string_view header, FileKind kind) {
  const std::string wanted = folded(header);
  for (const Known& known : kKnown) {
    if ((known.kinds & bit(kind)) != 0 && folded(known.name) == wanted) return &known;
  }
  return nullptr;
}

const Known* find_known(std::string_view header, FileKind kind) {
  if (const Known* known = find_by_name(header, kind)) return known;
  const std::string wanted = folded(header);
  // `id` is what the rows of the file are: customers or jobs.
  if (wanted == "id") return find_by_name(kind == FileKind::jobs ? "job_id" : "external_id", kind);
  for (const Known& known : kKnown) {
    if ((known.kinds & bit(kind)) == 0) continue;
    for (const std::string_view alias : split(known.aliases, '|')) {
      if (alias == wanted) return &known;
    }
  }
  return nullptr;
}

std::vector<std::string> known_names(FileKind kind) {
  std::vector<std::string> names;
  for (const Known& known : kKnown) {
    if ((known.kinds & bit(kind)) != 0) names.emplace_back(known.name);
  }
  return names;
}

/// The name behind `custom.`, in the form in which templates use it; nothing when the header is no such column.
std::optional<std::string> custom_name(std::string_view header) {
  constexpr std::string_view kPrefix = "custom.";
  const std::string text = lower_ascii(trim(header));
  if (!text.starts_with(kPrefix)) return std::nullopt;
  std::string name;
  for (const char c : trim(std::string_view(text).substr(kPrefix.size()))) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    name += plain ? c : '_';
  }
  return name;
}

std::string shown(std::string_view header) {
  constexpr std::size_t kLongest = 40;
  const std::string text = printable(header);
  return text.size() <= kLongest ? "`" + text + "`" : "`" + text.substr(0, kLongest) + "…`";
}

std::string_view file_word(FileKind kind) {
  switch (kind) {
    case FileKind::contacts:
      return "contacts";
    case FileKind::jobs:
      return "jobs";
    case FileKind::opt_outs:
      return "opt-outs";
  }
  return {};
}

/// Puts a plan together, one source of meaning after the other: `--map`, the preset, the headers themselves.
class Planner {
 public:
  Planner(std::span<const std::string> headers, const ColumnRequest& request)
      : request_(request), taken_(headers.size(), false), mapped_(kFields, false) {
    plan_.headers.assign(headers.begin(), headers.end());
    for (const std::string& header : plan_.headers)
      folded_.push_back(folded(header));
  }

  Result<ColumnPlan> run() {
    leave_out_reject_columns();
    AVIS_TRY(apply_maps());
    AVIS_TRY(apply_preset());
    AVIS_TRY(apply_headers());
    AVIS_TRY(judge());
    return std::move(plan_);
  }

 private:
  std::vector<std::size_t>& of(Field field) { return plan_.columns[static_cast<std::size_t>(field)]; }

  /// `line,column,reason` is how a rejects file begins (rejects.h).
  void leave_out_reject_columns() {
    if (folded_.size() < 4 || folded_[0] != "line" || folded_[1] != "column" || folded_[2] != "reason") return;
    for (std::size_t i = 0; i < 3; ++i)
      taken_[i] = true;
  }

  Result<> add_custom(const std::string& name, std::size_t column) {
    if (name.empty()) return fail(Fault::data, fmt::format("column {} has no name after `custom.`", column + 1));
    for (const auto& [other, place] : plan_.custom) {
      if (other == name) {
        return fail(Fault::data, fmt::format("columns {} and {} both mean custom.{}", shown(plan_.headers[place]),
                                             shown(plan_.headers[column]), name));
      }
    }
    plan_.custom.emplace_back(name, column);
    taken_[column] = true;
    return {};
  }

  Result<> apply_maps() {
    for (const ColumnMap& map : request_.maps) {
      const std::string wanted = folded(map.header);
      const auto found = std::find(folded_.begin(), folded_.end(), wanted);
      if (found == folded_.end()) {
        const auto near = nearest(map.header, plan_.headers);
        return fail(Fault::data, fmt::format("--map {}: the file has no column {}", map.field, shown(map.header)),
                    near ? fmt::format("Did you mean {}?", shown(*near)) : std::string());
      }
      const auto column = static_cast<std::size_t>(found - folded_.begin());
      if (const auto name = custom_name(map.field)) {
        AVIS_TRY(add_custom(*name, column));
        continue;
      }
      const Known* known = find_by_name(map.field, request_.kind);
      if (known == nullptr) return fail(Fault::usage, fmt::format("--map {}: not a known column", map.field));
      of(known->field).push_back(column);  // several maps of one field: the first cell that is not empty
      taken_[column] = true;
      mapped_[static_cast<std::size_t>(known->field)] = true;
    }
    return {};
  }

  Result<> apply_preset() {
    if (request_.preset.empty()) return {};
    bool preset_known = false;
    for (const auto& row : read_data_table("import_presets.csv", 3)) {
      if (row[0] != request_.preset) continue;
      preset_known = true;
      const Known* known = find_by_name(row[1], request_.kind);
      if (known == nullptr || mapped_[static_cast<std::size_t>(known->field)]) continue;
      for (const std::string_view header : list_cell(row[2])) {
        const auto found = std::find(folded_.begin(), folded_.end(), folded(header));
        if (found == folded_.end()) continue;
        const auto column = static_cast<std::size_t>(found - folded_.begin());
        if (taken_[column]) continue;
        of(known->field).push_back(column);
        taken_[column] = true;
      }
    }
    if (preset_known) return {};
    const auto names = preset_names();
    return fail(Fault::usage, fmt::format("there is no preset {}", shown(request_.preset)),
                "The presets are " + join(names, ", ") + ".");
  }

  Result<> apply_headers() {
    for (std::size_t i = 0; i < folded_.size(); ++i) {
      if (taken_[i] || folded_[i].empty()) continue;
      if (const auto name = custom_name(plan_.headers[i])) {
        AVIS_TRY(add_custom(*name, i));
        continue;
      }
      // In another program's export a header means what the preset says, and beside it only our own exact names count:
      // a column of consent that was added by hand.
      const Known* known = request_.preset.empty() ? find_known(plan_.headers[i], request_.kind)
                                                   : find_by_name(plan_.headers[i], request_.kind);
      if (known != nullptr && mapped_[static_cast<std::size_t>(known->field)]) continue;
      if (known == nullptr) {
        unknown_.push_back(i);
        continue;
      }
      auto& columns = of(known->field);
      if (!columns.empty()) {
        if (!request_.preset.empty()) continue;
        return two_meanings(*known, columns.front(), i);
      }
      columns.push_back(i);
    }
    return {};
  }

  Result<> two_meanings(const Known& known, std::size_t first, std::size_t second) const {
    if (folded_[first] == folded_[second]) {
      return fail(Fault::data, fmt::format("column {} is there twice", shown(plan_.headers[first])),
                  "Rename or remove one of them.");
    }
    return fail(
        Fault::data,
        fmt::format("columns {} and {} both mean {}", shown(plan_.headers[first]), shown(plan_.headers[second]),
                    known.name),
        fmt::format("Say which one counts: --map {}=HEADER; given twice, the second is taken where the first is "
                    "empty.",
                    known.name));
  }

  bool knows_somebody() const {
    return plan_.has(Field::external_id) || plan_.has(Field::phone) || plan_.has(Field::email) ||
           plan_.has(Field::address);
  }

  bool has_any() const {
    return !plan_.custom.empty() || std::any_of(plan_.columns.begin(), plan_.columns.end(),
                                                [](const auto& columns) { return !columns.empty(); });
  }

  Result<> judge() const {
    const std::string names = join(known_names(request_.kind), ", ");
    if (!has_any()) {
      const std::string first = plan_.headers.empty() ? std::string() : shown(plan_.headers.front());
      return fail(Fault::data, fmt::format("no column is known: the first line begins with {}", first),
                  "The first line must name the columns: " + names + ".");
    }
    // An opt-out must never be lost for a column too many, and another program's export has columns of no concern here.
    const bool strict = request_.preset.empty() && !request_.skip_unknown && request_.kind != FileKind::opt_outs;
    if (strict && !unknown_.empty()) return unknown_columns();
    if (!knows_somebody()) {
      const bool opt_outs = request_.kind == FileKind::opt_outs;
      return fail(Fault::data,
                  opt_outs ? "no column holds addresses" : "no column tells who a row is about or how to reach them",
                  opt_outs ? "Name one address, phone or email."
                           : "Name one phone, email or external_id, or say which it is: --map phone=HEADER.");
    }
    if (request_.kind == FileKind::jobs && !plan_.has(Field::completed_at)) {
      return fail(Fault::data, "no column tells when the jobs were completed",
                  "Name one completed_at, or say which it is: --map completed_at=HEADER.");
    }
    return {};
  }

  Result<> unknown_columns() const {
    const std::string& first = plan_.headers[unknown_.front()];
    std::string message = fmt::format("unknown column {}", shown(first));
    if (unknown_.size() > 1) message += fmt::format(" and {} more", unknown_.size() - 1);
    std::string remedy;
    const auto near = nearest(trim(first), known_names(request_.kind));
    if (near) {
      remedy = fmt::format("Did you mean `{}`? ", *near);
    } else if (request_.kind == FileKind::contacts && find_known(first, FileKind::jobs) != nullptr) {
      remedy = "It belongs to `import jobs`. ";
    } else {
      remedy = "Known are " + join(known_names(request_.kind), ", ") + " and custom.NAME. ";
    }
    remedy += "--map FIELD=HEADER names a column, --map custom.NAME=HEADER keeps it, --skip-unknown leaves it out.";
    return fail(Fault::data, message, remedy);
  }

  const ColumnRequest& request_;
  ColumnPlan plan_;
  std::vector<std::string> folded_;
  std::vector<bool> taken_;
  std::vector<bool> mapped_;
  std::vector<std::size_t> unknown_;
};

}  // namespace

std::string_view field_name(Field field) {
  return kKnown[static_cast<std::size_t>(field)].name;
}

Result<ColumnMap> read_column_map(std::string_view text, FileKind kind) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos || trim(text.substr(equals + 1)).empty()) {
    return fail(Fault::usage, fmt::format("--map {} is not of the form FIELD=HEADER", shown(text)),
                "Example: --map phone='Cell #'");
  }
  ColumnMap map{std::string(trim(text.substr(0, equals))), std::string(trim(text.substr(equals + 1)))};
  if (const auto name = custom_name(map.field)) {
    if (name->empty()) return fail(Fault::usage, fmt::format("--map {} has no name after `custom.`", shown(text)));
    return map;
  }
  if (find_by_name(map.field, kind) != nullptr) return map;
  const auto names = known_names(kind);
  const auto near = nearest(map.field, names);
  return fail(Fault::usage, fmt::format("--map: {} is not a column of {}", shown(map.field), file_word(kind)),
              near ? fmt::format("Did you mean `{}`?", *near) : "Known are " + join(names, ", ") + " and custom.NAME.");
}

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const auto& row : read_data_table("import_presets.csv", 3)) {
    if (names.empty() || names.back() != row[0]) names.emplace_back(row[0]);
  }
  return names;
}

Result<ColumnPlan> plan_columns(std::span<const std::string> headers, const ColumnRequest& request) {
  return Planner(headers, request).run();
}

bool looks_like_address(std::string_view cell) {
  const std::string_view text = trim(cell);
  if (text.find('@') != std::string_view::npos) return text.find(' ') == std::string_view::npos;
  const auto digits = std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits >= 7 && text.find_first_not_of("+0123456789 ().-") == std::string_view::npos;
}

}  // namespace avisloop
