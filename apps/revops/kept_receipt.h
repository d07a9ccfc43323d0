#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/base/clock.h"
#include "core/base/date.h"
#include "core/net/pause.h"
#include "core/store/object_store.h"
#include "core/warehouse/cost_receipt.h"
#include "core/warehouse/costs.h"

namespace revops::app {

/// What the warehouse was asked for, by UTC day: counted here, kept in the data folder. It is
/// written soon after the first count, then at most once a minute, and at the end. One process at a
/// time has the folder open, so that nobody else writes meanwhile. Thread-safe.
class KeptReceipt final : public warehouse::CostRecorder {
 public:
  /// What is there and cannot be read starts anew. The references outlive the receipt.
  /// `store`: nullptr keeps nothing.
  KeptReceipt(std::unique_ptr<store::ObjectStore> store, const Clock& clock, net::Pause& pause);
  /// Writes what is not written yet.
  ~KeptReceipt() override;

  void Count(const warehouse::Costs& more) override;

  /// Of the last 31 days, newest first.
  std::vector<std::pair<Date, warehouse::Costs>> days() const;
  /// Since this process began.
  warehouse::Costs sum() const;

 private:
  void Load();
  void Keep(const std::stop_token& stop);
  Date Today() const;

  const std::unique_ptr<store::ObjectStore> store_;
  const Clock& clock_;
  net::Pause& pause_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  bool is_written_ = true;
  warehouse::CostReceipt receipt_;
  warehouse::Costs sum_;
  std::jthread thread_;
};

}  // namespace revops::app
