#include <gtest/gtest.h>

#include "fuzz/day_digests_check.h"
#include "fuzz/replay.h"

namespace revops::processor {
namespace {

TEST(DayDigestsCorpus, KeepsEveryPromise) {
  EXPECT_GE(fuzz::Replay("fuzz/corpus/day_digests", fuzz::CheckDayDigests), 10U);
}

}  // namespace
}  // namespace revops::processor
