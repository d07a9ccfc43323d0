#include <gtest/gtest.h>

#include "fuzz/query_check.h"
#include "fuzz/replay.h"

namespace revops::api {
namespace {

TEST(QueryCorpus, KeepsEveryPromise) {
  EXPECT_GE(fuzz::Replay("fuzz/corpus/query", fuzz::CheckQuery), 30U);
}

}  // namespace
}  // namespace revops::api
