#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "core/api/refresh_control.h"
#include "core/store/object_store.h"
#include "core/warehouse/warehouse.h"

/// What a function stands in with for the parts that it does not have: its role in AWS could not
/// reach them. Every call says so.

namespace revops::lambda {

inline Unexpected NotOfThisFunction() {
  return Fail(ErrorCode::kUnsupported,
              "this function does not answer such requests: route them to the one that does",
              "lambda:route");
}

/// Holds nothing.
class AbsentStore final : public store::ObjectStore {
 public:
  Result<store::Object> Get(std::string_view) override {
    return Fail(ErrorCode::kNotFound, "there is no store");
  }
  Result<store::Version> Put(std::string_view, std::string_view,
                             const store::PutCondition&) override {
    return NotOfThisFunction();
  }
  Result<std::vector<store::ObjectInfo>> List(std::string_view) override {
    return std::vector<store::ObjectInfo>();
  }
  Result<void> Delete(std::string_view) override { return {}; }
};

class AbsentWarehouse final : public warehouse::Warehouse {
 public:
  Result<std::unique_ptr<warehouse::WarehouseRead>> BeginRead(std::stop_token) override {
    return NotOfThisFunction();
  }
  Result<warehouse::RecentSales> ReadRecentSales(const warehouse::LiveQuery&) override {
    return NotOfThisFunction();
  }
  Result<warehouse::WarehouseReport> Examine() override { return NotOfThisFunction(); }
};

class AbsentRefresh final : public api::RefreshControl {
 public:
  Result<snapshot::RefreshJob> StartOrJoin(bool&) override { return NotOfThisFunction(); }
  std::optional<snapshot::RefreshJob> newest() override { return std::nullopt; }
  Result<snapshot::RefreshJob> Find(std::string_view) override { return NotOfThisFunction(); }
  Result<snapshot::RefreshJob> Cancel(std::string_view) override { return NotOfThisFunction(); }
};

}  // namespace revops::lambda
