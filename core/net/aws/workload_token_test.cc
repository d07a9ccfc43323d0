#include "core/net/aws/workload_token.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/net/scripted_testing.h"

namespace revops::net {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

/// Keys "1", "2", …: another after each Forget.
class CountingSource final : public AwsCredentialSource {
 public:
  Result<AwsCredentials> Get(Clock::SteadyTime) override {
    return AwsCredentials{std::to_string(number), "hush", "", std::nullopt};
  }
  void Forget() override { ++number; }

  int number = 1;
};

ClientResponse Answer(const std::string& token) {
  return Http(200,
              R"(<GetWebIdentityTokenResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">)"
              "<GetWebIdentityTokenResult><Expiration>2026-11-22T02:05:00Z</Expiration>"
              "<WebIdentityToken>" +
                  token +
                  "</WebIdentityToken></GetWebIdentityTokenResult>"
                  "</GetWebIdentityTokenResponse>");
}

ClientResponse Refusal(const std::string& code, int status = 403) {
  return Http(status, "<ErrorResponse><Error><Type>Sender</Type><Code>" + code +
                          "</Code><Message>hush</Message></Error></ErrorResponse>");
}

struct Bench {
  PausedClock clock;
  ScriptedPause pause{clock};
  ScriptedTransport transport;
  CountingSource credentials;
  LockedRandom random{42};
  WorkloadTokenRequest request = {"eu-west-1",
                                  "snowflakecomputing.com",
                                  std::chrono::minutes(5),
                                  {},
                                  clock.SteadyNow() + std::chrono::minutes(1)};

  explicit Bench(std::vector<ScriptedTransport::Answer> answers) {
    transport.answer = [answers = std::move(answers)](const ClientRequest&, std::size_t number) {
      return answers[std::min(number, answers.size() - 1)];
    };
  }
  Result<Secret> Get() {
    return GetWorkloadToken({transport, credentials, clock, random, pause}, request);
  }
};

std::string Field(const ClientRequest& request, std::string_view name) {
  for (const auto& [field, value] : request.headers) {
    if (field == name) return value;
  }
  return {};
}

TEST(WorkloadToken, IsAskedForBySignedForm) {
  Bench bench({Answer("eyJ.eyJ-_.sig")});
  const auto token = bench.Get();
  ASSERT_TRUE(token) << token.error().message;
  EXPECT_EQ(token->reveal(), "eyJ.eyJ-_.sig");
  const ClientRequest request = bench.transport.requests()[0];
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.origin, (HttpOrigin{true, "sts.eu-west-1.amazonaws.com", 443}));
  EXPECT_EQ(request.body,
            "Action=GetWebIdentityToken&Version=2011-06-15&SigningAlgorithm=ES384"
            "&DurationSeconds=300&Audience.member.1=snowflakecomputing.com");
  EXPECT_EQ(Field(request, "Content-Type"), "application/x-www-form-urlencoded");
  EXPECT_THAT(Field(request, "Authorization"),
              AllOf(HasSubstr("Credential=1/20261122/eu-west-1/sts/aws4_request"),
                    HasSubstr("SignedHeaders=content-type;host;x-amz-date")));
}

TEST(WorkloadToken, ComesFromAnEndpointAndNeedsARegion) {
  Bench bench({Answer("a.b.c")});
  bench.request.endpoint = HttpOrigin{false, "localhost", 4566};
  EXPECT_TRUE(bench.Get());
  EXPECT_EQ(bench.transport.requests()[0].origin, *bench.request.endpoint);
  bench.request.region.clear();
  EXPECT_EQ(bench.Get().error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(bench.Get().error().message, HasSubstr("AWS_REGION"));
}

TEST(WorkloadToken, IsRefusedWithWhatToDo) {
  struct Case {
    std::string code;
    ErrorCode meaning;
    std::string advice;
    std::size_t requests;
  };
  for (const Case& test : {
           Case{"AccessDenied", ErrorCode::kPermissionDenied, "sts:GetWebIdentityToken", 1},
           Case{"OutboundWebIdentityFederationDisabledException", ErrorCode::kUnsupported,
                "enable-outbound-web-identity-federation", 1},
           Case{"ExpiredTokenException", ErrorCode::kUnauthenticated, "renew them", 2},
           Case{"SessionDurationEscalationException", ErrorCode::kUnauthenticated, "end sooner", 2},
           Case{"SignatureDoesNotMatch", ErrorCode::kUnauthenticated, "clock", 2},
       }) {
    SCOPED_TRACE(test.code);
    Bench bench({Refusal(test.code)});
    const auto token = bench.Get();
    ASSERT_FALSE(token);
    EXPECT_EQ(token.error().code, test.meaning);
    EXPECT_EQ(token.error().origin, "aws:" + test.code);
    EXPECT_THAT(Describe(token.error()), AllOf(HasSubstr(test.advice), Not(HasSubstr("hush"))));
    EXPECT_THAT(bench.transport.requests(), SizeIs(test.requests));
  }
}

TEST(WorkloadToken, IsAskedForAgainWhenStsIsBusy) {
  Bench bench({Refusal("Throttling", 400), Http(503, "<html>"), Answer("a.b.c")});
  EXPECT_EQ(bench.Get()->reveal(), "a.b.c");
  EXPECT_THAT(bench.pause.times(), SizeIs(2));
}

TEST(WorkloadToken, IsThreePartsOfBase64OrNothing) {
  for (const std::string& bad :
       {std::string(), std::string("hush"), std::string("hush.b"), std::string("hush.b.c.d"),
        std::string("hush..c"), std::string("hush.b.c d"), std::string("hush.b.c\r\nX: y"),
        "hush.b." + std::string(8192, 'c')}) {
    Bench bench({Answer(bad)});
    const auto token = bench.Get();
    ASSERT_FALSE(token) << bad.substr(0, 20);
    EXPECT_EQ(token.error().code, ErrorCode::kCorrupt);
    EXPECT_THAT(Describe(token.error()), Not(HasSubstr("hush")));
  }
  Bench other({Http(200, "{}")});
  EXPECT_EQ(other.Get().error().code, ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace revops::net
