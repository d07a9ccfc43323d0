#include "core/api/live_coalescer.h"

#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace revops::api {
namespace {

using Steady = std::chrono::steady_clock;

LiveQuestion Question(std::uint64_t limit = 10) {
  return {{Date::FromDays(0), Date::FromDays(30)}, limit, Steady::now() + std::chrono::hours(1)};
}

/// A warehouse whose statements end when the test says so. Statements are numbered from 1 in the
/// order of their beginning; the number comes back as `began_at`.
class HeldSales final : public LiveSales {
 public:
  Result<LiveRows> Read(const LiveQuestion&) override {
    std::unique_lock lock(mutex_);
    const int number = ++begun_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return released_ >= number; });
    if (fail_with_) return Fail(*fail_with_, "held");
    LiveRows rows;
    rows.began_at = Instant(std::chrono::milliseconds(number));
    return rows;
  }

  void AwaitBegun(int number) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return begun_ >= number; });
  }
  void ReleaseUpTo(int number) {
    const std::lock_guard lock(mutex_);
    released_ = number;
    changed_.notify_all();
  }
  void FailWith(std::optional<ErrorCode> code) {
    const std::lock_guard lock(mutex_);
    fail_with_ = code;
  }
  int begun() {
    const std::lock_guard lock(mutex_);
    return begun_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int begun_ = 0;
  int released_ = 0;
  std::optional<ErrorCode> fail_with_;
};

int NumberOf(const Result<std::shared_ptr<const LiveRows>>& rows) {
  return rows ? static_cast<int>((*rows)->began_at.time_since_epoch().count()) : -1;
}

/// Asks on a thread of its own.
class Caller {
 public:
  Caller(LiveCoalescer& coalescer, const LiveQuestion& question)
      : thread_([this, &coalescer, question] { answer_ = NumberOf(coalescer.Read(question)); }) {}
  int Join() {
    thread_.join();
    return answer_;
  }

 private:
  int answer_ = 0;
  std::thread thread_;
};

TEST(LiveCoalescer, AsksAnewWhenNothingRuns) {
  HeldSales sales;
  sales.ReleaseUpTo(100);
  LiveCoalescer coalescer(sales);
  EXPECT_EQ(NumberOf(coalescer.Read(Question())), 1);
  EXPECT_EQ(NumberOf(coalescer.Read(Question())), 2);
}

TEST(LiveCoalescer, NeverAnswersFromAStatementThatBeganBeforeTheQuestion) {
  HeldSales sales;
  LiveCoalescer coalescer(sales);
  Caller first(coalescer, Question());
  sales.AwaitBegun(1);
  Caller second(coalescer, Question());
  Caller third(coalescer, Question());
  sales.ReleaseUpTo(100);
  EXPECT_EQ(first.Join(), 1);
  EXPECT_GE(second.Join(), 2);
  EXPECT_GE(third.Join(), 2);
}

TEST(LiveCoalescer, SharesTheNextStatementAmongThoseWhoWait) {
  HeldSales sales;
  LiveCoalescer coalescer(sales);
  Caller first(coalescer, Question());
  sales.AwaitBegun(1);
  std::vector<std::unique_ptr<Caller>> waiting;
  for (int i = 0; i < 8; ++i) waiting.push_back(std::make_unique<Caller>(coalescer, Question()));
  while (coalescer.waiting() < 8) std::this_thread::yield();
  sales.ReleaseUpTo(100);
  EXPECT_EQ(first.Join(), 1);
  for (const auto& caller : waiting) EXPECT_EQ(caller->Join(), 2);
  EXPECT_EQ(sales.begun(), 2);
}

TEST(LiveCoalescer, KeepsDifferentQuestionsApart) {
  HeldSales sales;
  LiveCoalescer coalescer(sales);
  Caller first(coalescer, Question(10));
  sales.AwaitBegun(1);
  Caller other(coalescer, Question(20));
  sales.AwaitBegun(2);
  sales.ReleaseUpTo(100);
  EXPECT_EQ(first.Join() + other.Join(), 3);
}

TEST(LiveCoalescer, PassesAnErrorToAllWhoShareIt) {
  HeldSales sales;
  LiveCoalescer coalescer(sales);
  Caller first(coalescer, Question());
  sales.AwaitBegun(1);
  Caller second(coalescer, Question());
  Caller third(coalescer, Question());
  while (coalescer.waiting() < 2) std::this_thread::yield();
  sales.FailWith(ErrorCode::kUnavailable);
  sales.ReleaseUpTo(100);
  EXPECT_EQ(first.Join(), -1);
  EXPECT_EQ(second.Join(), -1);
  EXPECT_EQ(third.Join(), -1);
  EXPECT_EQ(sales.begun(), 2);
}

TEST(LiveCoalescer, GivesUpAtTheDeadlineWhileAnotherStatementRuns) {
  HeldSales sales;
  LiveCoalescer coalescer(sales);
  Caller first(coalescer, Question());
  sales.AwaitBegun(1);
  LiveQuestion late = Question();
  late.deadline = Steady::now();
  const auto answer = coalescer.Read(late);
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, ErrorCode::kTimeout);
  sales.ReleaseUpTo(100);
  EXPECT_EQ(first.Join(), 1);
  EXPECT_EQ(NumberOf(coalescer.Read(Question())), 2);
}

TEST(LiveCoalescer, AsksAgainWhenTheLeaderAloneRanOutOfTime) {
  HeldSales sales;
  LiveCoalescer coalescer(sales);
  Caller first(coalescer, Question());
  sales.AwaitBegun(1);
  Caller leader(coalescer, Question());
  Caller follower(coalescer, Question());
  while (coalescer.waiting() < 2) std::this_thread::yield();
  sales.ReleaseUpTo(1);
  EXPECT_EQ(first.Join(), 1);
  sales.AwaitBegun(2);
  sales.FailWith(ErrorCode::kTimeout);
  sales.ReleaseUpTo(2);
  sales.AwaitBegun(3);
  sales.FailWith(std::nullopt);
  sales.ReleaseUpTo(3);
  const std::set<int> answers = {leader.Join(), follower.Join()};
  EXPECT_EQ(answers, (std::set<int>{-1, 3}));
}

}  // namespace
}  // namespace revops::api
