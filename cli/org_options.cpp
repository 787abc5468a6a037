#include "cli/org_options.h"

#include "cli/inputs.h"
#include "core/base/text.h"
#include "core/intake/cells.h"

namespace avisloop {
namespace {

constexpr std::size_t kLongestName = 120;
constexpr std::size_t kLongestAddress = 300;

}  // namespace

void OrgOptions::bind(Flags& flags) {
  flags.option("--name", "NAME", name, "Name of the business, as customers know it")
      .option("--time-zone", "ZONE", time_zone, "Its time zone, such as America/Chicago")
      .option("--address", "TEXT", address, "Postal address, for the foot of emails")
      .option("--review-link", "URL", review_link, "Where customers write a review (https)");
}

Result<> OrgOptions::apply(Org& org) const {
  if (name) {
    AVIS_TRY_ASSIGN(org.name, named("--name", read_line(*name, kLongestName)));
    if (org.name.empty()) return fail(Fault::data, "--name is empty");
  }
  if (time_zone) {
    AVIS_TRY_ASSIGN(const Zone* const zone, named("--time-zone", read_time_zone(*time_zone)));
    org.time_zone = zone->name();
  }
  if (address) {
    AVIS_TRY_ASSIGN(org.address, named("--address", read_line(*address, kLongestAddress)));
  }
  if (review_link) {
    org.review_link.clear();
    if (!review_link->empty()) {
      AVIS_TRY_ASSIGN(org.review_link, named("--review-link", read_link(*review_link)));
    }
  }
  return {};
}

Result<Org> make_org(App& app, std::string_view key, const OrgOptions& options, Instant now) {
  Org org;
  AVIS_TRY_ASSIGN(org.key, read_org_key(key));
  if (!options.name) return fail(Fault::usage, "missing --name NAME", "--name: name of the business");
  if (!options.time_zone) {
    return fail(Fault::usage, "missing --time-zone ZONE",
                "--time-zone: where the business is, such as America/Chicago");
  }
  org.id = OrgId{app.random().positive_bits()};
  org.created_at = now;
  AVIS_TRY(options.apply(org));
  return org;
}

}  // namespace avisloop
