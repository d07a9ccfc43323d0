#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/snapshot/collecting.h"
#include "core/snapshot/job.h"
#include "core/snapshot/snapshot.h"
#include "core/snapshot/stored_manifest.h"
#include "core/snapshot/test_publisher.h"
#include "core/snapshot/verify.h"
#include "core/store/faulty_store.h"
#include "core/store/memory/memory_store.h"

namespace revops::snapshot {
namespace {

using testing::ElementsAre;

class CollectTest : public testing::Test {
 protected:
  /// A snapshot that has objects of its own.
  std::string PublishNight(Instant at) {
    clock_.JumpTo(at);
    return PublishBuilt(store_, TinySnapshot(at, "same", std::to_string(++nights_))).value();
  }

  /// The same without the pointer, for the many.
  void StoreNight(Instant at, const std::optional<std::string>& origin = std::nullopt) {
    clock_.JumpTo(at);
    BuiltSnapshot built = TinySnapshot(at, "same", std::to_string(++nights_));
    built.manifest.origin = origin;
    for (const EncodedObject& object : built.objects) {
      ASSERT_TRUE(store_.Put(object.ref.key(), object.bytes, store::PutCondition::None()));
    }
    const std::string bytes = Encode(built.manifest);
    ASSERT_TRUE(store_.Put(ManifestKey(ManifestId(built.manifest, bytes)), bytes,
                           store::PutCondition::None()));
  }

  CollectReport Collected(Instant now) {
    clock_.JumpTo(now);
    const auto report = Collect(store_, now);
    EXPECT_TRUE(report) << Describe(report.error());
    return *report;
  }

  std::vector<std::string> Days() {
    const auto entries = ListSnapshots(store_).value();
    std::vector<std::string> days;
    for (const SnapshotEntry& entry : entries) days.push_back(entry.id.substr(0, 8));
    return days;
  }

  void ExpectWhole() { ExpectWhole(store_); }
  static void ExpectWhole(store::ObjectStore& store) {
    const auto entries = ListSnapshots(store).value();
    for (const SnapshotEntry& entry : entries) {
      for (const ObjectRef& ref : References(entry.manifest)) {
        EXPECT_TRUE(ReadObject(store, ref)) << entry.id;
      }
    }
    EXPECT_TRUE(ReadManifest(store, ReadPointer(store).value()->pointer.manifest.id));
  }

  FakeClock clock_{At("2026-01-01T02:00:00Z")};
  store::MemoryObjectStore store_{clock_};
  int nights_ = 0;
};

TEST_F(CollectTest, KeepsEveryNightThenWeeksThenMonths) {
  const Instant start = At("2025-06-01T02:00:00Z");
  const Instant end = At("2026-11-22T02:00:00Z");
  for (Instant at = start; at < end; at += std::chrono::days(1)) StoreNight(at);
  PublishNight(end);
  const CollectReport report = Collected(end + std::chrono::hours(1));
  const std::vector<std::string> days = Days();
  EXPECT_EQ(report.snapshots_deleted, static_cast<std::uint64_t>(nights_) - days.size());
  EXPECT_EQ(report.objects_deleted, report.snapshots_deleted);
  EXPECT_GT(report.bytes_deleted, 0U);
  const auto count = [&](std::string_view from, std::string_view to) {
    return std::count_if(days.begin(), days.end(),
                         [&](const std::string& day) { return from <= day && day < to; });
  };
  EXPECT_EQ(count("20261018", "20261123"), 36) << "35 days and today";
  EXPECT_EQ(count("20260601", "20260629"), 4) << "Sundays";
  EXPECT_EQ(count("20250601", "20251101"), 5) << "the last of each month";
  EXPECT_EQ(days.back(), "20250630");
  ExpectWhole();
  EXPECT_EQ(Collected(end + std::chrono::hours(1)).snapshots_deleted, 0U);
}

TEST_F(CollectTest, KeepsOnesOwnWeeksBesideThoseOfADemo) {
  PublishNight(At("2026-01-01T02:00:00Z"));
  for (const int day : {5, 6}) {
    StoreNight(At("2026-01-01T00:00:00Z") + std::chrono::days(day), "own");
    StoreNight(At("2026-01-01T02:00:00Z") + std::chrono::days(day), "demo");
  }
  EXPECT_EQ(Collected(At("2026-03-01T00:00:00Z")).snapshots_deleted, 2U);
  EXPECT_THAT(Days(), ElementsAre("20260107", "20260107", "20260101"));
}

TEST_F(CollectTest, KeepsWhatThePointerNames) {
  for (int week = 0; week < 10; ++week) {
    PublishNight(At("2026-01-05T02:00:00Z") + std::chrono::hours(week));
  }
  Collected(At("2026-06-01T00:00:00Z"));
  EXPECT_EQ(Days().size(), 1 + kEarlierMax);
  ExpectWhole();
}

TEST_F(CollectTest, KeepsObjectsOfTwoDays) {
  const Instant at = At("2026-01-05T02:00:00Z");
  PublishNight(at);
  const EncodedObject orphan = EncodeObject("an orphan", "json.zst");
  ASSERT_TRUE(store_.Put(orphan.ref.key(), orphan.bytes, store::PutCondition::None()));
  EXPECT_EQ(Collected(at + std::chrono::hours(48)).objects_deleted, 0U);
  const CollectReport report = Collected(at + std::chrono::hours(49));
  EXPECT_EQ(report.objects_deleted, 1U);
  EXPECT_EQ(report.bytes_deleted, orphan.bytes.size());
  EXPECT_FALSE(store_.Get(orphan.ref.key()));
  EXPECT_FALSE(store_.Get(kCollectingKey));
  ExpectWhole();
}

TEST_F(CollectTest, DeletesOldJobs) {
  RefreshJob job;
  job.id = std::string(32, 'a');
  ASSERT_TRUE(SaveJob(store_, job));
  Collected(clock_.Now() + std::chrono::days(7));
  EXPECT_TRUE(LoadJob(store_, job.id));
  Collected(clock_.Now() + std::chrono::hours(1));
  EXPECT_FALSE(LoadJob(store_, job.id));
}

TEST_F(CollectTest, DeletesNothingBesideADamagedPointer) {
  const std::string id = PublishNight(At("2026-01-05T02:00:00Z"));
  for (const auto& [bytes, code] : {std::pair("?", ErrorCode::kCorrupt),
                                    std::pair(R"({"format":2})", ErrorCode::kUnsupported)}) {
    ASSERT_TRUE(store_.Put(kPointerKey, bytes, store::PutCondition::None()));
    const auto report = Collect(store_, At("2027-06-01T00:00:00Z"));
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, code);
  }
  EXPECT_TRUE(ReadManifest(store_, id));
}

TEST_F(CollectTest, KeepsObjectsWhileAManifestIsDamaged) {
  const std::string first = PublishNight(At("2026-01-05T02:00:00Z"));
  for (int night = 0; night < 10; ++night) {
    PublishNight(At("2026-01-06T02:00:00Z") + std::chrono::hours(24 * night));
  }
  const std::string bytes = store_.Get(ManifestKey(first))->bytes;
  const std::string digests_key = ReadManifest(store_, first)->day_digests_object->key();
  ASSERT_TRUE(store_.Put(ManifestKey(first), "?", store::PutCondition::None()));
  EXPECT_EQ(Collected(At("2026-01-25T02:00:00Z")).objects_deleted, 0U);
  EXPECT_TRUE(store_.Get(digests_key)) << "the manifest may come back from a backup";
  const CollectReport late = Collected(At("2026-02-15T02:00:00Z"));
  EXPECT_GT(late.snapshots_deleted, 0U);
  EXPECT_FALSE(store_.Get(digests_key));
  ExpectWhole();
}

TEST_F(CollectTest, LeavesObjectsToACollectorAtWork) {
  const Instant at = At("2026-01-05T02:00:00Z");
  const EncodedObject orphan = EncodeObject("an orphan", "json.zst");
  clock_.JumpTo(at);
  ASSERT_TRUE(store_.Put(orphan.ref.key(), orphan.bytes, store::PutCondition::None()));
  const Instant later = at + std::chrono::hours(100);
  ASSERT_TRUE(
      store_.Put(kCollectingKey, Encode(Collecting{later, {}}), store::PutCondition::None()));
  EXPECT_EQ(Collected(later + std::chrono::hours(1)).objects_deleted, 0U);
  EXPECT_EQ(Collected(later + std::chrono::hours(7)).objects_deleted, 1U) << "it is dead by now";
}

TEST_F(CollectTest, ADeadCollectorStopsPublishersForSixHours) {
  const Instant at = At("2026-01-05T02:00:00Z");
  const auto built = BuildSnapshot(SampleRows(), {at, HashKind::kRows, std::nullopt, {}});
  ASSERT_TRUE(built);
  ASSERT_TRUE(store_.Put(kCollectingKey,
                         Encode(Collecting{at, {built->manifest.parts[0].rows_object->key()}}),
                         store::PutCondition::None()));
  const auto stopped = PublishRows(store_, SampleRows(), at);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::kAlreadyExists);
  EXPECT_TRUE(Days().empty()) << "the manifest is withdrawn";
  EXPECT_TRUE(PublishRows(store_, AwkwardRows(), at)) << "others are not concerned";
  EXPECT_TRUE(PublishRows(store_, SampleRows(), at + std::chrono::hours(7)));
}

TEST_F(CollectTest, MayStopAnywhere) {
  const auto fill = [&](store::ObjectStore& store) {
    for (int night = 0; night < 12; ++night) {
      const Instant at = At("2026-01-05T02:00:00Z") + std::chrono::hours(night);
      clock_.JumpTo(at);
      ASSERT_TRUE(PublishBuilt(store, TinySnapshot(at, "same", std::to_string(night))));
    }
  };
  const Instant now = At("2026-03-05T02:00:00Z");
  store::MemoryObjectStore scratch(clock_);
  fill(scratch);
  store::FaultyObjectStore counting(scratch);
  ASSERT_GT(Collect(counting, now)->objects_deleted, 0U);
  for (int call = 1; call <= counting.calls(); ++call) {
    store::MemoryObjectStore store(clock_);
    fill(store);
    store::FaultyObjectStore faulty(store);
    faulty.StopAtCall(call);
    EXPECT_FALSE(Collect(faulty, now)) << call;
    ExpectWhole(store);
    ASSERT_TRUE(Collect(store, now + std::chrono::hours(7))) << call;
    EXPECT_EQ(store.List("revops/objects/")->size(), scratch.List("revops/objects/")->size());
  }
}

}  // namespace
}  // namespace revops::snapshot
