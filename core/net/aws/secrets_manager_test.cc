#include "core/net/aws/secrets_manager.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/net/scripted_testing.h"
#include "core/net/server_time.h"

namespace revops::net {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

/// Keys "1", "2", …: another after each Forget.
class CountingSource final : public AwsCredentialSource {
 public:
  Result<AwsCredentials> Get(Clock::SteadyTime) override {
    if (failure) return Fail(*failure);
    return AwsCredentials{std::to_string(number), "hush", "", std::nullopt};
  }
  void Forget() override { ++number; }

  int number = 1;
  std::optional<Error> failure;
};

ClientResponse Secret(const std::string& json) {
  return Http(200, R"({"ARN":"arn","Name":"n","VersionId":"v","SecretString":)" + json + "}");
}

ClientResponse Refusal(const std::string& code, int status = 400) {
  return Http(status, R"({"__type":")" + code + R"(","Message":"hush"})");
}

struct Bench {
  PausedClock clock;
  ScriptedPause pause{clock};
  ScriptedTransport transport;
  CountingSource credentials;
  LockedRandom random{42};
  SecretRequest request = {"eu-west-1", "revops/snowflake", {}, clock.SteadyNow() + minutes(1), {}};

  Bench() { Answer({Secret(R"("p")")}); }
  void Answer(std::vector<ScriptedTransport::Answer> answers) {
    transport.answer = [answers = std::move(answers)](const ClientRequest&, std::size_t number) {
      return answers[std::min(number, answers.size() - 1)];
    };
  }
  Result<std::string> Get() {
    return SecretReader{transport, credentials, clock, random, pause}.Get(request);
  }
};

std::string Field(const ClientRequest& request, std::string_view name) {
  for (const auto& [field, value] : request.headers) {
    if (field == name) return value;
  }
  return {};
}

TEST(SecretsManager, IsAskedBySignedJson) {
  Bench bench;
  bench.Answer({Secret(R"("{\"user\":\"é\",\n\"key\":\"-----\"}")")});
  bench.request.secret_id = R"(revops/"x")";
  EXPECT_EQ(*bench.Get(), "{\"user\":\"é\",\n\"key\":\"-----\"}");
  ASSERT_THAT(bench.transport.requests(), SizeIs(1));
  const ClientRequest request = bench.transport.requests()[0];
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.origin, (HttpOrigin{true, "secretsmanager.eu-west-1.amazonaws.com", 443}));
  EXPECT_EQ(request.target, "/");
  EXPECT_EQ(request.body, R"({"SecretId":"revops/\"x\""})");
  EXPECT_EQ(request.deadline, bench.request.deadline);
  EXPECT_EQ(Field(request, "X-Amz-Target"), "secretsmanager.GetSecretValue");
  EXPECT_EQ(Field(request, "Content-Type"), "application/x-amz-json-1.1");
  EXPECT_THAT(Field(request, "Authorization"),
              AllOf(HasSubstr("Credential=1/20261122/eu-west-1/secretsmanager/aws4_request"),
                    HasSubstr("SignedHeaders=content-type;host;x-amz-date;x-amz-target")));
}

TEST(SecretsManager, FollowsTheRegionOfAnArnAndAnEndpoint) {
  Bench bench;
  bench.request.secret_id = "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:a-AbCdEf";
  EXPECT_TRUE(bench.Get());
  EXPECT_EQ(bench.transport.requests()[0].origin.host,
            "secretsmanager.cn-north-1.amazonaws.com.cn");
  bench.request.region.clear();
  bench.request.endpoint = HttpOrigin{false, "localhost", 4566};
  EXPECT_TRUE(bench.Get());
  EXPECT_EQ(bench.transport.requests()[1].origin, *bench.request.endpoint);
  EXPECT_THAT(Field(bench.transport.requests()[1], "Authorization"), HasSubstr("/cn-north-1/"));
}

TEST(SecretsManager, NeedsARegionAndAnId) {
  Bench bench;
  bench.request.region.clear();
  EXPECT_EQ(bench.Get().error().code, ErrorCode::kInvalidArgument);
  bench.request = {"eu-west-1", "", {}, bench.clock.SteadyNow() + minutes(1), {}};
  EXPECT_EQ(bench.Get().error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(bench.transport.requests(), SizeIs(0));
}

TEST(SecretsManager, FailsAtOnceWhereRepeatingDoesNotHelp) {
  struct Case {
    ScriptedTransport::Answer answer;
    ErrorCode code;
    std::string origin;
  };
  const std::vector<Case> cases = {
      {Refusal("AccessDeniedException"), ErrorCode::kPermissionDenied, "aws:AccessDeniedException"},
      {Refusal("ResourceNotFoundException"), ErrorCode::kNotFound, "aws:ResourceNotFoundException"},
      {Refusal("DecryptionFailure"), ErrorCode::kPermissionDenied, "aws:DecryptionFailure"},
      {Refusal("InvalidRequestException"), ErrorCode::kInvalidArgument,
       "aws:InvalidRequestException"},
      {Refusal("InvalidParameterException"), ErrorCode::kInvalidArgument,
       "aws:InvalidParameterException"},
      {Http(403, "<html>hush"), ErrorCode::kPermissionDenied, "aws:403"},
      {Http(302, "hush"), ErrorCode::kInternal, "aws:302"},
      {Http(200, "hush"), ErrorCode::kCorrupt, "aws:secret"},
      {Http(200, R"({"SecretString":["hush"]})"), ErrorCode::kCorrupt, "aws:secret"},
      {Http(200, R"({"SecretBinary":"aHVzaA=="})"), ErrorCode::kUnsupported, "aws:SecretBinary"},
      {Fail(ErrorCode::kTimeout, "late", "net:http"), ErrorCode::kTimeout, "net:http"},
      {Fail(ErrorCode::kPermissionDenied, "certificate", "net:tls"), ErrorCode::kPermissionDenied,
       "net:tls"},
  };
  for (const Case& test : cases) {
    SCOPED_TRACE(test.origin);
    Bench bench;
    bench.Answer({test.answer});
    const auto secret = bench.Get();
    ASSERT_FALSE(secret);
    EXPECT_EQ(secret.error().code, test.code);
    EXPECT_EQ(secret.error().origin, test.origin);
    EXPECT_THAT(Describe(secret.error()),
                AllOf(HasSubstr("Secrets Manager"), Not(HasSubstr("hush"))));
    EXPECT_THAT(bench.transport.requests(), SizeIs(1));
  }
}

TEST(SecretsManager, IsAskedAgainWhenBusyOrLost) {
  for (const ScriptedTransport::Answer& trouble :
       {ScriptedTransport::Answer(Refusal("ThrottlingException")),
        ScriptedTransport::Answer(Refusal("InternalServiceError", 500)),
        ScriptedTransport::Answer(Http(503, "<html>")), Lost()}) {
    Bench bench;
    bench.Answer({trouble, trouble, Secret(R"("p")")});
    EXPECT_EQ(*bench.Get(), "p");
    EXPECT_THAT(bench.pause.times(), SizeIs(2));
    for (const auto time : bench.pause.times()) EXPECT_LE(time, seconds(1));
  }
}

TEST(SecretsManager, IsAskedFiveTimesAtMost) {
  Bench bench;
  bench.Answer({Refusal("ThrottlingException")});
  EXPECT_EQ(bench.Get().error().origin, "aws:ThrottlingException");
  EXPECT_THAT(bench.transport.requests(), SizeIs(5));
  EXPECT_THAT(bench.pause.times(), SizeIs(4));
}

TEST(SecretsManager, DoesNotPauseBeyondTheDeadline) {
  Bench bench;
  bench.Answer({Refusal("ThrottlingException")});
  bench.request.deadline = bench.clock.SteadyNow();
  EXPECT_EQ(bench.Get().error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(bench.transport.requests(), SizeIs(1));
  EXPECT_THAT(bench.pause.times(), SizeIs(0));
}

TEST(SecretsManager, EndsWithAStop) {
  Bench bench;
  std::stop_source stop;
  bench.request.stop = stop.get_token();
  bench.Answer({Refusal("ThrottlingException")});
  bench.pause.before_each = [&] { stop.request_stop(); };
  EXPECT_FALSE(bench.Get());
  EXPECT_THAT(bench.transport.requests(), SizeIs(1));
}

TEST(SecretsManager, TakesOtherKeysOnceWhenTheyAreRefused) {
  for (const char* code :
       {"ExpiredTokenException", "UnrecognizedClientException", "InvalidClientTokenId"}) {
    Bench bench;
    bench.Answer({Refusal(code), Secret(R"("p")")});
    EXPECT_EQ(*bench.Get(), "p");
    EXPECT_THAT(Field(bench.transport.requests()[1], "Authorization"), HasSubstr("Credential=2/"));
    EXPECT_THAT(bench.pause.times(), SizeIs(0));

    Bench refused;
    refused.Answer({Refusal(code)});
    EXPECT_EQ(refused.Get().error().code, ErrorCode::kUnauthenticated);
    EXPECT_THAT(refused.transport.requests(), SizeIs(2));
  }
}

TEST(SecretsManager, SignsWithTheServicesTimeWhenThisMachinesIsOff) {
  Bench bench;
  bench.Answer({Refusal("InvalidSignatureException"), Secret(R"("p")")});
  EXPECT_EQ(*bench.Get(), "p");
  EXPECT_EQ(Field(bench.transport.requests()[0], "X-Amz-Date"), "20261122T020000Z");
  EXPECT_EQ(Field(bench.transport.requests()[1], "X-Amz-Date"), "20261122T021000Z");

  Bench refused;
  refused.Answer({Refusal("InvalidSignatureException")});
  EXPECT_THAT(refused.Get().error().message, HasSubstr("clock"));
  EXPECT_THAT(refused.transport.requests(), SizeIs(2));
}

TEST(SecretsManager, DoesNotBlameAClockThatIsRight) {
  for (const char* date : {"Sun, 22 Nov 2026 02:00:01 GMT", "yesterday", ""}) {
    Bench bench;
    ClientResponse refusal = Refusal("SignatureDoesNotMatch", 403);
    refusal.headers = {{"Date", date}};
    bench.Answer({refusal});
    EXPECT_EQ(bench.Get().error().code, ErrorCode::kUnauthenticated);
    EXPECT_THAT(bench.transport.requests(), SizeIs(1)) << date;
  }
}

TEST(SecretsManager, FailsAsItsCredentialsDo) {
  Bench bench;
  bench.credentials.failure = {
      ErrorCode::kUnauthenticated, "no AWS credentials", "aws:credentials", {}};
  EXPECT_EQ(bench.Get().error().origin, "aws:credentials");
  EXPECT_THAT(bench.pause.times(), SizeIs(0));
  bench.credentials.failure->code = ErrorCode::kUnavailable;
  EXPECT_EQ(bench.Get().error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(bench.pause.times(), SizeIs(4));
  EXPECT_THAT(bench.transport.requests(), SizeIs(0));
}

TEST(SecretsManager, IsReadWithoutSpellingOutEveryPart) {
  Bench bench;
  EXPECT_EQ(*GetSecretString(bench.transport, bench.credentials, bench.clock, bench.request), "p");
}

TEST(ServerTimes, AreReadFromTheDateField) {
  const auto time = [](const std::string& date) { return ServerTime({200, {{"date", date}}, {}}); };
  EXPECT_EQ(time("Sun, 22 Nov 2026 02:10:00 GMT"), ParseInstant("2026-11-22T02:10:00Z"));
  EXPECT_EQ(time("Thu, 01 Jan 2026 00:00:00 GMT"), ParseInstant("2026-01-01T00:00:00Z"));
  for (const char* bad : {"", "Sun, 22 Nov 2026 02:10:00 UTC", "Sun, 22 ovD 2026 02:10:00 GMT",
                          "Sun, 32 Nov 2026 02:10:00 GMT", "Sunday, 22-Nov-26 02:10:00 GMT"}) {
    EXPECT_EQ(time(bad), std::nullopt) << bad;
  }
  EXPECT_EQ(ServerTime({200, {}, {}}), std::nullopt);
}

}  // namespace
}  // namespace revops::net
