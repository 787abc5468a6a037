#include <ostream>

#include <doctest/doctest.h>

#include "tests/cli/import_world.h"

namespace avisloop {
namespace {

/// An org with an email template and campaigns made of it.
struct JobWorld : ImportWorld {
  JobWorld() {
    Template made;
    made.id = id(1);
    made.key = "ask";
    made.subject = "How did we do?";
    made.body = "Hi {{first_name}}";
    made.created_at = now;
    REQUIRE(store()->catalog().create_template(org, made));
  }

  static Id id(std::uint8_t number) {
    Id made;
    made.bytes[15] = number;
    return made;
  }

  void add_campaign(std::uint8_t number, const std::string& key, std::vector<ServiceCategory> services,
                    std::vector<std::string> tags = {}, std::vector<StopEvent> stop_on = {},
                    Micros cool_down = Micros{0}) {
    Campaign made;
    made.id = id(number);
    made.key = key;
    made.name = key;
    made.status = CampaignStatus::active;
    made.services = std::move(services);
    made.tags = std::move(tags);
    made.stop_on = std::move(stop_on);
    made.cool_down = cool_down;
    made.created_at = now;
    Touch touch;
    touch.position = 1;
    touch.channel = Channel::email;
    touch.delay = kDay;
    touch.template_id = id(1);
    touch.template_key = "ask";
    made.touches = {touch};
    const auto opened = store();
    REQUIRE(opened->catalog().create_campaign(org, made));
    REQUIRE(opened->catalog().set_campaign_status(org, made.id, CampaignStatus::active, now));
  }

  std::vector<MessageView> messages() { return *store()->catalog().list_messages(org, {}, {1000, 0}); }

  std::size_t waiting() {
    std::size_t count = 0;
    for (const MessageView& view : messages())
      count += view.status == MessageStatus::scheduled ? 1U : 0U;
    return count;
  }

  bool said(std::string_view part) const { return out.find(part) != std::string::npos; }
};

constexpr std::string_view kJobs =
    "job_id,external_id,first_name,email,service,completed_at,technician,notes\n"
    "J1,C1,Ann,ann@example.com,plumbing,2026-11-23,Bob,\"leak\nfixed\"\n"
    "J2,C2,Cid,cid@example.com,HVAC,11/23/2026 4:30 PM,Bob,\n"
    "J3,C3,Dora,dora@example.com,roofing,2026-08-01,,\n";

TEST_CASE("import jobs makes contact and job from one row and enrolls by the active campaigns' triggers") {
  JobWorld world;
  world.add_campaign(10, "pipes", {ServiceCategory::plumbing, ServiceCategory::roofing});
  CHECK(world.run({"import", "jobs", "--json"}, kJobs) == 0);
  CHECK(world.out ==
        "{\"read\":3,\"created\":3,\"updated\":0,\"unchanged\":0,\"rejected\":0,\"opted_out_kept\":0,"
        "\"contacts_created\":3,\"contacts_updated\":0,\"enrolled\":1,\"already\":0,\"cool_down\":0,\"too_old\":1,"
        "\"cancelled\":0,\"consent_without_source\":0,\"seconds\":0.0}\n");
  const auto jobs = *world.store()->catalog().list_jobs(world.org, std::nullopt, {});
  CHECK(jobs.size() == 3);
  const auto messages = world.messages();
  REQUIRE(messages.size() == 1);
  CHECK(messages.front().campaign_key == "pipes");
  // The job lies in the past: the delay counts from now.
  CHECK(messages.front().message.planned_at == world.now + kDay);
}

TEST_CASE("the same jobs again enroll nobody again") {
  JobWorld world;
  world.add_campaign(10, "pipes", {ServiceCategory::plumbing});
  REQUIRE(world.run({"import", "jobs"}, kJobs) == 0);
  world.now += kDay;
  CHECK(world.run({"import", "jobs", "--json"}, kJobs) == 0);
  CHECK(world.said("\"created\":0,\"updated\":0,\"unchanged\":3"));
  CHECK(world.said("\"enrolled\":0,\"already\":1"));
  CHECK(world.messages().size() == 1);
}

TEST_CASE("a job in the future starts its enrollment when it is completed") {
  JobWorld world;
  world.add_campaign(10, "any", {});
  REQUIRE(world.run({"import", "jobs"}, "email,completed_at\nann@example.com,2026-11-30T16:00:00Z\n") == 0);
  REQUIRE(world.messages().size() == 1);
  CHECK(format_instant(world.messages().front().message.planned_at) == "2026-12-01T16:00:00Z");
}

TEST_CASE("--enroll-since moves the line between jobs to ask about and history") {
  JobWorld world;
  world.add_campaign(10, "any", {});
  CHECK(world.run({"import", "jobs", "--enroll-since", "1h", "--json"}, kJobs) == 0);
  CHECK(world.said("\"enrolled\":0"));
  CHECK(world.said("\"too_old\":3"));
  CHECK(world.run({"import", "jobs", "--enroll-since", "365d", "--json"}, kJobs) == 0);
  CHECK(world.said("\"enrolled\":3"));
}

TEST_CASE("one person with two jobs in one file gets one request, about the newer job") {
  JobWorld world;
  world.add_campaign(10, "any", {}, {}, {}, 90 * kDay);
  CHECK(world.run({"import", "jobs", "--json"},
                  "job_id,email,completed_at\nOLD,ann@example.com,2026-11-20\nNEW,ann@example.com,2026-11-22\n") == 0);
  CHECK(world.said("\"enrolled\":1,\"already\":0,\"cool_down\":1"));
  REQUIRE(world.messages().size() == 1);
  const auto job = world.store()->catalog().find_job(world.org, *world.messages().front().message.job);
  CHECK((*job)->external_id == "NEW");
}

TEST_CASE("one person wanted by two campaigns gets one request") {
  JobWorld world;
  world.add_campaign(10, "first", {}, {}, {}, 90 * kDay);
  world.add_campaign(11, "second", {}, {}, {}, 90 * kDay);
  CHECK(world.run({"import", "jobs", "--json"}, "email,completed_at\nann@example.com,2026-11-22\n") == 0);
  CHECK(world.said("\"enrolled\":1,\"already\":0,\"cool_down\":1"));
  CHECK(world.waiting() == 1);
}

TEST_CASE("a new job stops what waits for the older one, and an older job does not stop the newer one's") {
  JobWorld world;
  world.add_campaign(10, "any", {}, {}, {StopEvent::new_job});
  REQUIRE(world.run({"import", "jobs"}, "job_id,email,completed_at\nJ1,ann@example.com,2026-11-20\n") == 0);
  CHECK(world.run({"import", "jobs", "--json"}, "job_id,email,completed_at\nJ2,ann@example.com,2026-11-22\n") == 0);
  CHECK(world.said("\"enrolled\":1"));
  CHECK(world.said("\"cancelled\":1"));
  CHECK(world.waiting() == 1);
  // The older file once more: its job is not the newest any more.
  CHECK(world.run({"import", "jobs", "--json"}, "job_id,email,completed_at\nJ1,ann@example.com,2026-11-20\n") == 0);
  CHECK(world.said("\"cancelled\":0"));
  CHECK(world.waiting() == 1);
}

TEST_CASE("a campaign for a tag wants contacts that had it before the file") {
  JobWorld world;
  world.add_campaign(10, "vips", {}, {"vip"});
  REQUIRE(world.run({"import", "contacts"}, "external_id,email,tags\nC1,ann@example.com,vip\nC2,b@example.com,\n") ==
          0);
  CHECK(world.run({"import", "jobs", "--json"}, "external_id,completed_at\nC1,2026-11-22\nC2,2026-11-22\n") == 0);
  CHECK(world.said("\"enrolled\":1"));
}

TEST_CASE("bad jobs are rejected by row, and --service stands in for a service that is not known") {
  JobWorld world;
  const std::string_view file =
      "email,service,completed_at\nann@example.com,Astrology,2026-11-22\nb@example.com,hvac,\n"
      "c@example.com,hvac,soon\n";
  CHECK(world.run({"import", "jobs", "--json"}, file) == 1);
  CHECK(world.said("\"created\":0,\"updated\":0,\"unchanged\":0,\"rejected\":3"));
  CHECK(world.err.find("line 2, service: `Astrology` is not a service") != std::string::npos);
  CHECK(world.err.find("line 3, completed_at: is empty") != std::string::npos);
  CHECK(world.run({"import", "jobs", "--service", "other", "--json"}, file) == 1);
  CHECK(world.said("\"created\":1"));
}

TEST_CASE("a jobs file without a completion column is refused as a whole") {
  JobWorld world;
  CHECK(world.run({"import", "jobs"}, "email,service\nann@example.com,hvac\n") == 65);
  CHECK(world.err.find("completed_at") != std::string::npos);
  CHECK(world.contacts().empty());
}

TEST_CASE("import jobs --dry-run enrolls nobody") {
  JobWorld world;
  world.add_campaign(10, "any", {});
  CHECK(world.run({"import", "jobs", "--dry-run", "--json"}, kJobs) == 0);
  CHECK(world.said("\"enrolled\":2"));
  CHECK(world.messages().empty());
  CHECK(world.contacts().empty());
}

TEST_CASE("enroll takes contacts by id, phone, email or external id, each once") {
  JobWorld world;
  world.add_campaign(10, "any", {ServiceCategory::hvac}, {"vip"});
  REQUIRE(world.run({"import", "contacts"},
                    "external_id,phone,email,tags\nC1,512-555-0142,ann@example.com,\nC2,,bob@example.com,vip\n") == 0);
  CHECK(world.run({"enroll", "any", "--contact", "C1", "--contact", "bob@example.com", "--json"}) == 0);
  CHECK(world.out == "{\"campaign\":\"any\",\"enrolled\":2,\"already\":0,\"cool_down\":0,\"not_matching\":0}\n");
  CHECK(world.run({"enroll", "any", "--contact", "(512) 555-0142", "--json"}) == 0);
  CHECK(world.said("\"enrolled\":0,\"already\":1"));
  CHECK(world.waiting() == 2);
}

TEST_CASE("enroll by tag, by job and all") {
  JobWorld world;
  world.add_campaign(10, "any", {ServiceCategory::plumbing}, {"vip"});
  REQUIRE(world.run({"import", "contacts"},
                    "external_id,email,tags\nC1,ann@example.com,vip\nC2,bob@example.com,\nC3,cid@example.com,pool\n") ==
          0);
  CHECK(world.run({"enroll", "any", "--tag", "pool", "--json"}) == 0);
  CHECK(world.said("\"enrolled\":1,\"already\":0"));
  CHECK(world.run({"enroll", "any", "--all", "--json"}) == 0);
  CHECK(world.said("\"enrolled\":1"));
  CHECK(world.said("\"not_matching\":2"));

  REQUIRE(world.run({"import", "jobs"},
                    "job_id,external_id,service,completed_at\nJ1,C1,roofing,2026-11-22\nJ2,C2,plumbing,2026-11-22\n") ==
          0);
  CHECK(world.run({"enroll", "any", "--jobs-since", "30d", "--json"}) == 0);
  CHECK(world.said("\"enrolled\":0"));
  CHECK(world.said("\"not_matching\":1"));
}

TEST_CASE("enroll refuses what cannot be meant") {
  JobWorld world;
  world.add_campaign(10, "any", {});
  CHECK(world.run({"enroll", "any"}) == 2);
  CHECK(world.run({"enroll", "any", "--all", "--tag", "vip"}) == 2);
  CHECK(world.run({"enroll", "anyy", "--all"}) == 65);
  CHECK(world.run({"enroll", "any", "--contact", "nobody@example.com"}) == 65);
  REQUIRE(world.store()->catalog().set_campaign_status(world.org, JobWorld::id(10), CampaignStatus::paused, world.now));
  CHECK(world.run({"enroll", "any", "--all"}) == 65);
  CHECK(world.err.find("campaign any is paused, not active") != std::string::npos);
}

}  // namespace
}  // namespace avisloop
