#include <gtest/gtest.h>

#include "core/processor/nights_testing.h"
#include "core/snapshot/verify.h"
#include "core/store/faulty_store.h"

namespace revops::processor {
namespace {

/// A published night and an edit that the next refresh is to bring in.
struct EditedNights : Nights {
  EditedNights() {
    warehouse.Edit([](auto& rows) {
      rows = {MakeSale("1", "2026-10-01"), MakeSale("2", "2026-11-01"), MakeSale("3", nullptr)};
    });
    EXPECT_TRUE(Refresh());
    NextNight();
    warehouse.Edit([](auto& rows) {
      rows[1].amount = Money::FromCents(5);
      rows.push_back(MakeSale("1", "2026-11-02"));
    });
  }

  /// Readers see the old snapshot or the new one, whole; a refresh without faults gives the new.
  void ExpectRecovery(bool succeeded);
};

const Truth& OldTruth() {
  static const Truth truth = TruthOf(*EditedNights().Current());
  return truth;
}

const Truth& NewTruth() {
  static const Truth truth = EditedNights().ScratchTruth();
  return truth;
}

void EditedNights::ExpectRecovery(bool succeeded) {
  const auto current = Current();
  ASSERT_TRUE(current);
  const Truth truth = TruthOf(*current);
  EXPECT_TRUE(truth == NewTruth() || (!succeeded && truth == OldTruth()));
  EXPECT_EQ(RowsOf(current->manifest()).size(), current->manifest().row_count());
  ASSERT_TRUE(Refresh());
  ASSERT_TRUE(Current());
  EXPECT_TRUE(TruthOf(*Current()) == NewTruth());
  EXPECT_EQ(RowsOf(Current()->manifest()).size(), warehouse.rows().size());
  const auto verified = snapshot::Verify(store);
  ASSERT_TRUE(verified);
  EXPECT_TRUE(verified->damages.empty());
}

int CountStoreCalls() {
  EditedNights nights;
  store::FaultyObjectStore counted(nights.store);
  EXPECT_TRUE(nights.RefreshInto(counted));
  return counted.calls();
}

TEST(RefreshFaults, SurvivesTheFailureOfEveryStoreCall) {
  const int calls = CountStoreCalls();
  ASSERT_GT(calls, 10);
  for (int call = 1; call <= calls; ++call) {
    SCOPED_TRACE(call);
    EditedNights nights;
    store::FaultyObjectStore faulty(nights.store);
    faulty.FailCall(call);
    nights.ExpectRecovery(nights.RefreshInto(faulty).has_value());
  }
}

TEST(RefreshFaults, SurvivesACrashAtEveryStoreCall) {
  const int calls = CountStoreCalls();
  for (int call = 1; call <= calls; ++call) {
    SCOPED_TRACE(call);
    EditedNights nights;
    store::FaultyObjectStore faulty(nights.store);
    faulty.StopAtCall(call);
    nights.ExpectRecovery(nights.RefreshInto(faulty).has_value());
  }
}

TEST(RefreshFaults, SurvivesEveryLostAnswer) {
  for (int put = 1;; ++put) {
    SCOPED_TRACE(put);
    EditedNights nights;
    store::FaultyObjectStore faulty(nights.store);
    faulty.LoseAnswerOfPut(put);
    nights.ExpectRecovery(nights.RefreshInto(faulty).has_value());
    if (faulty.puts() < put) break;
  }
}

TEST(RefreshFaults, FailsWithEveryWarehouseCallAndPublishesNothing) {
  for (int call = 1;; ++call) {
    SCOPED_TRACE(call);
    EditedNights nights;
    FaultyWarehouse faulty(nights.warehouse);
    faulty.FailCall(call);
    const auto report = Refresh(faulty, nights.store, nights.clock, nights.config, {});
    if (faulty.calls() < call) break;
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, ErrorCode::kUnavailable);
    EXPECT_TRUE(TruthOf(*nights.Current()) == OldTruth());
    nights.ExpectRecovery(false);
  }
}

TEST(RefreshFaults, FailsWhenARowReadBreaksOff) {
  for (int batch = 0; batch < 3; ++batch) {
    EditedNights nights;
    nights.warehouse.batch_size = 1;
    FaultyWarehouse faulty(nights.warehouse);
    faulty.BreakAfterBatch(batch);
    const auto report = Refresh(faulty, nights.store, nights.clock, nights.config, {});
    EXPECT_EQ(report.has_value(), batch == 2);
    nights.ExpectRecovery(report.has_value());
  }
}

TEST(RefreshFaults, SurvivesTheLossOfTheReadableCopies) {
  const int calls = CountStoreCalls();
  EditedNights nights;
  store::FaultyObjectStore faulty(nights.store);
  faulty.FailCall(calls);
  EXPECT_TRUE(nights.RefreshInto(faulty)) << "the swap has happened";
}

/// Every object of the current snapshot in turn.
TEST(RefreshFaults, RepairsDamagedObjectsThatItMeets) {
  const auto count = EditedNights().store.List("revops/objects/")->size();
  for (std::size_t i = 0; i < count; ++i) {
    EditedNights nights;
    const std::string key = (*nights.store.List("revops/objects/"))[i].key;
    SCOPED_TRACE(key);
    ASSERT_TRUE(nights.store.Put(key, "damaged", store::PutCondition::None()));
    ASSERT_TRUE(nights.Refresh());
    ASSERT_TRUE(nights.Current());
    EXPECT_TRUE(TruthOf(*nights.Current()) == NewTruth());
  }
}

TEST(RefreshFaults, ReplacesADamagedPointerOrManifest) {
  for (const bool damages_pointer : {true, false}) {
    EditedNights nights;
    const std::string key = damages_pointer ? std::string(snapshot::kPointerKey)
                                            : snapshot::ManifestKey(nights.Current()->id());
    ASSERT_TRUE(nights.store.Put(key, "{", store::PutCondition::None()));
    const auto report = nights.Refresh();
    ASSERT_TRUE(report);
    EXPECT_EQ(report->parts_shared, 0u);
    nights.ExpectTruth();
  }
}

}  // namespace
}  // namespace revops::processor
