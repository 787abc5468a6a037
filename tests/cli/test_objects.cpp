#include <doctest/doctest.h>

#include "tests/support/test_app.h"

using namespace avisloop;

TEST_CASE("the plain objects are made, listed, shown, changed and removed") {
  TestProgram program;
  program.furnish();
  CHECK(matches_golden(
      "objects.txt",
      program.transcript({"list orgs",
                          "show org",
                          "update org --review-link https://example.com/review",
                          "list contacts",
                          "show contact C-1",
                          "update contact ana@example.com --tag vip,north --state Texas --custom plan=gold",
                          "update contact C-1 --remove-tag north --zip 78701 --json",
                          "list contacts --tag vip --format csv",
                          "create contact --phone 512-555-0142",
                          "list templates",
                          "show template ask_sms",
                          "update template ask_sms --body 'Hello {{first_name}}, {{review_link}}'",
                          "create campaign reviews --name Reviews --trigger plumbing,hvac --touch sms:24h:ask_sms "
                          "--touch email:0h:ask_email",
                          "list campaigns",
                          "show campaign reviews",
                          "delete template ask_sms --yes",
                          "activate campaign reviews",
                          "activate campaign reviews",
                          "pause campaign reviews",
                          "pause campaign reviews",
                          "resume campaign reviews",
                          "complete campaign reviews --yes",
                          "resume campaign reviews",
                          "update campaign reviews --name Other",
                          "status",
                          "status --json --max-age 10m",
                          "delete contact C-1 --yes",
                          "list contacts",
                          "delete org acme --yes",
                          "list orgs"})));
}

TEST_CASE("input that cannot be used is refused with 65 and one line that says what is wrong with it") {
  TestProgram program;
  program.furnish();
  CHECK(matches_golden(
      "bad_input.txt",
      program.transcript({"create contact --phone 911",
                          "create contact --phone 000-000-0000",
                          "create contact --phone 123456789012",
                          "create contact --phone 512-CALL-NOW",
                          "create contact --email nobody",
                          "create contact --name Nobody",
                          "create contact --email a@example.com --time-zone America/Chicag",
                          "create contact --email a@example.com --state ZZ",
                          "create contact --email a@example.com --sms-consent-source form",
                          "create contact --email a@example.com --custom x",
                          "create org 'Bad Key' --name N --time-zone America/Chicago",
                          "create org acme --name N --time-zone America/Chicago",
                          "create org beta --name N --time-zone America/Chicago --review-link http://example.com",
                          "create template t --channel sms --body 'Hi {{first_nam}}'",
                          "create template t --channel sms --body 'Hi {{#x}}'",
                          "create template t --channel sms --body 'Hi {first_name}'",
                          "create template t --channel sms",
                          "create template t --channel email --body Hi",
                          "create template Bad --channel sms --body Hi",
                          "create template t --channel sms --body-file <folder>/none.txt",
                          "create campaign none",
                          "create campaign c --touch sms:-1h:ask_sms",
                          "create campaign c --touch sms:1h:ask_smss",
                          "create campaign c --touch sms:1h:ask_email",
                          "create campaign c --touch fax:1h:ask_sms",
                          "create campaign c --touch sms:1h:ask_sms --touch sms:60m:ask_sms",
                          "create campaign c --touch sms",
                          "create campaign Bad! --touch sms:1h:ask_sms",
                          "create campaign c --touch sms:500d:ask_sms",
                          "create campaign c --trigger plumbin --touch sms:1h:ask_sms",
                          "create campaign c --stop-on answer --touch sms:1h:ask_sms",
                          "create job --contact C-1 --service plumbin",
                          "create job --contact C-9 --service plumbing",
                          "create job --contact C-1 --service plumbing --completed-at 2027-05-01",
                          "activate campaign nope",
                          "show template ask_sm",
                          "opt-out 911",
                          "opt-in 512-555-0142 --consent-source '' --consent-text x",
                          "show message 01a20e12-2580-7000-8bbf-e662f7903788"})));
}

TEST_CASE("a thousand touches are refused with one clear line") {
  TestProgram program;
  program.furnish();
  std::string line = "create campaign many";
  for (int i = 1; i <= 1000; ++i)
    line += " --touch sms:" + std::to_string(i) + "m:ask_sms";
  const Told told = program.run(line);
  CHECK(told.code == 65);
  CHECK(told.err == "avisloop: error: 1000 touches are too many; a campaign has at most 50\n");
}

TEST_CASE("campaigns and templates can be given as files, and mistakes in them have a place") {
  TestProgram program;
  program.furnish();
  program.folder.write(
      "campaign.toml",
      "name = \"Reviews\"\ntrigger = [\"plumbing\"]\nstop_on = [\"reply\"]\ncool_down = \"30d\"\n\n"
      "[[touch]]\nchannel = \"email\"\ndelay = \"0h\"\ntemplate = \"ask_email\"\nclass = \"service\"\n\n"
      "[[touch]]\nchannel = \"sms\"\ndelay = \"24h\"\ntemplate = \"ask_sms\"\npriority = \"low\"\n");
  program.folder.write("unknown.toml", "name = \"x\"\ntriger = [\"plumbing\"]\n");
  program.folder.write("broken.toml", "name = \"x\n");
  program.folder.write("typed.toml", "name = 1.5\n");
  program.folder.write(
      "template.toml",
      "key = \"late\"\nchannel = \"sms\"\nbody = \"Hi {{first_name}}, {{offer}}\"\nmax_segments = 2\n\n"
      "[variables]\noffer = \"see you soon\"\n");
  program.folder.write("latin.toml", "name = \"Caf\xe9\"\n");
  CHECK(matches_golden(
      "files.txt",
      program.transcript(
          {"create campaign reviews --file <folder>/campaign.toml --json",
           "create campaign c --file <folder>/unknown.toml", "create campaign c --file <folder>/broken.toml",
           "create campaign c --file <folder>/typed.toml", "create campaign c --file <folder>/none.toml",
           "create campaign c --file <folder>/latin.toml", "create template --file <folder>/template.toml --json"})));
}

TEST_CASE("P6 stop stays: an opt-out survives deletion and a new contact with the same address") {
  TestProgram program;
  program.furnish();
  CHECK(program.run("opt-out '(512) 555-0142' --why 'asked on the phone'").code == 0);
  CHECK(program.run("delete contact C-1 --yes").code == 0);
  const Told made = program.run("create contact --phone 512-555-0142 --sms-consent-source 'new form' --json");
  CHECK(made.code == 0);
  CHECK(made.out.find(R"("opted_out":true)") != std::string::npos);
  const std::string shown = program.run("show contact 512-555-0142 --json").out;
  CHECK(shown.find(R"("opted_out":true)") != std::string::npos);
  CHECK(shown.find("operator tester: asked on the phone") != std::string::npos);
  CHECK(program.run("opt-in 512-555-0142 --consent-source 'web form' --consent-text 'I agree' --json")
            .out.find(R"("opt_out_lifted":true)") != std::string::npos);
  CHECK(program.run("show contact 512-555-0142 --json").out.find(R"("opted_out":false)") != std::string::npos);
}
