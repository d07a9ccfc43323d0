#include "core/warehouse/snowflake/polling.h"

#include <gtest/gtest.h>

namespace revops::warehouse {
namespace {

using std::chrono::milliseconds;

TEST(PollTime, DoublesToFiveSeconds) {
  const int times[] = {250, 500, 1000, 2000, 4000, 5000, 5000};
  int poll = 0;
  for (const int time : times) EXPECT_EQ(PollTime(poll++), milliseconds(time));
  EXPECT_EQ(PollTime(1'000'000), milliseconds(5000));
}

}  // namespace
}  // namespace revops::warehouse
