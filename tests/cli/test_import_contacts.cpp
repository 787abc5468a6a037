#include <ostream>

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/cli/import_world.h"

namespace avisloop {
namespace {

constexpr std::string_view kTwo =
    "external_id,first_name,last_name,phone,email,state\n"
    "C1,Ann,Smith,(512) 555-0142,ann@example.com,TX\n"
    "C2,Bob,Jones,,bob@example.com,\n";

TEST_CASE("import contacts answers the contract's JSON and nothing else on standard output") {
  ImportWorld world;
  CHECK(world.run({"import", "contacts", "--json"}, kTwo) == 0);
  CHECK(world.out ==
        "{\"read\":2,\"created\":2,\"updated\":0,\"unchanged\":0,\"rejected\":0,\"opted_out_kept\":0,"
        "\"consent_without_source\":0,\"seconds\":0.0}\n");
  CHECK(world.err.empty());
}

TEST_CASE("import contacts tells people in one line on standard error") {
  ImportWorld world;
  CHECK(world.run({"import", "contacts", "-"}, kTwo) == 0);
  CHECK(world.out.empty());
  CHECK(world.err == "2 rows read: 2 new, 0 updated, 0 unchanged, 0 rejected; 0.0 s\n");
  CHECK(world.run({"import", "contacts", "-q"}, kTwo) == 0);
  CHECK(world.err.empty());
}

TEST_CASE("the same file twice changes nothing, and a change of it changes only that") {
  ImportWorld world;
  const std::string file = world.folder.write("two.csv", kTwo);
  REQUIRE(world.run({"import", "contacts", file}) == 0);
  const auto before = world.contacts();
  world.now += kDay;
  CHECK(world.run({"import", "contacts", file, "--json"}) == 0);
  CHECK(world.out.find("\"created\":0,\"updated\":0,\"unchanged\":2") != std::string::npos);
  const auto after = world.contacts();
  REQUIRE(after.size() == before.size());
  for (std::size_t i = 0; i < after.size(); ++i)
    CHECK(after[i].updated_at == before[i].updated_at);

  CHECK(world.run({"import", "contacts", "--json"}, "external_id,last_name\nC1,Miller\nC2,\n") == 0);
  CHECK(world.out.find("\"updated\":1,\"unchanged\":1") != std::string::npos);
  CHECK(world.contacts().front().last_name == "Miller");
  CHECK(world.contacts().front().phone == "+15125550142");
}

TEST_CASE("--on-conflict skip leaves stored contacts as they are") {
  ImportWorld world;
  REQUIRE(world.run({"import", "contacts"}, kTwo) == 0);
  CHECK(world.run({"import", "contacts", "--on-conflict", "skip", "--json"},
                  "external_id,first_name\nC1,Anna\nC3,Cid\n") == 0);
  CHECK(world.out.find("\"created\":1,\"updated\":0,\"unchanged\":1") != std::string::npos);
  CHECK(world.contacts().front().first_name == "Ann");
}

TEST_CASE("a bad row is rejected with line, column and reason, and the rest goes on") {
  ImportWorld world;
  const std::string rejects = world.folder.file("rejects.csv");
  const std::string_view file =
      "Name,Cell Phone,Email\n"
      "Ann Smith,911,ann@example.com\n"
      "\"Bob\nJones\",(512) 555-0142,\n"
      "\"Smith, Cid\",,cid\n"
      "Dora,,\n"
      "Eve,,eve@example.com,surplus\n";
  CHECK(world.run({"import", "contacts", "--rejects", rejects, "--json"}, file) == 1);
  CHECK(world.out.find("\"read\":5,\"created\":1,\"updated\":0,\"unchanged\":0,\"rejected\":4") != std::string::npos);
  const std::string written = read_file(rejects);
  CHECK(written.starts_with("line,column,reason,Name,Cell Phone,Email\n2,Cell Phone,"));
  CHECK(written.find("\n5,Email,`cid` has no @,\"Smith, Cid\",,cid\n") != std::string::npos);
  CHECK(written.find("\n6,,nothing to identify or reach the contact by,Dora,,\n") != std::string::npos);
  CHECK(written.find("\n7,,\"has 4 fields, and the first line has 3\",Eve,,eve@example.com,surplus\n") !=
        std::string::npos);
  CHECK(world.err.find("line 5, Email: `cid` has no @\n") != std::string::npos);
  CHECK(world.contacts().front().first_name == "Bob");

  // Mended, the rejects file is imported as it is.
  CHECK(world.run({"import", "contacts", "--json"},
                  "line,column,reason,Name,Cell Phone,Email\n5,Email,was bad,\"Smith, Cid\",,cid@example.com\n") == 0);
  CHECK(world.out.find("\"created\":1") != std::string::npos);
}

TEST_CASE("only the first ten rejected rows are shown, and the others counted") {
  ImportWorld world;
  std::string file = "phone\n";
  for (int i = 0; i < 25; ++i)
    file += "911\n";
  CHECK(world.run({"import", "contacts"}, file) == 1);
  CHECK(world.err.find("line 11, phone:") != std::string::npos);
  CHECK(world.err.find("line 12, phone:") == std::string::npos);
  CHECK(world.err.find("… and 15 more; --rejects FILE") != std::string::npos);
  CHECK(world.contacts().empty());
}

TEST_CASE("a rejects file that is the imported file itself is refused before anything is lost") {
  ImportWorld world;
  const std::string file = world.folder.write("two.csv", kTwo);
  CHECK(world.run({"import", "contacts", file, "--rejects", file}) == 2);
  CHECK(read_file(file) == kTwo);
}

TEST_CASE("a file that cannot be used at all is answered with one line and 65, and nothing is done") {
  struct Case {
    const char* name;
    std::string content;
    const char* says;
  };
  std::string many = "c0";
  for (int i = 1; i < 10'000; ++i)
    many += ",c" + std::to_string(i);
  std::string binary = "PK\x03\x04";
  binary += std::string(200, '\0') + "phone,email\n";
  const std::vector<Case> cases{{"empty", "", "the file is empty"},
                                {"only blank lines", "\n\n\r\n", "the file is empty"},
                                {"binary", binary, "binary file"},
                                {"10,000 columns", many + "\n", "more than"},
                                {"unknown column", "phone,emial\n512-555-0142,a@b.com\n", "unknown column `emial`"},
                                {"duplicate column", "phone,Phone\n512-555-0142,512-555-0142\n", "is there twice"},
                                {"no known column", "foo,bar\n1,2\n", "no column is known"},
                                {"nobody", "first_name\nAnn\n", "no column tells who"},
                                {"a quote without end", "phone,email\n\"512-555-0142,a@b.com\n", "never closed"},
                                {"one endless line", "phone\n" + std::string(3 << 20, '1') + "\n", "line 2"},
                                {"UTF-8 that is none", "phone\n\xff\xff\xff\n", ""}};
  for (const Case& one : cases) {
    CAPTURE(one.name);
    ImportWorld world;
    const std::string file = world.folder.write("bad.csv", one.content);
    const bool guessed = std::string_view(one.says).empty();
    CHECK(world.run({"import", "contacts", file}) == (guessed ? 1 : 65));
    if (guessed) continue;
    CHECK(world.err.find(one.says) != std::string::npos);
    CHECK(world.err.find("bad.csv") != std::string::npos);
    CHECK(std::count(world.err.begin(), world.err.end(), '\n') <= 2);
    CHECK(world.contacts().empty());
  }
}

TEST_CASE("a file that is missing or a folder is told by name") {
  ImportWorld world;
  CHECK(world.run({"import", "contacts", world.folder.file("none.csv")}) == 65);
  CHECK(world.err.find("none.csv cannot be read: No such file") != std::string::npos);
  CHECK(world.run({"import", "contacts", world.folder.path().string()}) == 65);
  CHECK(world.err.find("is a folder") != std::string::npos);
}

TEST_CASE("a heading without rows is fine: there is nothing to do") {
  ImportWorld world;
  CHECK(world.run({"import", "contacts"}, "phone,email\n") == 0);
  CHECK(world.err.find("0 rows read") != std::string::npos);
}

TEST_CASE("without a file on a terminal the usage says how to pipe") {
  ImportWorld world;
  world.is_terminal = true;
  CHECK(world.run({"import", "contacts"}) == 2);
  CHECK(world.err.find("import contacts < FILE.csv") != std::string::npos);
}

TEST_CASE("bad options of an import are usage errors") {
  ImportWorld world;
  CHECK(world.run({"import", "contacts", "--map", "phon=Cell"}, kTwo) == 2);
  CHECK(world.run({"import", "contacts", "--preset", "excel"}, kTwo) == 2);
  CHECK(world.run({"import", "contacts", "--delimiter", "::"}, kTwo) == 2);
  CHECK(world.run({"import", "contacts", "--encoding", "ebcdic"}, kTwo) == 2);
  CHECK(world.run({"import", "contacts", "--on-conflict", "merge"}, kTwo) == 2);
  CHECK(world.contacts().empty());
}

TEST_CASE("marks, encodings, delimiters and line ends are read as spreadsheets write them") {
  const std::vector<std::string> files{
      "\xef\xbb\xbf"
      "first_name,phone\r\nJos\xc3\xa9,512-555-0142\r\n",
      "first_name;phone\nJos\xe9;512-555-0142\n", "first_name\tphone\nJos\xc3\xa9\t512-555-0142",
      std::string("\xff\xfe"
                  "f\0i\0r\0s\0t\0_\0n\0a\0m\0e\0,\0p\0h\0o\0n\0e\0\n\0J\0o\0s\0\xe9\0,\0"
                  "5\0"
                  "1\0"
                  "2\0-\0"
                  "5\0"
                  "5\0"
                  "5\0-\0"
                  "0\0"
                  "1\0"
                  "4\0"
                  "2\0\n\0",
                  2 + 2 * (17 + 18))};
  for (const std::string& file : files) {
    ImportWorld world;
    CHECK(world.run({"import", "contacts"}, file) == 0);
    REQUIRE(world.contacts().size() == 1);
    CHECK(world.contacts().front().first_name == "José");
    CHECK(world.contacts().front().phone == "+15125550142");
  }
}

TEST_CASE("--dry-run tells what would happen and stores nothing") {
  ImportWorld world;
  CHECK(world.run({"import", "contacts", "--dry-run", "--json"}, kTwo) == 0);
  CHECK(world.out.find("\"created\":2") != std::string::npos);
  CHECK(world.out.find("\"dry_run\":true") != std::string::npos);
  CHECK(world.contacts().empty());
}

TEST_CASE("presets import other programs' exports as they are") {
  struct Case {
    const char* preset;
    const char* file;
  };
  const std::vector<Case> cases{
      {"jobber",
       "J-ID,First Name,Last Name,Company Name,Main Phone #s,E-mails,Billing Province,Billing Postal Code,Tags,Lead\n"
       "4711,Ann,Smith,,\"(512) 555-0142, (512) 555-0199\",\"ann@example.com, x@example.com\",Texas,78701,vip,Web\n"},
      {"housecall-pro",
       "Display Name,First Name,Last Name,Email,Mobile Phone,Home Phone,Customer Tags,State,Zip,Lifetime Value\n"
       "Ann S.,Ann,Smith,ann@example.com,,512-555-0142,vip,TX,78701,1200\n"},
      {"servicetitan",
       "Customer ID,Customer Name,Phone,Email,Location State,Location Zip,Customer Tags,Balance\n"
       "4711,\"Smith, Ann\",5125550142,ann@example.com,TX,78701,vip,0.00\n"},
      {"quickbooks",
       "Full Name,Company,Email,Phone,Street,City,State,ZIP,Opening Balance\n"
       "Ann Smith,,ann@example.com,(512) 555-0142,1 Main St,Austin,TX,78701,0\n"},
      {"google",
       "First Name,Last Name,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Value,Address 1 - Region,"
       "Address 1 - Postal Code\n"
       "Ann,Smith,vip ::: * myContacts,* ,ann@example.com ::: x@example.com,+1 512-555-0142,TX,78701\n"}};
  for (const Case& one : cases) {
    CAPTURE(one.preset);
    ImportWorld world;
    CHECK(world.run({"import", "contacts", "--preset", one.preset}, one.file) == 0);
    REQUIRE(world.contacts().size() == 1);
    const Contact contact = world.contacts().front();
    CHECK(contact.first_name == "Ann");
    CHECK(contact.last_name == "Smith");
    CHECK(contact.email == "ann@example.com");
    CHECK(contact.phone == "+15125550142");
    CHECK(contact.state == "US-TX");
    CHECK(contact.zip == "78701");
  }
}

TEST_CASE("consent of a file is stored once with its source, and its lack of one is told") {
  ImportWorld world;
  const std::string_view file = "phone,sms_consent,sms_consent_at\n512-555-0142,yes,2026-03-01\n512-555-0143,yes,\n";
  CHECK(world.run({"import", "contacts", "--json"}, file) == 0);
  CHECK(world.out.find("\"consent_without_source\":2") != std::string::npos);
  CHECK_FALSE(world.address(Channel::sms, "+15125550142").consent.has_value());
  CHECK(world.err.find("2 rows say yes without saying where that comes from") != std::string::npos);

  CHECK(world.run({"import", "contacts", "--consent-source", "web form", "--json"}, file) == 0);
  const auto dated = world.address(Channel::sms, "+15125550142").consent;
  REQUIRE(dated.has_value());
  CHECK(dated->source == "web form");
  CHECK(format_instant(dated->at) == "2026-03-01T06:00:00Z");
  const auto undated = world.address(Channel::sms, "+15125550143").consent;
  REQUIRE(undated.has_value());

  world.now += kDay;
  CHECK(world.run({"import", "contacts", "--consent-source", "web form", "--json"}, file) == 0);
  CHECK(world.out.find("\"unchanged\":2") != std::string::npos);
  CHECK(world.address(Channel::sms, "+15125550143").consent->at == undated->at);
}

TEST_CASE("a withdrawal is not undone by the file that came before it") {
  ImportWorld world;
  const std::string_view yes = "phone,sms_consent\n512-555-0142,yes\n";
  const std::string_view no = "phone,sms_consent\n512-555-0142,no\n";
  REQUIRE(world.run({"import", "contacts", "--consent-source", "form"}, yes) == 0);
  world.now += kHour;
  REQUIRE(world.run({"import", "contacts"}, no) == 0);
  CHECK_FALSE(world.address(Channel::sms, "+15125550142").consent->given);
  world.now += kHour;
  REQUIRE(world.run({"import", "contacts", "--consent-source", "form"}, yes) == 0);
  CHECK_FALSE(world.address(Channel::sms, "+15125550142").consent->given);
}

TEST_CASE("P6 stop stays: an import never brings an opted-out address back") {
  ImportWorld world;
  const std::string_view file =
      "external_id,phone,email,sms_consent,sms_consent_source\nC1,512-555-0142,ann@example.com,yes,form\n";
  REQUIRE(world.run({"import", "contacts"}, file) == 0);
  REQUIRE(world.run({"import", "opt-outs"}, "512-555-0142\nann@example.com\n") == 0);
  CHECK(world.run({"import", "contacts", "--json", "--consent-source", "another form"}, file) == 0);
  CHECK(world.out.find("\"opted_out_kept\":1") != std::string::npos);
  CHECK(world.address(Channel::sms, "+15125550142").suppression.has_value());
  CHECK(world.address(Channel::email, "ann@example.com").suppression.has_value());

  // Nor under another contact, another spelling, or as a job.
  CHECK(world.run({"import", "contacts", "--json"}, "external_id,phone\nC9,+1 (512) 555.0142\n") == 0);
  CHECK(world.out.find("\"opted_out_kept\":1") != std::string::npos);
  CHECK(world.run({"import", "jobs", "--json"}, "phone,completed_at\n1-512-555-0142,2026-11-23\n") == 0);
  CHECK(world.out.find("\"opted_out_kept\":1") != std::string::npos);
  CHECK(world.address(Channel::sms, "+15125550142").suppression.has_value());
}

TEST_CASE("a large import goes through in chunks and counts every row once") {
  ImportWorld world;
  constexpr int rows = 20'001;
  std::string file = "external_id,email\n";
  for (int i = 0; i < rows; ++i)
    file += "C" + std::to_string(i) + ",user" + std::to_string(i) + "@example.com\n";
  CHECK(world.run({"import", "contacts", "--json"}, file) == 0);
  CHECK(world.out.find("\"read\":20001,\"created\":20001") != std::string::npos);

  // A fault behind stored chunks says so.
  file += "\"no end";
  CHECK(world.run({"import", "contacts"}, file) == 65);
  CHECK(world.err.find("The first 20000 rows are imported") != std::string::npos);
}

}  // namespace
}  // namespace avisloop
