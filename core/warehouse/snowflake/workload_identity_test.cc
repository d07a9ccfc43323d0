#include "core/warehouse/snowflake/workload_identity.h"

#include <atomic>
#include <future>
#include <string>

#include <gtest/gtest.h>

namespace revops::warehouse {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// Tokens "1", "2", … for five minutes each.
struct Cloud {
  FakeClock clock{*ParseInstant("2026-11-22T02:00:00Z")};
  int asked = 0;
  bool is_away = false;
  WorkloadIdentity identity{[this] { return Ask(); }, clock};

  Result<IdentityToken> Ask() {
    ++asked;
    if (is_away) return Fail(ErrorCode::kUnavailable, "away");
    return IdentityToken{Secret(std::to_string(asked)), minutes(5)};
  }
  std::string Token() {
    const auto token = identity.Token();
    return token ? std::string(token->token.reveal()) : token.error().message;
  }
};

TEST(WorkloadIdentity, IsAskedForWhenItIsNeededFirst) {
  Cloud cloud;
  EXPECT_EQ(cloud.asked, 0);
  EXPECT_EQ(cloud.identity.Token()->type, "WORKLOAD_IDENTITY_FEDERATION");
  EXPECT_EQ(cloud.Token(), "1");
  EXPECT_EQ(cloud.asked, 1);
}

TEST(WorkloadIdentity, IsRenewedBeforeItsEnd) {
  Cloud cloud;
  EXPECT_EQ(cloud.Token(), "1");
  cloud.clock.Advance(minutes(4) - milliseconds(1));
  EXPECT_EQ(cloud.Token(), "1");
  cloud.clock.Advance(milliseconds(1));
  EXPECT_EQ(cloud.Token(), "2");
}

TEST(WorkloadIdentity, OutlivesAFailedRenewalUntilItsEnd) {
  Cloud cloud;
  EXPECT_EQ(cloud.Token(), "1");
  cloud.is_away = true;
  cloud.clock.Advance(minutes(4));
  EXPECT_EQ(cloud.Token(), "1");
  EXPECT_EQ(cloud.asked, 2);
  cloud.clock.Advance(seconds(9));
  EXPECT_EQ(cloud.Token(), "1");
  EXPECT_EQ(cloud.asked, 2);
  cloud.clock.Advance(seconds(1));
  EXPECT_EQ(cloud.Token(), "1");
  EXPECT_EQ(cloud.asked, 3);
  cloud.clock.Advance(seconds(50));
  EXPECT_EQ(cloud.Token(), "away");
  cloud.is_away = false;
  EXPECT_EQ(cloud.Token(), "5");
}

TEST(WorkloadIdentity, FollowsClocksThatJump) {
  Cloud cloud;
  EXPECT_EQ(cloud.Token(), "1");
  cloud.clock.JumpTo(cloud.clock.Now() - seconds(1));
  EXPECT_EQ(cloud.Token(), "2");
  cloud.clock.JumpTo(cloud.clock.Now() + minutes(6));
  EXPECT_EQ(cloud.Token(), "3");
}

TEST(WorkloadIdentity, IsAskedForAnewWhenItWasRefused) {
  Cloud cloud;
  const AuthToken refused = *cloud.identity.Token();
  EXPECT_TRUE(cloud.identity.Renew(refused, std::nullopt));
  EXPECT_EQ(cloud.Token(), "2");
  EXPECT_TRUE(cloud.identity.Renew(refused, std::nullopt)) << "there is another by now";
  EXPECT_EQ(cloud.Token(), "2");
}

TEST(WorkloadIdentity, IsAskedForByOneThreadWhileTheOthersGoOn) {
  FakeClock clock{*ParseInstant("2026-11-22T02:00:00Z")};
  std::atomic<int> asked = 0;
  std::promise<void> has_begun;
  std::promise<void> may_end;
  WorkloadIdentity identity(
      [&]() -> Result<IdentityToken> {
        const int number = ++asked;
        if (number == 2) {
          has_begun.set_value();
          may_end.get_future().wait();
        }
        return IdentityToken{Secret(std::to_string(number)), minutes(5)};
      },
      clock);
  const auto token = [&] { return std::string(identity.Token()->token.reveal()); };
  EXPECT_EQ(token(), "1");
  clock.Advance(minutes(4));
  auto renewing = std::async(std::launch::async, token);
  ASSERT_EQ(has_begun.get_future().wait_for(seconds(10)), std::future_status::ready);
  EXPECT_EQ(token(), "1");
  may_end.set_value();
  EXPECT_EQ(renewing.get(), "2");
  EXPECT_EQ(asked, 2);
}

}  // namespace
}  // namespace revops::warehouse
