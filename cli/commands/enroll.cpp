#include <fmt/format.h>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/session.h"
#include "core/intake/enroller.h"

namespace avisloop {
namespace {

constexpr int kPage = 1'000;

struct Options {
  std::string campaign;
  std::vector<std::string> contacts;
  std::string tag;
  std::optional<Micros> jobs_since;
  bool all = false;
};

Result<> check(const Options& options) {
  const int ways = (options.contacts.empty() ? 0 : 1) + (options.tag.empty() ? 0 : 1) + (options.jobs_since ? 1 : 0) +
                   (options.all ? 1 : 0);
  if (ways == 1) return {};
  return fail(Fault::usage, ways == 0 ? "nobody is named to be enrolled" : "several ways of choosing are given",
              "Give one of --contact ID, --tag TAG, --jobs-since 30d and --all.");
}

/// The contacts that were named one by one; all are found before any is enrolled.
Result<> enroll_named(App& app, const Session& session, const Campaign& campaign, const Options& options,
                      Enroller& enroller, EnrollCounts& counts) {
  std::vector<IntakeStore::Selected> selected;
  for (const std::string& name : options.contacts) {
    AVIS_TRY_ASSIGN(Contact contact, require_contact(app, session, name));
    selected.push_back({std::move(contact), std::nullopt});
  }
  return enroller.enroll_selected(campaign, selected, false, counts);
}

Result<> enroll_pages(const Session& session, const Campaign& campaign, const Options& options, Enroller& enroller,
                      EnrollCounts& counts) {
  IntakeStore::Selection selection;
  selection.tag = options.tag;
  if (options.jobs_since) {
    selection.jobs_since = session.now - *options.jobs_since;
    selection.services = campaign.services;
  }
  Id after_contact;
  Id after_job;
  for (;;) {
    AVIS_TRY_ASSIGN(const auto page,
                    session.intake().select_for_enrollment(session.org.id, selection, after_contact, after_job, kPage));
    if (page.empty()) return {};
    AVIS_TRY(enroller.enroll_selected(campaign, page, options.tag.empty(), counts));
    after_contact = page.back().contact.id;
    after_job = page.back().job ? page.back().job->id : Id{};
  }
}

Result<ExitCode> run(App& app, const Options& options) {
  AVIS_TRY(check(options));
  AVIS_TRY_ASSIGN(const Session session, open_session(app));
  AVIS_TRY_ASSIGN(const Campaign campaign, require_campaign(session, options.campaign));
  if (campaign.status != CampaignStatus::active) {
    return fail(Fault::data, fmt::format("campaign {} is {}, not active", campaign.key, to_string(campaign.status)),
                campaign.status == CampaignStatus::paused ? fmt::format("avisloop resume campaign {}", campaign.key)
                                                          : fmt::format("avisloop activate campaign {}", campaign.key));
  }
  Enroller enroller(*session.store, session.org.id, app.ids(), session.now);
  EnrollCounts counts;
  if (options.contacts.empty()) {
    AVIS_TRY(enroll_pages(session, campaign, options, enroller, counts));
  } else {
    AVIS_TRY(enroll_named(app, session, campaign, options, enroller, counts));
  }
  Record record;
  record.set("campaign", campaign.key).set("enrolled", counts.enrolled).set("already", counts.already);
  record.set("cool_down", counts.cool_down).set("not_matching", counts.not_matching);
  print_done(app,
             fmt::format("{} enrolled, {} enrolled before, {} asked too recently, {} not matching the trigger",
                         with_commas(counts.enrolled), with_commas(counts.already), with_commas(counts.cool_down),
                         with_commas(counts.not_matching)),
             record);
  return ExitCode::done;
}

Runner bind(Flags& flags) {
  auto options = std::make_shared<Options>();
  flags.argument("CAMPAIGN", options->campaign, "Key of an active campaign")
      .list("--contact", "ID", options->contacts, "This contact: id, external id, phone or email; may be repeated")
      .option("--tag", "TAG", options->tag, "Every contact with this tag")
      .duration("--jobs-since", options->jobs_since,
                "Every contact with a job of the campaign's services completed within this time")
      .toggle("--all", options->all, "Every contact that the campaign's tags want");
  return [options](App& app) { return run(app, *options); };
}

}  // namespace

Command enroll_command() {
  Command command;
  command.verb = "enroll";
  command.summary = "puts contacts into a campaign now";
  command.description =
      "Lays out the campaign's messages for each chosen contact, counted from now. Nobody is enrolled twice for the "
      "same job, nor within the cool-down after another enrollment. --contact and --tag take whom you name; "
      "--jobs-since and --all only those that the campaign's trigger wants.";
  command.examples = {{"avisloop enroll reviews --jobs-since 14d", "everybody with a job in the last two weeks"},
                      {"avisloop enroll reviews --contact 4711 --contact ann@example.com", "two contacts"}};
  command.exit_codes = {{65, "the campaign is not active, or a contact is not known"}};
  command.changes = true;
  command.bind = bind;
  return command;
}

}  // namespace avisloop
