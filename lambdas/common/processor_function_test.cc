#include "lambdas/common/processor_function.h"

#include <chrono>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/logging.h"
#include "core/processor/nights_testing.h"
#include "core/snapshot/verify.h"
#include "lambdas/common/stored_jobs.h"
#include "lambdas/common/stored_refresh.h"

namespace revops::lambda {
namespace {

using processor::MakeSale;
using snapshot::JobState;
using testing::HasSubstr;

class SilentStarter final : public ProcessorStarter {
 public:
  Result<void> Start(const std::string&) override { return {}; }
};

struct ProcessorFunctionTest : testing::Test {
  processor::Nights nights;
  SeededRandom random{1};
  FunctionSettings settings =
      *ReadFunctionSettings([](const std::string&) { return std::nullopt; }, {});
  ProcessorFunction function{{nights.warehouse, nights.store, nights.clock, random, settings}};
  SilentStarter starter;
  StoredRefresh refresh{{nights.store, starter, nights.clock, random}};
  std::chrono::milliseconds time{900'000};

  ProcessorFunctionTest() {
    SetLogLevel(LogLevel::kError);
    nights.warehouse.Edit([](auto& rows) { rows.push_back(MakeSale("1", "2026-11-20")); });
  }

  Result<std::string> Call(const std::string& event) {
    net::LambdaInvocation invocation;
    invocation.payload = event;
    invocation.deadline = nights.clock.SteadyNow() + time;
    return function.Handle(invocation);
  }

  std::string Queue() {
    bool joined = false;
    return refresh.StartOrJoin(joined)->id;
  }
};

TEST_F(ProcessorFunctionTest, ReturnsTheReport) {
  const auto report = Call("{}");
  ASSERT_TRUE(report);
  EXPECT_THAT(*report, testing::StartsWith(R"({"outcome":"published","snapshot_id":")"));
  EXPECT_THAT(*Call("{}"), HasSubstr("unchanged"));
  nights.ExpectTruth();
}

TEST_F(ProcessorFunctionTest, ARunByHandLeavesItsRecord) {
  ASSERT_TRUE(Call("{}"));
  const auto job = refresh.newest();
  ASSERT_TRUE(job);
  EXPECT_EQ(job->state, JobState::kSucceeded);
  EXPECT_EQ(job->requested_by, "command");
  EXPECT_EQ(job->outcome, "published");
  EXPECT_EQ(job->rows, 1U);
  EXPECT_EQ(job->progress_percent(), 100);
}

TEST_F(ProcessorFunctionTest, AScheduledRunServesItsInstant) {
  ASSERT_TRUE(Call(R"({"source":"aws.scheduler","time":"2026-11-22T02:00:00Z"})"));
  EXPECT_EQ(nights.Pointer().last_scheduled_for, *ParseInstant("2026-11-22T02:00:00Z"));
  EXPECT_EQ(refresh.newest()->requested_by, "schedule");
  nights.clock.Advance(std::chrono::hours(25));
  ASSERT_TRUE(Call(R"({"version":"0","source":"aws.events","detail-type":"Scheduled Event"})"));
  EXPECT_EQ(nights.Pointer().last_scheduled_for, *ParseInstant("2026-11-23T02:00:00Z"));
}

TEST_F(ProcessorFunctionTest, RunsAJobThatWasAskedFor) {
  const std::string id = Queue();
  ASSERT_TRUE(Call("{\"job\":\"" + id + "\"}"));
  EXPECT_EQ(refresh.Find(id)->state, JobState::kSucceeded);
  EXPECT_EQ(refresh.Find(id)->requested_by, "person");
  EXPECT_EQ(*Call("{\"job\":\"" + id + "\"}"), R"({"outcome":"succeeded"})");
  EXPECT_EQ(nights.warehouse.calls.begins, 1);
}

TEST_F(ProcessorFunctionTest, DoesNotRunWhatWasCancelledBefore) {
  const std::string id = Queue();
  ASSERT_TRUE(refresh.Cancel(id));
  EXPECT_EQ(*Call("{\"job\":\"" + id + "\"}"), R"({"outcome":"cancelled"})");
  EXPECT_EQ(nights.warehouse.calls.begins, 0);
}

TEST_F(ProcessorFunctionTest, StopsWhenTheRunningJobIsCancelled) {
  const std::string id = Queue();
  nights.warehouse.on_begin = [&] { ASSERT_TRUE(refresh.Cancel(id)); };
  const auto report = Call("{\"job\":\"" + id + "\"}");
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(refresh.Find(id)->state, JobState::kCancelled);
  EXPECT_EQ(nights.Current(), nullptr);
}

TEST_F(ProcessorFunctionTest, StopsItselfBeforeItsTimeIsOver) {
  time = std::chrono::milliseconds(0);
  nights.warehouse.on_begin = [] { std::this_thread::sleep_for(std::chrono::milliseconds(50)); };
  const auto report = Call("{}");
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().origin, "lambda:timeout");
  EXPECT_EQ(refresh.newest()->state, JobState::kFailed);
  nights.warehouse.on_begin = [] {};
  time = std::chrono::milliseconds(60'000);
  EXPECT_TRUE(Call("{}"));
}

TEST_F(ProcessorFunctionTest, RefusesWhatIsNoOrder) {
  for (const char* event : {"", "[]", R"({"job":7})", R"({"job":"../current"})"}) {
    EXPECT_FALSE(Call(event)) << event;
  }
  EXPECT_EQ(Call(R"({"job":"0123456789abcdef0123456789abcdef"})").error().code,
            ErrorCode::kNotFound);
}

}  // namespace
}  // namespace revops::lambda
