#include <chrono>
#include <condition_variable>
#include <mutex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/snapshot/snapshot.h"
#include "core/snapshot/test_publisher.h"
#include "core/snapshot/views.h"
#include "core/store/faulty_store.h"
#include "core/store/memory/memory_store.h"

namespace revops::snapshot {
namespace {

/// Two snapshots; the second one is current, and its pointer's clocks have moved since.
class CurrentTest : public testing::Test {
 protected:
  void SetUp() override {
    first_id_ = PublishRows(store_, SampleRows(), first_at_).value();
    second_id_ = PublishRows(store_, AwkwardRows(), second_at_).value();
    auto publication = Publication::Begin(store_);
    ASSERT_TRUE(publication);
    ASSERT_TRUE(publication->Confirm(UpdateAt(confirmed_at_)));
    second_ = ReadManifest(store_, second_id_).value();
  }

  void Damage(const std::string& key) {
    std::string bytes = store_.Get(key)->bytes;
    bytes[bytes.size() / 2] ^= 1;
    ASSERT_TRUE(store_.Put(key, bytes, store::PutCondition::None()));
  }

  void ExpectFirst(const char* degraded) {
    const auto current = OpenCurrent(store_, nullptr);
    ASSERT_TRUE(current && *current);
    EXPECT_EQ((*current)->snapshot->id(), first_id_);
    EXPECT_EQ((*current)->degraded, degraded);
    EXPECT_EQ((*current)->computed_at, first_at_);
  }

  const Instant first_at_ = At("2026-11-21T02:00:00Z");
  const Instant second_at_ = At("2026-11-22T02:00:00Z");
  const Instant confirmed_at_ = At("2026-11-23T02:00:00Z");
  FakeClock clock_{first_at_};
  store::MemoryObjectStore store_{clock_};
  std::string first_id_;
  std::string second_id_;
  Manifest second_;
};

TEST_F(CurrentTest, FollowsThePointer) {
  const auto current = OpenCurrent(store_, nullptr);
  ASSERT_TRUE(current && *current);
  EXPECT_EQ((*current)->snapshot->id(), second_id_);
  EXPECT_EQ((*current)->computed_at, confirmed_at_);
  EXPECT_FALSE((*current)->degraded);
  const Snapshot& snapshot = *(*current)->snapshot;
  for (const std::string& view : ViewNames(snapshot.manifest().schema)) {
    EXPECT_TRUE(snapshot.view(view).starts_with("{\"data\":["));
  }
  EXPECT_EQ(TotalsOf(snapshot.manifest().schema, snapshot.cube().columns()),
            snapshot.manifest().totals);
}

TEST_F(CurrentTest, ReusesWhatIsLoaded) {
  const auto first = OpenCurrent(store_, nullptr);
  store::FaultyObjectStore counting(store_);
  const auto again = OpenCurrent(counting, (*first)->snapshot);
  ASSERT_TRUE(again && *again);
  EXPECT_EQ((*again)->snapshot, (*first)->snapshot);
  EXPECT_EQ(counting.calls(), 1);
}

TEST_F(CurrentTest, IsNothingInAnEmptyStore) {
  store::MemoryObjectStore empty(clock_);
  const auto current = OpenCurrent(empty, nullptr);
  ASSERT_TRUE(current);
  EXPECT_FALSE(*current);
}

TEST_F(CurrentTest, FallsBackToTheNewestManifestWithoutItsPointer) {
  for (const bool is_missing : {false, true}) {
    if (is_missing) {
      ASSERT_TRUE(store_.Delete(kPointerKey));
    } else {
      ASSERT_TRUE(store_.Put(kPointerKey, "?", store::PutCondition::None()));
    }
    const auto current = OpenCurrent(store_, nullptr);
    ASSERT_TRUE(current && *current);
    EXPECT_EQ((*current)->snapshot->id(), second_id_);
    EXPECT_EQ((*current)->degraded, "pointer_damaged");
    EXPECT_EQ((*current)->computed_at, second_at_);
  }
}

TEST_F(CurrentTest, FallsBackFromADamagedManifest) {
  Damage(ManifestKey(second_id_));
  ExpectFirst("manifest_damaged");
}

TEST_F(CurrentTest, FallsBackFromAMissingManifest) {
  ASSERT_TRUE(store_.Delete(ManifestKey(second_id_)));
  ExpectFirst("manifest_damaged");
}

TEST_F(CurrentTest, FallsBackFromAnyDamagedObjectThatItServes) {
  std::vector<ObjectRef> refs = {second_.definitions_object};
  for (const auto& [name, ref] : second_.views) refs.push_back(ref);
  for (const Part& part : second_.parts) refs.push_back(part.cube_object);
  for (const ObjectRef& ref : refs) {
    if (ref == second_.definitions_object) continue;  // both snapshots have it
    const store::Object object = store_.Get(ref.key()).value();
    Damage(ref.key());
    ExpectFirst("object_damaged");
    ASSERT_TRUE(store_.Delete(ref.key()));
    ExpectFirst("object_damaged");
    ASSERT_TRUE(store_.Put(ref.key(), object.bytes, store::PutCondition::None()));
  }
}

TEST_F(CurrentTest, LooksBeyondThePointersList) {
  StoredPointer stored = ReadPointer(store_).value().value();
  stored.pointer.earlier.clear();
  ASSERT_TRUE(store_.Put(kPointerKey, Encode(stored.pointer), store::PutCondition::None()));
  Damage(ManifestKey(second_id_));
  ExpectFirst("manifest_damaged");
}

TEST_F(CurrentTest, FailsWhenNothingIsWhole) {
  Damage(ManifestKey(first_id_));
  Damage(ManifestKey(second_id_));
  const auto current = OpenCurrent(store_, nullptr);
  ASSERT_FALSE(current);
  EXPECT_EQ(current.error().code, ErrorCode::kCorrupt);
}

TEST_F(CurrentTest, DoesNotTakeAnAbsentStoreForDamage) {
  store::FaultyObjectStore counting(store_);
  ASSERT_TRUE(OpenCurrent(counting, nullptr));
  for (int call = 1; call <= counting.calls(); ++call) {
    store::FaultyObjectStore faulty(store_);
    faulty.FailCall(call);
    const auto current = OpenCurrent(faulty, nullptr);
    ASSERT_FALSE(current) << call;
    EXPECT_EQ(current.error().code, ErrorCode::kUnavailable) << call;
  }
}

/// Answers for a cube only while another one is asked for as well.
class PairedStore final : public store::ObjectStore {
 public:
  explicit PairedStore(store::ObjectStore& beneath) : beneath_(beneath) {}

  Result<store::Object> Get(std::string_view key) override {
    if (key.find(".cube") != std::string_view::npos && !MeetAnother()) {
      return Fail(ErrorCode::kTimeout, "one after the other");
    }
    return beneath_.Get(key);
  }
  Result<store::Version> Put(std::string_view key, std::string_view bytes,
                             const store::PutCondition& condition) override {
    return beneath_.Put(key, bytes, condition);
  }
  Result<std::vector<store::ObjectInfo>> List(std::string_view prefix) override {
    return beneath_.List(prefix);
  }
  Result<void> Delete(std::string_view key) override { return beneath_.Delete(key); }

 private:
  bool MeetAnother() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    came_.notify_all();
    return came_.wait_for(lock, std::chrono::seconds(10), [this] { return waiting_ >= 2; });
  }

  store::ObjectStore& beneath_;
  std::mutex mutex_;
  std::condition_variable came_;
  int waiting_ = 0;
};

TEST_F(CurrentTest, ReadsCubesOnDemandSideBySide) {
  ASSERT_GE(second_.parts.size(), 2U);
  PairedStore paired(store_);
  const auto snapshot = Snapshot::Open(paired, second_id_, Reading::kOnDemand);
  ASSERT_TRUE(snapshot);
  ASSERT_TRUE((*snapshot)->LoadCube());
  EXPECT_EQ((*snapshot)->cube().columns(),
            Snapshot::Open(store_, second_id_, Reading::kWhole).value()->cube().columns());
}

TEST_F(CurrentTest, SaysWhichCubeIsMissing) {
  ASSERT_TRUE(store_.Delete(second_.parts.back().cube_object.key()));
  const auto snapshot = Snapshot::Open(store_, second_id_, Reading::kOnDemand);
  ASSERT_TRUE(snapshot);
  const auto loaded = (*snapshot)->LoadCube();
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, ErrorCode::kCorrupt);
  EXPECT_THAT(loaded.error().message, testing::HasSubstr(second_.parts.back().cube_object.key()));
}

TEST_F(CurrentTest, RefusesANewerVersion) {
  ASSERT_TRUE(store_.Put(kPointerKey, R"({"format":2})", store::PutCondition::None()));
  EXPECT_EQ(OpenCurrent(store_, nullptr).error().code, ErrorCode::kUnsupported);
}

TEST_F(CurrentTest, OpensByIdAlone) {
  EXPECT_EQ(Snapshot::Open(store_, first_id_, Reading::kWhole).value()->manifest().row_count(), 8U);
  for (const char* id : {"", "../current", "20261121T020000Z-00000000"}) {
    EXPECT_EQ(Snapshot::Open(store_, id, Reading::kWhole).error().code, ErrorCode::kNotFound) << id;
  }
  Damage(ManifestKey(first_id_));
  EXPECT_EQ(Snapshot::Open(store_, first_id_, Reading::kWhole).error().code, ErrorCode::kCorrupt);
}

TEST_F(CurrentTest, RefusesAManifestThatDoesNotAddUp) {
  for (const int change : {0, 1, 2, 3}) {
    Manifest manifest = second_;
    if (change == 0) manifest.content_hash = std::string(64, '0');
    if (change == 1) manifest.totals[sales::Status::kOpen].amount += Money::FromCents(1);
    if (change == 2) manifest.views.erase("by-stage");
    if (change == 3) manifest.parts[0].cube_object = manifest.parts[1].cube_object;
    const std::string bytes = Encode(manifest);
    const std::string id = ManifestId(manifest, bytes);
    ASSERT_TRUE(store_.Put(ManifestKey(id), bytes, store::PutCondition::None()));
    const auto opened = Snapshot::Open(store_, id, Reading::kWhole);
    ASSERT_FALSE(opened) << change;
    EXPECT_EQ(opened.error().code, ErrorCode::kCorrupt);
  }
}

TEST_F(CurrentTest, ListsTheNewestFirst) {
  Damage(ManifestKey(first_id_));
  ASSERT_TRUE(store_.Put("revops/snapshots/readme.txt", "", store::PutCondition::None()));
  const std::string third = PublishRows(store_, SampleRows(), confirmed_at_).value();
  const auto entries = ListSnapshots(store_);
  ASSERT_TRUE(entries);
  ASSERT_EQ(entries->size(), 2U);
  EXPECT_EQ((*entries)[0].id, third);
  EXPECT_EQ((*entries)[1].id, second_id_);
}

TEST(SnapshotOfTotalsAlone, OpensAndHasNoRows) {
  FakeClock clock(At("2026-11-22T02:00:00Z"));
  store::MemoryObjectStore store(clock);
  const auto built = BuildSnapshot(AwkwardRows(), {clock.Now(), HashKind::kCube, {}, {}});
  ASSERT_TRUE(built);
  auto publication = Publication::Begin(store);
  ASSERT_TRUE(publication);
  for (const EncodedObject& object : built->objects) ASSERT_TRUE(publication->Put(object));
  ASSERT_TRUE(publication->Commit(built->manifest, UpdateAt(clock.Now())));
  const auto current = OpenCurrent(store, nullptr);
  ASSERT_TRUE(current && *current);
  RowCollector rows;
  const auto read = ReadSnapshotRows(store, (*current)->snapshot->manifest(), rows);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kUnsupported);
}

TEST(SnapshotOfNoRows, IsASnapshot) {
  FakeClock clock(At("2026-11-22T02:00:00Z"));
  store::MemoryObjectStore store(clock);
  ASSERT_TRUE(PublishRows(store, {}, clock.Now()));
  const auto current = OpenCurrent(store, nullptr);
  ASSERT_TRUE(current && *current);
  EXPECT_EQ((*current)->snapshot->manifest().row_count(), 0U);
}

}  // namespace
}  // namespace revops::snapshot
