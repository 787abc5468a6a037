#include <ostream>

#include <doctest/doctest.h>

#include "core/base/random.h"
#include "core/rules/touches.h"

using namespace avisloop;

TEST_CASE("an enrollment is laid out as one message per touch, at its delay from the start") {
  const auto random = make_seeded_random(1);
  IdMaker ids(*random);
  const Instant start = *parse_instant("2026-11-24T15:00:00Z");
  const Instant now = start + kHour;
  Campaign campaign;
  campaign.id = ids.make(start);
  for (int i = 1; i <= 3; ++i) {
    Touch touch;
    touch.position = i;
    touch.channel = i == 2 ? Channel::sms : Channel::email;
    touch.delay = (i - 1) * kDay;
    touch.template_id = ids.make(start);
    touch.priority = i == 3 ? Priority::low : Priority::normal;
    touch.message_class = i == 1 ? MessageClass::service : MessageClass::marketing;
    campaign.touches.push_back(touch);
  }
  Enrollment enrollment;
  enrollment.id = ids.make(start);
  enrollment.contact = ids.make(start);
  enrollment.job = ids.make(start);
  enrollment.started_at = start;

  const auto messages = lay_out(campaign, enrollment, ids, now);
  REQUIRE(messages.size() == 3);
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const Message& message = messages[i];
    const Touch& touch = campaign.touches[i];
    CHECK(message.touch == touch.position);
    CHECK(message.channel == touch.channel);
    CHECK(message.priority == touch.priority);
    CHECK(message.message_class == touch.message_class);
    CHECK((message.template_id == touch.template_id));
    CHECK((message.campaign == campaign.id));
    CHECK((message.enrollment == enrollment.id));
    CHECK((message.contact == enrollment.contact));
    CHECK((message.job == enrollment.job));
    CHECK((message.planned_at == start + touch.delay));
    CHECK((message.created_at == now));
  }
  CHECK((messages[0].id < messages[1].id));
  CHECK((messages[1].id < messages[2].id));
  CHECK(lay_out(Campaign{}, enrollment, ids, now).empty());
}

TEST_CASE("a job triggers a campaign by service and tags, where nothing named means any") {
  using enum ServiceCategory;
  struct Case {
    std::vector<ServiceCategory> services;
    std::vector<std::string> wanted;
    std::vector<std::string> tags;
    bool fits;
  };
  const std::vector<Case> cases{
      {{}, {}, {}, true},
      {{plumbing}, {}, {}, true},
      {{hvac, plumbing}, {}, {"vip"}, true},
      {{hvac}, {}, {}, false},
      {{}, {"vip"}, {}, false},
      {{}, {"vip"}, {"old", "VIP"}, true},
      {{}, {"vip", "new"}, {"new"}, true},
      {{plumbing}, {"vip"}, {"old"}, false},
      {{hvac}, {"vip"}, {"vip"}, false},
  };
  for (const Case& item : cases) {
    Campaign campaign;
    campaign.services = item.services;
    campaign.tags = item.wanted;
    Contact contact;
    contact.tags = item.tags;
    CHECK(triggers(campaign, contact, plumbing) == item.fits);
  }
}
