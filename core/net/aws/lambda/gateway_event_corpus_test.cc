#include <gtest/gtest.h>

#include "fuzz/gateway_event_check.h"
#include "fuzz/replay.h"

namespace revops::net {
namespace {

TEST(GatewayEventCorpus, KeepsEveryPromise) {
  EXPECT_GE(fuzz::Replay("fuzz/corpus/gateway_event", fuzz::CheckGatewayEvent), 20U);
}

}  // namespace
}  // namespace revops::net
