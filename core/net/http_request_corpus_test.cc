#include <gtest/gtest.h>

#include "fuzz/http_request_check.h"
#include "fuzz/replay.h"

namespace revops::net {
namespace {

TEST(HttpRequestCorpus, KeepsEveryPromise) {
  EXPECT_GE(fuzz::Replay("fuzz/corpus/http_request", fuzz::CheckHttpRequest), 30U);
}

}  // namespace
}  // namespace revops::net
