#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/id.h"
#include "core/base/log.h"
#include "core/base/random.h"
#include "core/config/settings.h"
#include "core/model/delivery.h"
#include "core/net/transport.h"
#include "core/providers/provider.h"
#include "core/rules/gate.h"
#include "core/rules/templates.h"
#include "core/store/store.h"

namespace avisloop {

/// What a run works with; everything is lent.
struct DeliveryParts {
  Store& store;
  Clock& clock;
  Random& random;
  IdMaker& ids;
  Log& log;
  const Settings& settings;
  std::function<std::unique_ptr<Transport>(int most_connections)> make_transport;
  std::function<Result<std::unique_ptr<Provider>>(Channel, const OrgSettings&)> make_provider;
  std::string host;
  int process_id = 0;
  const std::atomic<bool>* stop = nullptr;  ///< set by SIGTERM: take nothing new, finish what is in flight
};

/// One org and channel as a run sees it.
struct LaneContext {
  Org org;
  const OrgSettings* settings = nullptr;
  std::unique_ptr<Provider> provider;
  GatePolicy policy;
  std::vector<RateLimit> limits;
  std::int64_t behind_limit = 0;  ///< rows that this run put back because of them and has not taken again
};

/// Orgs, providers and parsed templates, each made once per run.
class DeliveryContext {
 public:
  explicit DeliveryContext(const DeliveryParts& parts) : parts_(parts) {}

  /// Fault `config` when a setting of the org's carrier is missing; asked again, it answers the same.
  Result<LaneContext*> lane(OrgId org, Channel channel);

  struct LoadedTemplate {
    Template source;
    std::unique_ptr<ParsedTemplate> parsed;
  };
  /// The parsed template in this version; fault `data` when it can no longer be read.
  Result<const LoadedTemplate*> load_template(OrgId org, const Id& id, int version);

 private:
  Result<LaneContext> make_lane(OrgId org, Channel channel);

  const DeliveryParts& parts_;
  std::map<OrgId, Org> orgs_;
  std::map<std::pair<OrgId, Channel>, Result<LaneContext>> lanes_;
  std::map<std::pair<Id, int>, LoadedTemplate> templates_;
};

}  // namespace avisloop
