#include "core/base/result.h"

#include <memory>

#include <gtest/gtest.h>

namespace revops {
namespace {

Result<int> Half(int value) {
  if (value % 2 != 0) return Fail(ErrorCode::kInvalidArgument, "odd");
  return value / 2;
}

Result<int> Quarter(int value) {
  REVOPS_TRY_ASSIGN(const int half, Half(value));
  return WithContext(Half(half), "quarter");
}

Result<void> Check(int value) {
  REVOPS_TRY(Half(value));
  return {};
}

TEST(Result, PassesValuesThrough) {
  ASSERT_TRUE(Quarter(8));
  EXPECT_EQ(*Quarter(8), 2);
  EXPECT_TRUE(Check(2));
}

TEST(Result, PassesErrorsOnWithTheirContext) {
  const auto failed = Quarter(6);
  ASSERT_FALSE(failed);
  EXPECT_EQ(Describe(failed.error()), "quarter: odd");
  EXPECT_EQ(Quarter(7).error().context, "");
  EXPECT_EQ(Check(3).error().code, ErrorCode::kInvalidArgument);
}

TEST(Result, HoldsWhatCanOnlyBeMoved) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
  const std::unique_ptr<int> taken = *std::move(result);
  EXPECT_EQ(*taken, 7);
}

TEST(Result, AbortsWhenAnErrorIsReadAsAValue) {
  const Result<int> failed = Half(1);
  EXPECT_DEATH((void)failed.value(), "check failed");
}

}  // namespace
}  // namespace revops
