#include "lambdas/common/stored_refresh.h"

#include <chrono>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/store/memory/memory_store.h"
#include "lambdas/common/stored_jobs.h"

namespace revops::lambda {
namespace {

using snapshot::JobState;

class RecordingStarter final : public ProcessorStarter {
 public:
  Result<void> Start(const std::string& event) override {
    events.push_back(event);
    if (fails) return Fail(ErrorCode::kResourceExhausted, "throttled", "lambda:429");
    return {};
  }

  std::vector<std::string> events;
  bool fails = false;
};

struct StoredRefreshTest : testing::Test {
  FakeClock clock{*ParseInstant("2026-11-22T10:00:00Z")};
  SeededRandom random{1};
  store::MemoryObjectStore store{clock};
  RecordingStarter processor;
  StoredRefresh refresh{{store, processor, clock, random}};
  bool joined = false;

  snapshot::RefreshJob Start() { return *refresh.StartOrJoin(joined); }
};

TEST_F(StoredRefreshTest, QueuesAJobAndStartsTheProcessorWithIt) {
  const snapshot::RefreshJob job = Start();
  EXPECT_FALSE(joined);
  EXPECT_EQ(job.state, JobState::kQueued);
  EXPECT_THAT(processor.events, testing::ElementsAre("{\"job\":\"" + job.id + "\"}"));
  EXPECT_EQ(refresh.Find(job.id)->requested_by, "person");
  EXPECT_EQ(refresh.newest()->id, job.id);
}

TEST_F(StoredRefreshTest, JoinsTheJobThatHasNotEnded) {
  const snapshot::RefreshJob first = Start();
  const snapshot::RefreshJob second = Start();
  EXPECT_TRUE(joined);
  EXPECT_EQ(second.id, first.id);
  EXPECT_EQ(processor.events.size(), 1U);
}

TEST_F(StoredRefreshTest, StartsAnotherAfterTheEndAndAfterALongSilence) {
  const snapshot::RefreshJob first = Start();
  clock.Advance(std::chrono::minutes(31));
  EXPECT_EQ(refresh.newest()->state, JobState::kFailed);
  const snapshot::RefreshJob second = Start();
  EXPECT_FALSE(joined);
  EXPECT_NE(second.id, first.id);
  ASSERT_TRUE(refresh.Cancel(second.id));
  clock.Advance(std::chrono::seconds(1));
  EXPECT_NE(Start().id, second.id);
}

TEST_F(StoredRefreshTest, SaysThatTheProcessorDidNotStart) {
  processor.fails = true;
  const auto started = refresh.StartOrJoin(joined);
  EXPECT_EQ(started.error().origin, "lambda:429");
  EXPECT_EQ(refresh.newest()->state, JobState::kFailed);
}

TEST_F(StoredRefreshTest, CancelsOnce) {
  const snapshot::RefreshJob job = Start();
  EXPECT_EQ(refresh.Cancel(job.id)->state, JobState::kCancelled);
  EXPECT_EQ(refresh.Cancel(job.id).error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(refresh.Cancel("0").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(refresh.Find("0123456789abcdef0123456789abcdef").error().code, ErrorCode::kNotFound);
}

TEST_F(StoredRefreshTest, KnowsNoJobBeforeTheFirst) { EXPECT_FALSE(refresh.newest()); }

TEST_F(StoredRefreshTest, AJobIsReplacedOnlyByWhoHasSeenIt) {
  const snapshot::RefreshJob job = Start();
  const StoredJob seen = *FindJob(store, job.id);
  ASSERT_TRUE(PutJob(store, job, seen.version));
  EXPECT_EQ(PutJob(store, job, seen.version).error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(PutJob(store, job, std::nullopt).error().code, ErrorCode::kAlreadyExists);
}

}  // namespace
}  // namespace revops::lambda
