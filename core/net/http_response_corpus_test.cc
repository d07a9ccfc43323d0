#include <gtest/gtest.h>

#include "fuzz/http_response_check.h"
#include "fuzz/replay.h"

namespace revops::net {
namespace {

TEST(HttpResponseCorpus, KeepsEveryPromise) {
  EXPECT_GE(fuzz::Replay("fuzz/corpus/http_response", fuzz::CheckHttpResponse), 30U);
}

}  // namespace
}  // namespace revops::net
