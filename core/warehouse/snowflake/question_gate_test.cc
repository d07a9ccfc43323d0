#include "core/warehouse/snowflake/question_gate.h"

#include <atomic>
#include <optional>
#include <thread>

#include <gtest/gtest.h>

namespace revops::warehouse {
namespace {

using std::chrono::hours;
using std::chrono::nanoseconds;

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

}  // namespace
}  // namespace revops::warehouse
