#include "cli/campaign_status.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/output.h"

namespace avisloop {

Result<ExitCode> change_status(App& app, const Session& session, const Campaign& campaign, CampaignStatus wanted,
                               const std::vector<CampaignStatus>& from, std::string_view remedy) {
  Record record;
  record.set("campaign", campaign.key).set("status", to_string(wanted));
  if (campaign.status == wanted) {
    record.set("changed", false);
    print_done(app, fmt::format("campaign {} is {} already", campaign.key, to_string(wanted)), record);
    return ExitCode::done;
  }
  if (std::find(from.begin(), from.end(), campaign.status) == from.end()) {
    return fail(Fault::data,
                fmt::format("campaign {} is {} and cannot become {}", campaign.key, to_string(campaign.status),
                            to_string(wanted)),
                std::string(remedy));
  }
  AVIS_TRY_ASSIGN(const CancelOutcome outcome,
                  session.catalog().set_campaign_status(session.org.id, campaign.id, wanted, session.now));
  record.set("changed", true).set("cancelled", outcome.cancelled).set("in_flight", outcome.in_flight);
  std::string sentence = fmt::format("campaign {} is {}", campaign.key, to_string(wanted));
  if (wanted == CampaignStatus::completed) {
    sentence += fmt::format("; {} cancelled, {} under way", counted(outcome.cancelled, "message", "messages"),
                            outcome.in_flight);
  }
  print_done(app, sentence, record);
  return ExitCode::done;
}

}  // namespace avisloop
