#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "core/store/delivery_store.h"
#include "core/store/store.h"

namespace avisloop {

/// A store that calls `step` before and after every operation of a run; `step` may throw.
class SteppedStore : public Store {
 public:
  SteppedStore(std::unique_ptr<Store> inner, std::function<void(std::string_view)> step);

  std::string location() const override { return inner_->location(); }
  Result<std::string> identity() override { return inner_->identity(); }
  std::string mark_path() const override { return inner_->mark_path(); }
  Result<std::vector<Migration>> pending_migrations() override { return inner_->pending_migrations(); }
  Result<std::vector<Migration>> migrate(Instant now) override { return inner_->migrate(now); }
  Result<> require_current_schema() override { return inner_->require_current_schema(); }
  Result<> rehearse() override { return inner_->rehearse(); }
  CatalogStore& catalog() override { return inner_->catalog(); }
  IntakeStore& intake() override { return inner_->intake(); }
  DeliveryStore& delivery() override { return *delivery_; }

 private:
  std::unique_ptr<Store> inner_;
  std::unique_ptr<DeliveryStore> delivery_;
};

}  // namespace avisloop
