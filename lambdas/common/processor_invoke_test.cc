#include "lambdas/common/processor_invoke.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/net/scripted_testing.h"

namespace revops::lambda {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Pair;
using testing::SizeIs;

class FixedKeys final : public net::AwsCredentialSource {
 public:
  Result<net::AwsCredentials> Get(Clock::SteadyTime) override {
    return net::AwsCredentials{"AKIAIOSFODNN7EXAMPLE", "secret", "token", {}};
  }
  void Forget() override { ++forgotten; }

  int forgotten = 0;
};

struct ProcessorInvokeTest : testing::Test {
  net::PausedClock clock;
  net::ScriptedPause pause{clock};
  net::ScriptedTransport transport;
  net::LockedRandom random{1};
  FixedKeys keys;
  ProcessorInvoke invoke{
      {"arn:aws:lambda:eu-west-1:123456789012:function:processor", "eu-west-1", std::nullopt},
      {transport, keys, clock, random, pause}};

  Result<void> StartAgainst(int status) {
    transport.answer = [status](const net::ClientRequest&,
                                std::size_t) -> Result<net::ClientResponse> {
      return net::Http(status);
    };
    return invoke.Start(R"({"job":"x"})");
  }
};

TEST_F(ProcessorInvokeTest, SendsOneSignedEvent) {
  ASSERT_TRUE(StartAgainst(202));
  ASSERT_THAT(transport.requests(), SizeIs(1));
  const net::ClientRequest request = transport.requests()[0];
  EXPECT_EQ(request.origin, (net::HttpOrigin{true, "lambda.eu-west-1.amazonaws.com", 443}));
  EXPECT_EQ(request.target,
            "/2015-03-31/functions/"
            "arn%3Aaws%3Alambda%3Aeu-west-1%3A123456789012%3Afunction%3Aprocessor/invocations");
  EXPECT_EQ(request.body, R"({"job":"x"})");
  EXPECT_THAT(request.headers, Contains(Pair("X-Amz-Invocation-Type", "Event")));
  EXPECT_THAT(request.headers,
              Contains(Pair("Authorization", HasSubstr("/eu-west-1/lambda/aws4_request"))));
}

TEST_F(ProcessorInvokeTest, TriesAgainWhatMayBeOverSoon) {
  transport.answer = [](const net::ClientRequest&, std::size_t n) -> Result<net::ClientResponse> {
    if (n == 0) return net::Lost();
    return net::Http(n == 1 ? 429 : 202);
  };
  EXPECT_TRUE(invoke.Start("{}"));
  EXPECT_THAT(transport.requests(), SizeIs(3));
}

TEST_F(ProcessorInvokeTest, GivesUpAfterThree) {
  const auto started = StartAgainst(503);
  EXPECT_EQ(started.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(started.error().origin, "lambda:503");
  EXPECT_THAT(transport.requests(), SizeIs(3));
}

TEST_F(ProcessorInvokeTest, SaysWhatIsWrong) {
  EXPECT_EQ(StartAgainst(404).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(StartAgainst(400).error().code, ErrorCode::kInternal);
  EXPECT_EQ(StartAgainst(200).error().code, ErrorCode::kInternal);
  EXPECT_EQ(keys.forgotten, 0);
  EXPECT_EQ(StartAgainst(403).error().code, ErrorCode::kPermissionDenied);
  EXPECT_EQ(keys.forgotten, 1);
  EXPECT_THAT(transport.requests(), SizeIs(4));
}

}  // namespace
}  // namespace revops::lambda
