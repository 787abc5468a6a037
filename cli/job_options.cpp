#include "cli/job_options.h"

#include "cli/inputs.h"
#include "core/base/zones.h"
#include "core/intake/cells.h"

namespace avisloop {
namespace {

constexpr std::size_t kLongestField = 200;
constexpr std::size_t kLongestNotes = 4000;
constexpr int kNoon = 12 * 3600;  ///< what a date without a time of day means

}  // namespace

void JobOptions::bind(Flags& flags) {
  flags.option("--external-id", "ID", external_id, "The job's id in your own system")
      .option("--service", "SERVICE", service, "Kind of work: " + list_words<ServiceCategory>())
      .option("--completed-at", "WHEN", completed_at,
              "When it was finished: 2026-11-20T14:30:00Z, or 2026-11-20 14:30 in the organization's zone")
      .option("--technician", "NAME", technician, "Who did it")
      .option("--notes", "TEXT", notes, "Notes");
}

Result<> JobOptions::apply(Job& job, const std::string& zone, Instant now) const {
  if (external_id) {
    AVIS_TRY_ASSIGN(job.external_id, named("--external-id", read_line(*external_id, kLongestField)));
  }
  if (service) {
    AVIS_TRY_ASSIGN(job.service, named("--service", read_service(*service)));
  }
  if (completed_at) {
    const Zone* known = Zone::find(zone);
    if (known == nullptr) known = Zone::find("UTC");
    AVIS_TRY_ASSIGN(job.completed_at, named("--completed-at", read_when(*completed_at, *known, kNoon)));
    if (job.completed_at > now + kDay) {
      return fail(Fault::data, "--completed-at lies in the future", "A job is finished work.");
    }
  }
  if (technician) {
    AVIS_TRY_ASSIGN(job.technician, named("--technician", read_line(*technician, kLongestField)));
  }
  if (notes) {
    AVIS_TRY_ASSIGN(job.notes, named("--notes", read_text(*notes, kLongestNotes)));
  }
  return {};
}

}  // namespace avisloop
