#include "core/api/snapshots.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/api/testing/service_fixture.h"
#include "core/store/faulty_store.h"

namespace revops::api {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct FaultyCatalog : ::testing::Test {
  FaultyCatalog() {
    PublishSample(memory, SampleOf(SampleRows(TestService::Today()), TestService::Today()));
  }

  FakeClock clock{TestService::ToInstant("2026-11-22T10:00:00Z")};
  store::MemoryObjectStore memory{clock};
  store::FaultyObjectStore store{memory};
  SnapshotCatalog catalog{store};
};

TEST_F(FaultyCatalog, KeepsServingWhileTheStoreIsDown) {
  ASSERT_TRUE(catalog.Reload().has_value());
  const auto served = catalog.current();
  store.StopAtCall(store.calls() + 1);
  EXPECT_FALSE(catalog.Reload().has_value());
  EXPECT_EQ(catalog.current(), served);
  EXPECT_EQ(*catalog.Find(served->snapshot->id()), served);
  const auto list = catalog.List();
  ASSERT_FALSE(list.has_value());
  EXPECT_EQ(list.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(catalog.Find("2026-11-22").error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(catalog.Find("20261121T020000Z-00000000").error().code, ErrorCode::kUnavailable);
}

TEST_F(FaultyCatalog, FailsWholeAtEveryCallOfAReload) {
  for (int call = 1;; ++call) {
    SnapshotCatalog fresh(store);
    const int before = store.calls();
    store.FailCall(before + call, ErrorCode::kUnavailable);
    const Result<bool> reloaded = fresh.Reload();
    if (store.calls() < before + call) break;
    EXPECT_EQ(reloaded.has_value(), fresh.current() != nullptr) << call;
  }
}

TEST_F(FaultyCatalog, ReadsManifestsAgainOnlyWhenTheyChange) {
  ASSERT_TRUE(catalog.Reload().has_value());
  ASSERT_TRUE(catalog.List().has_value());
  const int before = store.calls();
  ASSERT_TRUE(catalog.List().has_value());
  EXPECT_EQ(store.calls(), before + 1);
}

TEST_F(FaultyCatalog, KeepsTheSnapshotThatWasJustReplacedOpen) {
  ASSERT_TRUE(catalog.Reload().has_value());
  const auto first = catalog.current();
  PublishSample(memory, SampleOf(SampleRows(TestService::Today()), TestService::Today() + 1));
  ASSERT_TRUE(catalog.Reload().value_or(false));
  const int before = store.calls();
  EXPECT_EQ(*catalog.Find(first->snapshot->id()), first);
  EXPECT_EQ(store.calls(), before);
}

TEST_F(FaultyCatalog, SharesPartsWithThePreviousSnapshot) {
  std::vector<SampleRow> rows = SampleRows(TestService::Today());
  rows.front().sold_on = TestService::Today() - 90;
  PublishSample(memory, SampleOf(rows, TestService::Today() + 1));
  rows.back().amount = "1.00";
  PublishSample(memory, SampleOf(rows, TestService::Today() + 2));
  const auto list = catalog.List();
  ASSERT_TRUE(list.has_value());
  ASSERT_EQ(list->size(), 3U);
  EXPECT_EQ(list->front().parts, 2U);
  EXPECT_EQ(list->front().shared_parts, 1U);
  EXPECT_EQ(list->at(1).shared_parts, 0U);
  EXPECT_EQ(list->at(2).shared_parts, 0U);
}

std::vector<std::string> OriginsOf(SnapshotCatalog& catalog) {
  std::vector<std::string> origins;
  const auto listed = catalog.List();
  for (const SnapshotSummary& summary : *listed) origins.push_back(summary.origin);
  return origins;
}

TEST_F(FaultyCatalog, TakesForUnlabelledRowsWhatTheDeploymentIsLabelled) {
  SampleSnapshot own = SampleOf(SampleRows(TestService::Today()), TestService::Today() + 1);
  own.origin = "own";
  PublishSample(memory, own);
  SnapshotCatalog labelled(store, snapshot::Reading::kWhole, "demo");
  EXPECT_THAT(OriginsOf(labelled), ElementsAre("own", "demo"));
  EXPECT_THAT(OriginsOf(catalog), ElementsAre("own", "own"));
}

TEST_F(FaultyCatalog, FindsADayAmongTheRowsThatAreCurrent) {
  const Date today = TestService::Today();
  const auto publish = [&](Date day, const char* origin) {
    SampleSnapshot sample = SampleOf(SampleRows(today), day);
    sample.origin = origin;
    return PublishSample(memory, sample);
  };
  const std::string own = publish(today + 1, "own");
  const std::string demo = publish(today + 2, "demo");
  const std::string own_again = publish(today + 4, "own");
  const auto found = [&](Date day) {
    const auto edition = catalog.Find(day.ToString());
    return edition ? (*edition)->snapshot->id() : "none";
  };
  ASSERT_TRUE(catalog.Reload());
  EXPECT_EQ(found(today + 3), own);
  EXPECT_EQ(found(today + 4), own_again);
  EXPECT_EQ((*catalog.Find(demo))->made_up_as(), "demo");
  const std::string demo_again = publish(today + 5, "demo");
  ASSERT_TRUE(catalog.Reload());
  EXPECT_EQ(found(today + 4), demo);
  EXPECT_EQ(found(today + 1), own) << "there are no others of that day";
}

TEST(SnapshotCatalog, HasNothingBeforeTheFirstPublication) {
  TestService test;
  EXPECT_EQ(test.snapshots.Reload().value_or(true), false);
  EXPECT_EQ(test.snapshots.current(), nullptr);
  EXPECT_EQ(test.snapshots.List()->size(), 0U);
  EXPECT_EQ(test.snapshots.Find("2026-11-22").error().code, ErrorCode::kNotFound);
}

TEST(SnapshotCatalog, RefusesASnapshotWhoseZoneIsUnknown) {
  TestService test;
  SampleSnapshot sample = SampleOf(SampleRows(TestService::Today()), TestService::Today());
  sample.definitions.zone = "Mars/Olympus";
  PublishSample(test.store, sample);
  const Result<bool> reloaded = test.snapshots.Reload();
  ASSERT_FALSE(reloaded.has_value());
  EXPECT_THAT(reloaded.error().message, HasSubstr("Mars/Olympus"));
}

/// Two snapshots that differ in every answer; a reader that saw a mixture would find the rows of
/// one beside the id of the other.
TEST(SnapshotCatalog, PinsOneSnapshotARequestWhileItIsReplaced) {
  TestService test;
  const Date today = TestService::Today();
  std::vector<SampleRow> few = SampleRows(today);
  few.resize(3);
  std::vector<SampleSnapshot> samples = {SampleOf(few, today), SampleOf(SampleRows(today), today)};
  samples[1].computed_at += std::chrono::seconds(1);
  const std::string first = test.Publish(samples[0]);
  std::atomic<bool> done{false};
  std::atomic<int> mixed{0};
  std::atomic<int> answered{0};
  std::vector<std::thread> readers;
  for (const std::string target : {"/api/summary", "/api/summary?not_region=x"}) {
    readers.emplace_back([&, target] {
      while (!done) {
        const std::string body = test.Get(target).body;
        const bool is_first = body.find(first) != std::string::npos;
        const bool has_three = body.ends_with("\"rows\":3}}");
        const bool has_eight = body.ends_with("\"rows\":8}}");
        if (has_three == has_eight) ++mixed;
        if (is_first && !has_three) ++mixed;
        ++answered;
      }
    });
  }
  for (int round = 0; round < 6; ++round) {
    const int before = answered;
    SampleSnapshot next = samples[static_cast<std::size_t>(round % 2 == 0 ? 1 : 0)];
    next.computed_at += std::chrono::seconds(10 * (round + 1));
    test.Publish(next);
    while (answered < before + 4) std::this_thread::yield();
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(mixed, 0);
}

}  // namespace
}  // namespace revops::api
