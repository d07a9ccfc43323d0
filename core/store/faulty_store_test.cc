#include "core/store/faulty_store.h"

#include <gtest/gtest.h>

#include "core/store/memory/memory_store.h"

namespace revops::store {
namespace {

class FaultyStore : public testing::Test {
 protected:
  ErrorCode Code(const Result<Version>& result) { return result.error().code; }

  FakeClock clock_{Instant{}};
  MemoryObjectStore beneath_{clock_};
  FaultyObjectStore store_{beneath_};
};

TEST_F(FaultyStore, FailsTheNthCallAloneAndDoesNothingThen) {
  store_.FailCall(2, ErrorCode::kResourceExhausted);
  EXPECT_TRUE(store_.Put("a", "1", PutCondition::None()));
  EXPECT_EQ(Code(store_.Put("a", "2", PutCondition::None())), ErrorCode::kResourceExhausted);
  EXPECT_EQ(store_.Get("a").value().bytes, "1");
  EXPECT_EQ(store_.calls(), 3);
  EXPECT_EQ(store_.puts(), 2);
}

TEST_F(FaultyStore, StaysStopped) {
  ASSERT_TRUE(beneath_.Put("a", "1", PutCondition::None()));
  store_.StopAtCall(2);
  EXPECT_TRUE(store_.List(""));
  EXPECT_FALSE(store_.Delete("a"));
  EXPECT_FALSE(store_.Get("a"));
  EXPECT_FALSE(store_.List(""));
  EXPECT_TRUE(beneath_.Get("a"));
}

TEST_F(FaultyStore, LosesTheAnswerOfAPutThatHappened) {
  store_.LoseAnswerOfPut(1);
  EXPECT_EQ(Code(store_.Put("a", "1", PutCondition::IfAbsent())), ErrorCode::kUnavailable);
  EXPECT_EQ(beneath_.Get("a").value().bytes, "1");
  EXPECT_EQ(Code(store_.Put("a", "1", PutCondition::IfAbsent())), ErrorCode::kAlreadyExists);
}

}  // namespace
}  // namespace revops::store
