#include <gtest/gtest.h>

#include "fuzz/cron_check.h"
#include "fuzz/replay.h"

namespace revops::scheduler {
namespace {

TEST(CronCorpus, KeepsEveryPromise) {
  EXPECT_GE(fuzz::Replay("fuzz/corpus/cron", fuzz::CheckCron), 10U);
  fuzz::CheckCron("");
}

}  // namespace
}  // namespace revops::scheduler
