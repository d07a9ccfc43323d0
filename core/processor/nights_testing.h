#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/clock.h"
#include "core/processor/fake_warehouse.h"
#include "core/processor/refresh.h"
#include "core/snapshot/snapshot.h"
#include "core/store/memory/memory_store.h"

namespace revops::processor {

/// A row of FCT_SALES that nothing is remarkable about; the date may be nullptr.
sales::Sale MakeSale(const std::string& id, const char* date, std::int64_t cents = 10'000,
                     const std::string& region = "North");

/// Everything of a snapshot that follows from rows, definitions and business date alone.
struct Truth {
  std::string content_hash;
  snapshot::HashKind hash_kind = snapshot::HashKind::kRows;
  cube::CubeColumns cube;
  cube::StatusTotals totals;
  sales::Ledger ledger;
  Date business_date;
  std::vector<snapshot::Part> parts;
  std::map<std::string, snapshot::ObjectRef> views;

  friend bool operator==(const Truth&, const Truth&) = default;
};

Truth TruthOf(const snapshot::Snapshot& snapshot);

/// A warehouse, a store and a clock that stands at 02:00 UTC on 22 November 2026.
struct Nights {
  FakeClock clock{*ParseInstant("2026-11-22T02:00:00Z")};
  store::MemoryObjectStore store{clock};
  FakeWarehouse warehouse{clock};
  RefreshConfig config;

  /// Config and warehouse count under these from now on.
  void Define(const sales::Definitions& definitions);

  Result<RefreshReport> Refresh() { return RefreshInto(store); }
  Result<RefreshReport> RefreshInto(store::ObjectStore& target, const RefreshRequest& request = {});
  void NextNight() { clock.Advance(std::chrono::hours(24)); }

  std::shared_ptr<const snapshot::Snapshot> Current();
  snapshot::Pointer Pointer();
  std::vector<sales::Sale> RowsOf(const snapshot::Manifest& manifest);

  /// What a refresh into an empty store would say now.
  Truth ScratchTruth();
  /// The current snapshot says what ScratchTruth says and holds the table's rows.
  void ExpectTruth();
  /// Every snapshot in the store opens and holds all its rows.
  void ExpectHistory(std::size_t count);
};

}  // namespace revops::processor
