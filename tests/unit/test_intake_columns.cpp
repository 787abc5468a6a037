#include <ostream>

#include <doctest/doctest.h>

#include "core/intake/columns.h"
#include "core/rules/data_table.h"

namespace avisloop {
namespace {

using Headers = std::vector<std::string>;
using Places = std::vector<std::size_t>;

Result<ColumnPlan> plan(const Headers& headers, FileKind kind = FileKind::contacts, const std::string& preset = {},
                        std::vector<ColumnMap> maps = {}, bool skip_unknown = false) {
  return plan_columns(headers, {kind, preset, std::move(maps), skip_unknown});
}

TEST_CASE("columns are found whatever their case, spacing and signs") {
  for (const char* header : {"first_name", "First Name", "FIRSTNAME", " first-name ", "First  name:", "given name"}) {
    CAPTURE(header);
    const auto found = plan({"phone", header});
    REQUIRE(found.has_value());
    CHECK(found->of(Field::first_name) == Places{1});
  }
}

TEST_CASE("every known column is found by its own name in each kind of file") {
  const Headers people{
      "external_id",   "name",       "first_name", "last_name", "email",       "phone",          "state",
      "zip",           "timezone",   "language",   "tags",      "sms_consent", "sms_consent_at", "sms_consent_source",
      "email_consent", "custom.gate"};
  const auto contacts = plan(people);
  REQUIRE(contacts.has_value());
  CHECK(contacts->of(Field::email_consent) == Places{14});
  REQUIRE(contacts->custom.size() == 1);
  CHECK(contacts->custom.front().first == "gate");

  Headers jobs = people;
  for (const char* more : {"job_id", "service", "completed_at", "technician", "notes"})
    jobs.emplace_back(more);
  const auto found = plan(jobs, FileKind::jobs);
  REQUIRE(found.has_value());
  CHECK(found->of(Field::notes) == Places{20});
}

TEST_CASE("an unknown column is refused with the nearest known one and what to do about it") {
  const auto wrong = plan({"emial", "phone", "shoe size"});
  REQUIRE_FALSE(wrong.has_value());
  CHECK(wrong.error().fault == Fault::data);
  CHECK(wrong.error().message == "unknown column `emial` and 1 more");
  CHECK(wrong.error().remedy.find("Did you mean `email`?") != std::string::npos);
  CHECK(wrong.error().remedy.find("--map") != std::string::npos);
  CHECK(wrong.error().remedy.find("custom.NAME") != std::string::npos);
}

TEST_CASE("a column of jobs among contacts is told as such") {
  const auto wrong = plan({"phone", "technician"});
  REQUIRE_FALSE(wrong.has_value());
  CHECK(wrong.error().remedy.find("import jobs") != std::string::npos);
}

TEST_CASE("unknown columns are left out when that is asked for, and empty headers always") {
  const auto found = plan({"phone", "shoe size", ""}, FileKind::contacts, {}, {}, true);
  REQUIRE(found.has_value());
  CHECK(found->custom.empty());
  CHECK(plan({"phone", "", " "}).has_value());
}

TEST_CASE("two headers of one meaning are refused until one is named") {
  const auto twice = plan({"email", "Email"});
  REQUIRE_FALSE(twice.has_value());
  CHECK(twice.error().message == "column `email` is there twice");

  const auto both = plan({"phone", "mobile"});
  REQUIRE_FALSE(both.has_value());
  CHECK(both.error().message == "columns `phone` and `mobile` both mean phone");

  const auto named = plan({"phone", "mobile"}, FileKind::contacts, {}, {{"phone", "Mobile"}});
  REQUIRE(named.has_value());
  CHECK(named->of(Field::phone) == Places{1});
}

TEST_CASE("a header is given a meaning by hand, also one of our own making") {
  const auto found =
      plan({"Cell #", "Gate Code"}, FileKind::contacts, {}, {{"phone", "cell #"}, {"custom.Gate Code", "Gate Code"}});
  REQUIRE(found.has_value());
  CHECK(found->of(Field::phone) == Places{0});
  REQUIRE(found->custom.size() == 1);
  CHECK(found->custom.front() == std::pair<std::string, std::size_t>{"gate_code", 1});

  const auto missing = plan({"phone"}, FileKind::contacts, {}, {{"email", "E-Mail"}});
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().message.find("the file has no column") != std::string::npos);
}

TEST_CASE("--map is refused when its field is not known") {
  CHECK(read_column_map("phone=Cell #", FileKind::contacts)->header == "Cell #");
  CHECK(read_column_map("custom.gate=Gate=Code", FileKind::contacts)->header == "Gate=Code");
  CHECK(read_column_map("completed_at=Done", FileKind::jobs).has_value());
  const auto wrong = read_column_map("phon=Cell", FileKind::contacts);
  REQUIRE_FALSE(wrong.has_value());
  CHECK(wrong.error().fault == Fault::usage);
  CHECK(wrong.error().remedy == "Did you mean `phone`?");
  for (const char* text : {"phone", "phone=", "=Cell", "custom.=Cell"}) {
    CAPTURE(text);
    CHECK_FALSE(read_column_map(text, FileKind::contacts).has_value());
  }
}

TEST_CASE("a file that names or reaches nobody is refused") {
  const auto nobody = plan({"first_name", "last_name"});
  REQUIRE_FALSE(nobody.has_value());
  CHECK(nobody.error().fault == Fault::data);

  const auto prose = plan({"Dear all, here is my list"});
  REQUIRE_FALSE(prose.has_value());
  CHECK(prose.error().message.find("no column is known") != std::string::npos);

  const auto undated = plan({"phone", "service"}, FileKind::jobs);
  REQUIRE_FALSE(undated.has_value());
  CHECK(undated.error().remedy.find("completed_at") != std::string::npos);
}

TEST_CASE("a mended rejects file is read without the columns in front") {
  const auto found = plan({"line", "column", "reason", "phone"});
  REQUIRE(found.has_value());
  CHECK(found->of(Field::phone) == Places{3});
}

TEST_CASE("an id is the customer's among contacts and the job's among jobs") {
  CHECK(plan({"id", "phone"})->of(Field::external_id) == Places{0});
  CHECK(plan({"id", "phone", "completed"}, FileKind::jobs)->of(Field::job_id) == Places{0});
}

TEST_CASE("each preset finds the columns of its export and leaves the others out") {
  struct Case {
    const char* preset;
    Headers headers;
    std::vector<std::pair<Field, Places>> found;
  };
  const std::vector<Case> cases{
      {"jobber",
       {"J-ID", "First Name", "Last Name", "Company Name", "Main Phone #s", "E-mails", "Billing Province", "Tags",
        "Lead Source", "Text Message Enabled Phone #"},
       {{Field::external_id, {0}},
        {Field::phone, {9, 4}},
        {Field::email, {5}},
        {Field::state, {6}},
        {Field::tags, {7}},
        {Field::name, {3}}}},
      {"housecall-pro",
       {"Display Name", "First Name", "Last Name", "Email", "Company", "Mobile Phone", "Home Phone", "Customer Tags",
        "Street", "City", "State", "Zip"},
       {{Field::first_name, {1}},
        {Field::phone, {5, 6}},
        {Field::state, {10}},
        {Field::zip, {11}},
        {Field::name, {0, 4}}}},
      {"servicetitan",
       {"Customer ID", "Customer Name", "Phone", "Email", "Location State", "Location Zip", "Balance"},
       {{Field::external_id, {0}}, {Field::name, {1}}, {Field::phone, {2}}, {Field::email, {3}}, {Field::state, {4}}}},
      {"quickbooks",
       {"Full Name", "Company", "Email", "Phone", "Mobile", "Street", "City", "State", "ZIP", "Opening Balance"},
       {{Field::name, {0, 1}}, {Field::phone, {4, 3}}, {Field::email, {2}}, {Field::zip, {8}}}},
      {"google",
       {"First Name", "Middle Name", "Last Name", "Labels", "E-mail 1 - Label", "E-mail 1 - Value", "Phone 1 - Label",
        "Phone 1 - Value", "Address 1 - Region"},
       {{Field::first_name, {0}}, {Field::email, {5}}, {Field::phone, {7}}, {Field::state, {8}}, {Field::tags, {3}}}},
      {"google",
       {"Name", "Given Name", "Family Name", "Group Membership", "E-mail 1 - Value", "Phone 1 - Value"},
       {{Field::first_name, {1}}, {Field::last_name, {2}}, {Field::name, {0}}}}};
  for (const Case& one : cases) {
    CAPTURE(one.preset);
    const auto found = plan(one.headers, FileKind::contacts, one.preset);
    REQUIRE(found.has_value());
    for (const auto& [field, places] : one.found) {
      CAPTURE(field_name(field));
      CHECK(found->of(field) == places);
    }
  }
}

TEST_CASE("a column of consent added to another program's export is found") {
  const auto found = plan({"Given Name", "Phone 1 - Value", "sms_consent", "Birthday"}, FileKind::contacts, "google");
  REQUIRE(found.has_value());
  CHECK(found->of(Field::sms_consent) == Places{2});
}

TEST_CASE("an unknown preset is refused with those that there are") {
  const auto wrong = plan({"phone"}, FileKind::contacts, "excel");
  REQUIRE_FALSE(wrong.has_value());
  CHECK(wrong.error().remedy == "The presets are jobber, housecall-pro, servicetitan, quickbooks, google.");
}

TEST_CASE("the data file of presets names known fields only") {
  for (const auto& row : read_data_table("import_presets.csv", 3)) {
    CAPTURE(row[1]);
    CHECK(read_column_map(std::string(row[1]) + "=x", FileKind::jobs).has_value());
    CHECK_FALSE(list_cell(row[2]).empty());
  }
}

TEST_CASE("opt-outs are found in other senders' exports, whose other columns do not matter") {
  const auto audience = plan({"id", "email", "first_name", "created_at", "unsubscribed"}, FileKind::opt_outs);
  REQUIRE(audience.has_value());
  CHECK(audience->of(Field::email) == Places{1});
  CHECK(audience->of(Field::opted_out) == Places{4});
  CHECK(plan({"To", "From", "Date Updated"}, FileKind::opt_outs)->of(Field::address) == Places{0});
  CHECK_FALSE(plan({"name", "city"}, FileKind::opt_outs).has_value());
}

TEST_CASE("a plain list of addresses is told from a heading") {
  CHECK(looks_like_address("+15125550142"));
  CHECK(looks_like_address(" (512) 555-0142 "));
  CHECK(looks_like_address("ann@example.com"));
  CHECK_FALSE(looks_like_address("phone"));
  CHECK_FALSE(looks_like_address("email @ work"));
  CHECK_FALSE(looks_like_address("2026"));
}

}  // namespace
}  // namespace avisloop
