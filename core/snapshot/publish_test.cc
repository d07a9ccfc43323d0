#include "core/snapshot/publish.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/snapshot/snapshot.h"
#include "core/snapshot/test_publisher.h"
#include "core/store/faulty_store.h"
#include "core/store/memory/memory_store.h"

namespace revops::snapshot {
namespace {

using testing::HasSubstr;

class PublicationTest : public testing::Test {
 protected:
  static std::vector<sales::Sale> RowsWith(const char* amount) {
    std::vector<sales::Sale> rows = AwkwardRows();
    rows[0].amount = Money::Parse(amount);
    return rows;
  }

  Current Opened() { return OpenCurrent(store_, nullptr).value().value(); }
  Pointer StoredPointerNow() { return ReadPointer(store_).value()->pointer; }
  void Overwrite(std::string_view key, std::string_view bytes) {
    ASSERT_TRUE(store_.Put(key, bytes, store::PutCondition::None()));
  }
  std::vector<std::string> Keys(std::string_view prefix) {
    std::vector<std::string> keys;
    const auto infos = store_.List(prefix).value();
    for (const store::ObjectInfo& info : infos) keys.push_back(info.key);
    return keys;
  }

  const Instant first_at_ = At("2026-11-21T02:00:00Z");
  const Instant second_at_ = At("2026-11-22T02:00:00Z");
  FakeClock clock_{first_at_};
  store::MemoryObjectStore store_{clock_};
};

TEST_F(PublicationTest, MakesTheSnapshotCurrent) {
  const auto id = PublishRows(store_, AwkwardRows(), first_at_);
  ASSERT_TRUE(id) << Describe(id.error());
  const Current current = Opened();
  EXPECT_EQ(current.snapshot->id(), *id);
  EXPECT_EQ(current.computed_at, first_at_);
  EXPECT_FALSE(current.degraded);
  EXPECT_EQ(StoredPointerNow().sequence, 1U);
  RowCollector rows;
  ASSERT_TRUE(ReadSnapshotRows(store_, current.snapshot->manifest(), rows));
  EXPECT_EQ(rows.rows(), AwkwardRows());
}

TEST_F(PublicationTest, SharesWhatTheReplacedSnapshotHas) {
  ASSERT_TRUE(PublishRows(store_, AwkwardRows(), first_at_));
  const auto before = Keys("revops/objects/");
  store::FaultyObjectStore counting(store_);
  ASSERT_TRUE(PublishRows(counting, RowsWith("77"), second_at_));
  // October's rows and cube, and the views by region, product, status and month with the total.
  EXPECT_EQ(Keys("revops/objects/").size() - before.size(), 2U + 5U);
  EXPECT_EQ(counting.puts(), 2 + 5 + 2 + 4) << "and manifest, pointer, readable copies";
  EXPECT_EQ(StoredPointerNow().earlier.size(), 1U);
  EXPECT_EQ(StoredPointerNow().sequence, 2U);
}

TEST_F(PublicationTest, WritesWhatOnlyAnOlderSnapshotHasAnew) {
  ASSERT_TRUE(PublishRows(store_, AwkwardRows(), first_at_));
  ASSERT_TRUE(PublishRows(store_, RowsWith("77"), second_at_));
  clock_.Advance(std::chrono::hours(100));
  ASSERT_TRUE(PublishRows(store_, AwkwardRows(), At("2026-11-25T02:00:00Z")));
  const Manifest manifest = Opened().snapshot->manifest();
  const auto infos = store_.List("revops/objects/").value();
  for (const store::ObjectInfo& info : infos) {
    if (info.key == manifest.parts[0].rows_object->key()) {
      EXPECT_EQ(info.modified_at, clock_.Now());
    }
  }
}

TEST_F(PublicationTest, KeepsEightEarlierManifests) {
  std::vector<std::string> ids;
  for (int night = 0; night < 11; ++night) {
    ids.push_back(
        PublishRows(store_, AwkwardRows(), first_at_ + std::chrono::hours(24 * night)).value());
  }
  const Pointer pointer = StoredPointerNow();
  ASSERT_EQ(pointer.earlier.size(), kEarlierMax);
  EXPECT_EQ(pointer.earlier.front().id, ids[9]);
  EXPECT_EQ(pointer.earlier.back().id, ids[2]);
  EXPECT_EQ(ListSnapshots(store_).value().size(), 11U);
}

TEST_F(PublicationTest, ConfirmMovesTheClocksAlone) {
  const std::string id = PublishRows(store_, AwkwardRows(), first_at_).value();
  const auto keys = Keys("");
  auto publication = Publication::Begin(store_);
  ASSERT_TRUE(publication);
  PointerUpdate update = UpdateAt(second_at_);
  update.scheduled_for = second_at_;
  ASSERT_TRUE(publication->Confirm(update));
  const Current current = Opened();
  EXPECT_EQ(current.snapshot->id(), id);
  EXPECT_EQ(current.computed_at, second_at_);
  EXPECT_EQ(current.last_scheduled_for, second_at_);
  EXPECT_EQ(current.snapshot->manifest().computed_at, first_at_);
  EXPECT_EQ(Keys(""), keys);
}

TEST_F(PublicationTest, NeverLowersTheScheduledInstant) {
  ASSERT_TRUE(PublishRows(store_, AwkwardRows(), first_at_));
  for (const auto& scheduled :
       {std::optional(second_at_), std::optional(first_at_), std::optional<Instant>()}) {
    auto publication = Publication::Begin(store_);
    ASSERT_TRUE(publication);
    PointerUpdate update = UpdateAt(second_at_);
    update.scheduled_for = scheduled;
    ASSERT_TRUE(publication->Confirm(update));
    EXPECT_EQ(StoredPointerNow().last_scheduled_for, second_at_);
  }
}

TEST_F(PublicationTest, DropsAScheduledInstantThatAWrongClockWrote) {
  ASSERT_TRUE(PublishRows(store_, AwkwardRows(), first_at_));
  for (const auto& [ahead, kept] :
       {std::pair(std::chrono::hours(24), true), std::pair(std::chrono::hours(24 * 365), false)}) {
    auto publication = Publication::Begin(store_);
    ASSERT_TRUE(publication);
    PointerUpdate update = UpdateAt(first_at_ + ahead);
    update.scheduled_for = first_at_ + ahead;
    ASSERT_TRUE(publication->Confirm(update));

    publication = Publication::Begin(store_);
    ASSERT_TRUE(publication);
    ASSERT_TRUE(publication->Confirm(UpdateAt(first_at_)));
    EXPECT_EQ(StoredPointerNow().last_scheduled_for.has_value(), kept);
  }
}

TEST_F(PublicationTest, LosesTheRaceAgainstAFasterOne) {
  ASSERT_TRUE(PublishRows(store_, AwkwardRows(), first_at_));
  auto slow = Publication::Begin(store_);
  ASSERT_TRUE(slow);
  const std::string fast_id = PublishRows(store_, RowsWith("1"), second_at_).value();
  const auto built = BuildSnapshot(
      RowsWith("2"), {second_at_ + std::chrono::seconds(1), HashKind::kRows, std::nullopt, {}});
  ASSERT_TRUE(built);
  for (const EncodedObject& object : built->objects) ASSERT_TRUE(slow->Put(object));
  const auto committed = slow->Commit(built->manifest, UpdateAt(second_at_));
  ASSERT_FALSE(committed);
  EXPECT_EQ(committed.error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(slow->Confirm(UpdateAt(second_at_)).error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(Opened().snapshot->id(), fast_id);
  EXPECT_EQ(ListSnapshots(store_).value().size(), 2U) << "the loser's manifest is withdrawn";
}

TEST_F(PublicationTest, ShowsTheOldOrTheNewWhicheverCallIsTheLast) {
  const std::string old_id = PublishRows(store_, AwkwardRows(), first_at_).value();
  store::FaultyObjectStore counting(store_);
  store::MemoryObjectStore scratch(clock_);
  ASSERT_TRUE(PublishRows(scratch, AwkwardRows(), first_at_));
  store::FaultyObjectStore faulty_scratch(scratch);
  ASSERT_TRUE(PublishRows(faulty_scratch, RowsWith("77"), second_at_));
  const int calls = faulty_scratch.calls();
  ASSERT_GT(calls, 10);
  for (int call = 1; call <= calls; ++call) {
    for (const bool dies : {false, true}) {
      store::MemoryObjectStore store(clock_);
      ASSERT_TRUE(PublishRows(store, AwkwardRows(), first_at_));
      store::FaultyObjectStore faulty(store);
      dies ? faulty.StopAtCall(call) : faulty.FailCall(call);
      const auto id = PublishRows(faulty, RowsWith("77"), second_at_);
      const auto current = OpenCurrent(store, nullptr);
      ASSERT_TRUE(current && *current) << call;
      EXPECT_FALSE((*current)->degraded) << call;
      const bool is_old = (*current)->snapshot->id() == old_id;
      EXPECT_EQ((*current)->computed_at, is_old ? first_at_ : second_at_) << call;
      EXPECT_TRUE(!id || !is_old) << call;
      ASSERT_TRUE(PublishRows(store, RowsWith("78"), second_at_ + std::chrono::hours(1))) << call;
    }
  }
}

TEST_F(PublicationTest, OfTheFirstSnapshotMayStopAnywhere) {
  store::MemoryObjectStore scratch(clock_);
  store::FaultyObjectStore counting(scratch);
  ASSERT_TRUE(PublishRows(counting, AwkwardRows(), first_at_));
  for (int call = 1; call <= counting.calls(); ++call) {
    store::MemoryObjectStore store(clock_);
    store::FaultyObjectStore faulty(store);
    faulty.StopAtCall(call);
    EXPECT_FALSE(PublishRows(faulty, AwkwardRows(), first_at_));
    const auto current = OpenCurrent(store, nullptr);
    ASSERT_TRUE(current) << call;
    if (*current) {
      EXPECT_EQ((*current)->snapshot->manifest().row_count(), AwkwardRows().size());
    }
    ASSERT_TRUE(PublishRows(store, AwkwardRows(), second_at_)) << call;
    EXPECT_FALSE(OpenCurrent(store, nullptr).value()->degraded);
  }
}

TEST_F(PublicationTest, BelievesTheStoreWhenTheSwapsAnswerIsLost) {
  ASSERT_TRUE(PublishRows(store_, AwkwardRows(), first_at_));
  store::FaultyObjectStore counting(store_);
  auto publication = Publication::Begin(counting);
  ASSERT_TRUE(publication);
  counting.LoseAnswerOfPut(1);
  EXPECT_TRUE(publication->Confirm(UpdateAt(second_at_)));
  EXPECT_EQ(StoredPointerNow().computed_at, second_at_);
}

TEST_F(PublicationTest, ReplacesADamagedPointer) {
  const std::string first = PublishRows(store_, AwkwardRows(), first_at_).value();
  Overwrite(kPointerKey, "{\"format\":1,\"sequ");
  auto publication = Publication::Begin(store_);
  ASSERT_TRUE(publication);
  EXPECT_FALSE(publication->base());
  ASSERT_TRUE(publication->base_damage());
  EXPECT_EQ(publication->base_damage()->code, ErrorCode::kCorrupt);
  ASSERT_TRUE(PublishRows(store_, RowsWith("77"), second_at_));
  const Pointer pointer = StoredPointerNow();
  EXPECT_GT(pointer.sequence, 1'000'000U);
  ASSERT_EQ(pointer.earlier.size(), 1U);
  EXPECT_EQ(pointer.earlier[0].id, first);
  EXPECT_FALSE(Opened().degraded);
}

TEST_F(PublicationTest, KeepsTheSequenceBesideADamagedManifest) {
  const std::string first = PublishRows(store_, AwkwardRows(), first_at_).value();
  const std::string second = PublishRows(store_, RowsWith("77"), second_at_).value();
  Overwrite(ManifestKey(second), "{}");
  const auto publication = Publication::Begin(store_);
  ASSERT_TRUE(publication);
  EXPECT_FALSE(publication->base());
  EXPECT_TRUE(publication->base_damage());
  ASSERT_TRUE(PublishRows(store_, RowsWith("77"), second_at_ + std::chrono::hours(1)));
  EXPECT_EQ(StoredPointerNow().sequence, 3U);
  ASSERT_EQ(StoredPointerNow().earlier.size(), 1U);
  EXPECT_EQ(StoredPointerNow().earlier[0].id, first);
}

TEST_F(PublicationTest, ReusesNothingWhenAnObjectIsMissing) {
  ASSERT_TRUE(PublishRows(store_, AwkwardRows(), first_at_));
  ASSERT_TRUE(store_.Delete(Opened().snapshot->manifest().parts[1].rows_object->key()));
  EXPECT_TRUE(Publication::Begin(store_)->base_damage());
  ASSERT_TRUE(PublishRows(store_, AwkwardRows(), second_at_));
  RowCollector rows;
  EXPECT_TRUE(ReadSnapshotRows(store_, Opened().snapshot->manifest(), rows));
}

TEST_F(PublicationTest, DoesNotTouchWhatANewerVersionWrote) {
  Overwrite(kPointerKey, R"({"format":2})");
  const auto publication = Publication::Begin(store_);
  ASSERT_FALSE(publication);
  EXPECT_EQ(publication.error().code, ErrorCode::kUnsupported);
}

TEST_F(PublicationTest, SaysWhenTheStoreIsAway) {
  store::FaultyObjectStore faulty(store_);
  faulty.FailCall(1, ErrorCode::kTimeout);
  EXPECT_EQ(Publication::Begin(faulty).error().code, ErrorCode::kTimeout);
}

TEST_F(PublicationTest, LeavesReadableCopies) {
  const std::string id = PublishRows(store_, SampleRows(), first_at_).value();
  const std::string latest = store_.Get("pipeline/by-region/latest.json")->bytes;
  EXPECT_THAT(latest, testing::StartsWith(R"({"data":[{"region":"North","deals":3,)"));
  EXPECT_THAT(latest, HasSubstr(R"(,"meta":{"source":"snapshot","snapshot_id":")" + id + "\""));
  EXPECT_THAT(latest, HasSubstr(R"("definitions_version":1,"filter":{},"rows":8}})"));
  EXPECT_EQ(store_.Get("pipeline/by-region/20261121T020000Z.json")->bytes, latest);
  EXPECT_TRUE(store_.Get("pipeline/by-product/latest.json"));
  EXPECT_TRUE(store_.Get("pipeline/by-product/20261121T020000Z.json"));
}

TEST_F(PublicationTest, NeverLowersTheLatestCopy) {
  const std::string old_id = PublishRows(store_, SampleRows(), first_at_).value();
  const std::string id = PublishRows(store_, AwkwardRows(), second_at_).value();
  const std::string latest = store_.Get("pipeline/by-region/latest.json")->bytes;
  ASSERT_TRUE(WriteReadableCopies(store_, old_id, ReadManifest(store_, old_id).value()));
  EXPECT_EQ(store_.Get("pipeline/by-region/latest.json")->bytes, latest);
  Overwrite("pipeline/by-region/latest.json", "damaged");
  ASSERT_TRUE(WriteReadableCopies(store_, id, ReadManifest(store_, id).value()));
  EXPECT_EQ(store_.Get("pipeline/by-region/latest.json")->bytes, latest);
}

}  // namespace
}  // namespace revops::snapshot
