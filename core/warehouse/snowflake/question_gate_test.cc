#include "core/warehouse/snowflake/question_gate.h"

#include <atomic>
#include <optional>
#include <string>
#include <thread>

#include <gtest/gtest.h>

namespace revops::warehouse {
namespace {

using std::chrono::hours;
using std::chrono::nanoseconds;
using std::chrono::seconds;

TEST(QuestionGate, LetsDifferentQuestionsBeAskedAtOnce) {
  QuestionGate gate;
  ASSERT_TRUE(gate.Enter("a", hours(1), {}));
  const QuestionGate::Turn first(gate, "a");
  ASSERT_TRUE(gate.Enter("b", nanoseconds(0), {}));
  const QuestionGate::Turn second(gate, "b");
  EXPECT_FALSE(gate.Enter("a", nanoseconds(0), {}));
}

TEST(QuestionGate, LetsTheNextOneInWhenTheFirstHasEnded) {
  QuestionGate gate;
  ASSERT_TRUE(gate.Enter("a", hours(1), {}));
  std::optional<QuestionGate::Turn> first(std::in_place, gate, "a");
  std::atomic<bool> entered = false;
  std::jthread next([&] {
    entered = gate.Enter("a", hours(1), {});
    const QuestionGate::Turn turn(gate, "a");
  });
  EXPECT_FALSE(entered);
  first.reset();
  next.join();
  EXPECT_TRUE(entered);
}

TEST(QuestionGate, IsLeftWhenStopped) {
  QuestionGate gate;
  ASSERT_TRUE(gate.Enter("a", hours(1), {}));
  const QuestionGate::Turn first(gate, "a");
  std::stop_source stop;
  stop.request_stop();
  EXPECT_FALSE(gate.Enter("a", hours(1), stop.get_token()));
}

TEST(QuestionGate, RemembersWhatMayStillRunUntilItEndsByItself) {
  constexpr Clock::SteadyTime kNow{hours(1)};
  QuestionGate gate;
  const auto found = [&](const std::string& question, Clock::SteadyTime now) {
    EXPECT_TRUE(gate.Enter(question, nanoseconds(0), {}));
    const auto left = QuestionGate::Turn(gate, question).unsettled(now);
    return left ? left->request_id : "none";
  };
  ASSERT_TRUE(gate.Enter("a", hours(1), {}));
  QuestionGate::Turn(gate, "a").Leave({"id", "body", seconds(23)}, kNow);
  EXPECT_EQ(found("a", kNow), "id");
  EXPECT_EQ(found("b", kNow), "none");
  EXPECT_EQ(found("a", kNow + seconds(22)), "id");
  EXPECT_EQ(found("a", kNow + seconds(23)), "none");
  ASSERT_TRUE(gate.Enter("a", hours(1), {}));
  QuestionGate::Turn(gate, "a").Settle();
  EXPECT_EQ(found("a", kNow), "none");
}

}  // namespace
}  // namespace revops::warehouse
