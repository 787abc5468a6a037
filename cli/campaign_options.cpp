#include "cli/campaign_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cli/definition_file.h"
#include "cli/inputs.h"
#include "core/base/text.h"
#include "core/intake/cells.h"

namespace avisloop {
namespace {

constexpr std::size_t kMostTouches = 50;
constexpr std::size_t kLongestName = 120;
constexpr Micros kLongestDelay = 400 * kDay;

Result<Micros> read_delay(std::string_view text) {
  if (trim(text).starts_with('-')) return fail(Fault::data, fmt::format("delay `{}` is negative", printable(text)));
  const auto delay = parse_duration(text);
  if (!delay) {
    return fail(Fault::data, fmt::format("delay `{}` is not a duration", printable(text)),
                "Write it as 0h, 15m, 24h or 3d.");
  }
  if (*delay > kLongestDelay) {
    return fail(Fault::data,
                fmt::format("delay `{}` is longer than {}", printable(text), format_duration(kLongestDelay)));
  }
  return *delay;
}

Result<Touch> make_touch(std::string_view channel, std::string_view delay, std::string_view template_key) {
  Touch touch;
  AVIS_TRY_ASSIGN(touch.channel, named("the channel", read_word<Channel>(channel)));
  AVIS_TRY_ASSIGN(touch.delay, read_delay(delay));
  AVIS_TRY_ASSIGN(touch.template_key, read_key("template", template_key));
  return touch;
}

/// `channel:delay:template`.
Result<Touch> read_touch(std::string_view text) {
  const std::vector<std::string_view> parts = split(text, ':');
  if (parts.size() != 3) {
    return fail(Fault::data, "not of the form channel:delay:template", "Such as --touch sms:24h:ask_sms");
  }
  return make_touch(trim(parts[0]), trim(parts[1]), trim(parts[2]));
}

Result<Touch> read_touch(const Definition& row) {
  AVIS_TRY_ASSIGN(Touch touch,
                  make_touch(row.text("channel"), row.has("delay") ? row.text("delay") : "0h", row.text("template")));
  if (row.has("class")) {
    AVIS_TRY_ASSIGN(touch.message_class, named("class", read_word<MessageClass>(row.text("class"))));
  }
  if (row.has("priority")) {
    AVIS_TRY_ASSIGN(touch.priority, named("priority", read_word<Priority>(row.text("priority"))));
  }
  return touch;
}

template <class E>
Result<std::vector<E>> read_words(std::string_view name, const std::vector<std::string>& words) {
  std::vector<E> values;
  for (const std::string& word : words) {
    AVIS_TRY_ASSIGN(const E value, named(name, read_word<E>(word)));
    values.push_back(value);
  }
  return values;
}

Result<std::vector<ServiceCategory>> read_services(std::string_view name, const std::vector<std::string>& words) {
  if (words == std::vector<std::string>{"all"}) return std::vector<ServiceCategory>{};
  return read_words<ServiceCategory>(name, words);
}

Result<std::vector<StopEvent>> read_stop_events(std::string_view name, const std::vector<std::string>& words) {
  if (words == std::vector<std::string>{"none"}) return std::vector<StopEvent>{};
  return read_words<StopEvent>(name, words);
}

Result<> refuse_many_touches(std::size_t count) {
  if (count <= kMostTouches) return {};
  return fail(Fault::data, fmt::format("{} touches are too many; a campaign has at most {}", count, kMostTouches));
}

Result<> apply_touch_rows(const std::vector<Definition>& rows, Campaign& campaign) {
  AVIS_TRY(refuse_many_touches(rows.size()));
  campaign.touches.clear();
  for (const Definition& row : rows) {
    AVIS_TRY_ASSIGN(Touch touch, named(fmt::format("touch {}:", campaign.touches.size() + 1), read_touch(row)));
    campaign.touches.push_back(std::move(touch));
  }
  return {};
}

Result<> apply_file(App& app, const std::string& file, Campaign& campaign) {
  AVIS_TRY_ASSIGN(const std::string toml, read_whole_file(app, file));
  const DefinitionShape shape{{"key", "name", "trigger", "tags", "stop_on", "cool_down"},
                              {},
                              {{"touch", {"channel", "delay", "template", "class", "priority"}}}};
  AVIS_TRY_ASSIGN(const Definition given, read_definition(toml, file, shape));
  if (campaign.key.empty()) campaign.key = given.text("key");
  if (given.has("name")) campaign.name = given.text("name");
  if (given.has("trigger")) {
    AVIS_TRY_ASSIGN(campaign.services, read_services("trigger", read_list(given.values.at("trigger"))));
  }
  if (given.has("tags")) campaign.tags = read_list(given.values.at("tags"));
  if (given.has("stop_on")) {
    AVIS_TRY_ASSIGN(campaign.stop_on, read_stop_events("stop_on", read_list(given.values.at("stop_on"))));
  }
  if (given.has("cool_down")) {
    AVIS_TRY_ASSIGN(campaign.cool_down, named("cool_down:", read_delay(given.text("cool_down"))));
  }
  if (const auto rows = given.tables.find("touch"); rows != given.tables.end()) {
    AVIS_TRY(apply_touch_rows(rows->second, campaign));
  }
  return {};
}

std::string wanted_templates(Channel channel, const std::vector<Template>& all) {
  std::vector<std::string> keys;
  for (const Template& item : all) {
    if (item.channel == channel) keys.push_back(item.key);
  }
  if (keys.empty()) return fmt::format("Make one: avisloop create template KEY --channel {}", to_string(channel));
  return fmt::format("Templates for {}: {}", to_string(channel), join(keys, ", "));
}

}  // namespace

void CampaignOptions::bind(Flags& flags) {
  flags.option("--name", "NAME", name, "Name for people")
      .list("--trigger", "SERVICES", trigger, "Finished jobs of these services enroll; `all` = every service")
      .list("--tags", "TAGS", tags, "Only contacts with one of these tags are enrolled by a job")
      .list("--touch", "CHANNEL:DELAY:TEMPLATE", touches, "A step, such as sms:24h:ask_sms")
      .list("--stop-on", "EVENTS", stop_on,
            "What ends it early for a person: reply, click, review, new_job or none (default reply,click,review)")
      .duration("--cool-down", cool_down, "Nobody who was asked within it is asked again (default 90d)")
      .option("--file", "FILE", file, "All of these as TOML: name, trigger, tags, stop_on, cool_down, [[touch]]");
}

Result<> CampaignOptions::apply(App& app, Campaign& campaign) const {
  if (!file.empty()) AVIS_TRY(apply_file(app, file, campaign));
  if (name) {
    AVIS_TRY_ASSIGN(campaign.name, named("--name", read_line(*name, kLongestName)));
  }
  if (!trigger.empty()) {
    AVIS_TRY_ASSIGN(campaign.services, read_services("--trigger", read_list(trigger)));
  }
  if (!tags.empty()) campaign.tags = read_list(tags);
  if (!stop_on.empty()) {
    AVIS_TRY_ASSIGN(campaign.stop_on, read_stop_events("--stop-on", read_list(stop_on)));
  }
  if (cool_down) campaign.cool_down = *cool_down;
  if (touches.empty()) return {};
  AVIS_TRY(refuse_many_touches(touches.size()));
  campaign.touches.clear();
  for (const std::string& text : touches) {
    AVIS_TRY_ASSIGN(Touch touch, named(fmt::format("touch `{}`:", printable(text)), read_touch(text)));
    campaign.touches.push_back(std::move(touch));
  }
  return {};
}

Result<> check_touches(const Session& session, Campaign& campaign) {
  if (campaign.touches.empty()) {
    return fail(Fault::data, fmt::format("campaign {} has no touches", campaign.key), "Add --touch sms:24h:TEMPLATE");
  }
  AVIS_TRY(refuse_many_touches(campaign.touches.size()));
  std::stable_sort(campaign.touches.begin(), campaign.touches.end(),
                   [](const Touch& a, const Touch& b) { return a.delay < b.delay; });
  AVIS_TRY_ASSIGN(const std::vector<Template> all, session.catalog().list_templates(session.org.id));
  std::map<std::pair<Channel, Micros>, int> instants;
  int position = 0;
  for (Touch& touch : campaign.touches) {
    touch.position = ++position;
    const auto found =
        std::find_if(all.begin(), all.end(), [&touch](const Template& item) { return item.key == touch.template_key; });
    if (found == all.end()) {
      return fail(Fault::data, fmt::format("touch {}: there is no template `{}`", position, touch.template_key),
                  wanted_templates(touch.channel, all));
    }
    if (found->channel != touch.channel) {
      return fail(Fault::data,
                  fmt::format("touch {}: template `{}` is for {}, not for {}", position, touch.template_key,
                              to_string(found->channel), to_string(touch.channel)),
                  wanted_templates(touch.channel, all));
    }
    const auto [other, is_first] = instants.emplace(std::pair{touch.channel, touch.delay}, position);
    if (!is_first) {
      return fail(Fault::data, fmt::format("touches {} and {} are both an {} after {}", other->second, position,
                                           to_string(touch.channel), format_duration(touch.delay)));
    }
    touch.template_id = found->id;
  }
  return {};
}

}  // namespace avisloop
