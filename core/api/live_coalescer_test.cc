#include "core/api/live_coalescer.h"

#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace revops::api {
namespace {

LiveQuestion Question(std::uint64_t limit = 10) {
  return {{Date::FromDays(0), Date::FromDays(30)},
          limit,
          SystemClock().SteadyNow() + std::chrono::hours(1)};
}

/// A warehouse whose statements end when the test says so, or when they are stopped. Statements are
/// numbered from 1 in the order of their beginning; the number comes back as `began_at`.
class HeldSales final : public LiveSales {
 public:
  Result<LiveRows> Read(const LiveQuestion& question) override {
    std::unique_lock lock(mutex_);
    const int number = ++begun_;
    askers_ = question.askers;
    changed_.notify_all();
    if (!changed_.wait(lock, question.stop, [&] { return released_ >= number; })) {
      ++stopped_;
      changed_.notify_all();
      return Fail(ErrorCode::kCancelled, "stopped");
    }
    if (fail_with_) return Fail(*fail_with_, "held");
    LiveRows rows;
    rows.began_at = Instant(std::chrono::milliseconds(number));
    return rows;
  }

  void AwaitBegun(int number) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return begun_ >= number; });
  }
  void AwaitStopped(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return stopped_ >= count; });
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
  int stopped() {
    const std::lock_guard lock(mutex_);
    return stopped_;
  }
  /// Of the statement that began last.
  std::size_t askers() {
    const std::lock_guard lock(mutex_);
    return askers_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  int begun_ = 0;
  int stopped_ = 0;
  std::size_t askers_ = 0;
  int released_ = 0;
  std::optional<ErrorCode> fail_with_;
};

int NumberOf(const LiveAnswer& rows) {
  return rows ? static_cast<int>((*rows)->began_at.time_since_epoch().count()) : -1;
}

/// One question and its answer.
class Caller {
 public:
  Caller(LiveCoalescer& coalescer, const LiveQuestion& question) {
    coalescer.Read(question, [this](const LiveAnswer& answer) { promise_.set_value(answer); });
  }
  LiveAnswer Answer() { return promise_.get_future().get(); }
  /// The statement that answered; -1 for an error.
  int Join() { return NumberOf(Answer()); }

 private:
  std::promise<LiveAnswer> promise_;
};

class LiveCoalescerTest : public testing::Test {
 protected:
  int Ask(const LiveQuestion& question = Question()) { return Caller(coalescer_, question).Join(); }

  SystemClock clock_;
  HeldSales sales_;
  LiveCoalescer coalescer_{sales_, clock_, {.statements_max = 2, .callers_max = 1000}};
};

TEST_F(LiveCoalescerTest, AsksAnewWhenNothingRuns) {
  sales_.ReleaseUpTo(100);
  EXPECT_EQ(Ask(), 1);
  EXPECT_EQ(Ask(), 2);
}

TEST_F(LiveCoalescerTest, NeverAnswersFromAStatementThatBeganBeforeTheQuestion) {
  Caller first(coalescer_, Question());
  sales_.AwaitBegun(1);
  Caller second(coalescer_, Question());
  Caller third(coalescer_, Question());
  sales_.ReleaseUpTo(100);
  EXPECT_EQ(first.Join(), 1);
  EXPECT_GE(second.Join(), 2);
  EXPECT_GE(third.Join(), 2);
}

TEST_F(LiveCoalescerTest, RunsTwoStatementsForAThousandWhoAskTheSame) {
  std::vector<std::unique_ptr<Caller>> callers;
  callers.push_back(std::make_unique<Caller>(coalescer_, Question()));
  sales_.AwaitBegun(1);
  while (callers.size() < 1000) {
    callers.push_back(std::make_unique<Caller>(coalescer_, Question()));
  }
  EXPECT_EQ(coalescer_.waiting(), 999U);
  sales_.ReleaseUpTo(100);
  for (const auto& caller : callers) EXPECT_GE(caller->Join(), 1);
  EXPECT_EQ(sales_.begun(), 2);
}

TEST_F(LiveCoalescerTest, RefusesMoreCallersThanItMayKeep) {
  std::vector<std::unique_ptr<Caller>> callers;
  while (callers.size() < 1000) {
    callers.push_back(std::make_unique<Caller>(coalescer_, Question()));
  }
  const LiveAnswer refused = Caller(coalescer_, Question()).Answer();
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kResourceExhausted);
  sales_.ReleaseUpTo(100);
  for (const auto& caller : callers) EXPECT_GE(caller->Join(), 1);
}

TEST_F(LiveCoalescerTest, KeepsDifferentQuestionsApart) {
  Caller first(coalescer_, Question(10));
  sales_.AwaitBegun(1);
  Caller other(coalescer_, Question(20));
  sales_.AwaitBegun(2);
  sales_.ReleaseUpTo(100);
  EXPECT_EQ(first.Join() + other.Join(), 3);
}

TEST_F(LiveCoalescerTest, BoundsTheStatementsThatRunAtOnce) {
  Caller first(coalescer_, Question(10));
  Caller second(coalescer_, Question(20));
  sales_.AwaitBegun(2);
  Caller third(coalescer_, Question(30));
  EXPECT_EQ(coalescer_.waiting(), 1U);
  sales_.ReleaseUpTo(100);
  EXPECT_EQ(first.Join() + second.Join(), 3);
  EXPECT_EQ(third.Join(), 3);
}

TEST_F(LiveCoalescerTest, PassesAnErrorToAllWhoShareIt) {
  Caller first(coalescer_, Question());
  sales_.AwaitBegun(1);
  Caller second(coalescer_, Question());
  Caller third(coalescer_, Question());
  sales_.FailWith(ErrorCode::kUnavailable);
  sales_.ReleaseUpTo(100);
  EXPECT_EQ(first.Join(), -1);
  EXPECT_EQ(second.Join(), -1);
  EXPECT_EQ(third.Join(), -1);
  EXPECT_EQ(sales_.begun(), 2);
}

TEST_F(LiveCoalescerTest, GivesUpAtTheDeadlineWhileAnotherStatementRuns) {
  Caller first(coalescer_, Question());
  sales_.AwaitBegun(1);
  LiveQuestion late = Question();
  late.deadline = clock_.SteadyNow();
  const LiveAnswer answer = Caller(coalescer_, late).Answer();
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, ErrorCode::kTimeout);
  sales_.ReleaseUpTo(100);
  EXPECT_EQ(first.Join(), 1);
  EXPECT_EQ(Ask(), 2);
}

TEST_F(LiveCoalescerTest, GivesUpAtTheDeadlineWhileItsOwnStatementRuns) {
  LiveQuestion late = Question();
  late.deadline = clock_.SteadyNow() + std::chrono::milliseconds(20);
  const LiveAnswer answer = Caller(coalescer_, late).Answer();
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, ErrorCode::kTimeout);
  sales_.AwaitStopped(1);
  sales_.ReleaseUpTo(100);
  EXPECT_EQ(Ask(), 2);
}

TEST_F(LiveCoalescerTest, StopsTheStatementOnceAllWhoShareItHaveLeft) {
  std::stop_source first;
  std::stop_source second;
  const auto by = [](const std::stop_source& asker) {
    LiveQuestion question = Question();
    question.stop = asker.get_token();
    return question;
  };
  Caller before(coalescer_, Question());
  sales_.AwaitBegun(1);
  Caller one(coalescer_, by(first));
  Caller other(coalescer_, by(second));
  sales_.ReleaseUpTo(1);
  EXPECT_EQ(before.Join(), 1);
  sales_.AwaitBegun(2);
  EXPECT_EQ(sales_.askers(), 2U);
  Caller next(coalescer_, Question());
  first.request_stop();
  EXPECT_EQ(one.Answer().error().code, ErrorCode::kCancelled);
  EXPECT_EQ(sales_.stopped(), 0);
  second.request_stop();
  EXPECT_EQ(other.Answer().error().code, ErrorCode::kCancelled);
  sales_.AwaitStopped(1);
  sales_.ReleaseUpTo(100);
  EXPECT_EQ(next.Join(), 3);
  EXPECT_EQ(sales_.stopped(), 1);
}

TEST_F(LiveCoalescerTest, AsksNothingForThoseWhoHaveLeft) {
  std::stop_source asker;
  LiveQuestion question = Question();
  question.stop = asker.get_token();
  Caller first(coalescer_, Question());
  sales_.AwaitBegun(1);
  Caller leaves(coalescer_, question);
  asker.request_stop();
  Caller has_left(coalescer_, question);
  EXPECT_EQ(leaves.Answer().error().code, ErrorCode::kCancelled);
  EXPECT_EQ(has_left.Answer().error().code, ErrorCode::kCancelled);
  sales_.ReleaseUpTo(1);
  EXPECT_EQ(first.Join(), 1);
  sales_.ReleaseUpTo(100);
  EXPECT_EQ(Ask(), 2);
}

/// Those who leave and the answers that come meanwhile do not get into each other's way.
TEST_F(LiveCoalescerTest, AnswersOnceWhetherLeavingOrAnswerComesFirst) {
  sales_.ReleaseUpTo(1'000'000);
  for (int round = 0; round < 300; ++round) {
    std::stop_source asker;
    LiveQuestion question = Question();
    question.stop = asker.get_token();
    Caller caller(coalescer_, question);
    std::thread leaves([&] { asker.request_stop(); });
    const LiveAnswer answer = caller.Answer();
    EXPECT_TRUE(answer || answer.error().code == ErrorCode::kCancelled);
    leaves.join();
  }
}

TEST(LiveCoalescer, AsksNothingWhenTheBudgetIsSpent) {
  SystemClock clock;
  HeldSales sales;
  sales.ReleaseUpTo(100);
  LiveCoalescer coalescer(sales, clock, {.statements_per_minute = 1});
  EXPECT_EQ(Caller(coalescer, Question()).Join(), 1);
  const LiveAnswer answer = Caller(coalescer, Question()).Answer();
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, ErrorCode::kResourceExhausted);
  EXPECT_EQ(answer.error().origin, kLiveBudgetOrigin);
  EXPECT_EQ(sales.begun(), 1);
}

TEST(LiveCoalescer, AnswersThoseWhoWaitWhenItEnds) {
  SystemClock clock;
  HeldSales sales;
  auto coalescer = std::make_unique<LiveCoalescer>(sales, clock);
  Caller first(*coalescer, Question());
  sales.AwaitBegun(1);
  Caller second(*coalescer, Question());
  std::thread ends([&] { coalescer.reset(); });
  for (Caller* caller : {&first, &second}) {
    const LiveAnswer answer = caller->Answer();
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().code, ErrorCode::kCancelled);
  }
  ends.join();
  EXPECT_EQ(sales.stopped(), 1);
}

}  // namespace
}  // namespace revops::api
