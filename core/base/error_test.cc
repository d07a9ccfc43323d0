#include "core/base/error.h"

#include <gtest/gtest.h>

namespace revops {
namespace {

TEST(Error, DescribesContextMessageAndOrigin) {
  const Error error{ErrorCode::kUnavailable, "cannot read", "duckdb:io", {}};
  EXPECT_EQ(Describe(error), "cannot read (duckdb:io)");
  EXPECT_EQ(Describe(WithContext(WithContext(error, "inner"), "outer")),
            "outer: inner: cannot read (duckdb:io)");
}

TEST(Error, OnlyPassingTroubleIsRetryable) {
  EXPECT_TRUE(is_retryable(ErrorCode::kUnavailable));
  EXPECT_TRUE(is_retryable(ErrorCode::kTimeout));
  EXPECT_TRUE(is_retryable(ErrorCode::kResourceExhausted));
  EXPECT_FALSE(is_retryable(ErrorCode::kCorrupt));
  EXPECT_FALSE(is_retryable(ErrorCode::kInvalidArgument));
}

}  // namespace
}  // namespace revops
