#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/store/s3/store_testing.h"

namespace revops::store {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

const std::string kETag = "\"0123456789abcdef-1\"";

net::ClientResponse Good(std::string body = "{}") {
  return Told(200, {{"ETag", kETag}}, std::move(body));
}

class S3ClientTest : public StoreBench, public testing::Test {};

TEST_F(S3ClientTest, RepeatsWhatMayPass) {
  const std::vector<Answer> troubles = {net::Lost(),
                                        Fail(ErrorCode::kUnavailable, "refused", "net:connect"),
                                        Fail(ErrorCode::kUnavailable, "reset", "net:tls"),
                                        Refused(500, "InternalError"),
                                        Refused(503, "SlowDown"),
                                        Refused(400, "RequestTimeout"),
                                        Refused(409, "ConditionalRequestConflict"),
                                        net::Http(502, "<html>bad gateway"),
                                        net::Http(503),
                                        net::Http(504),
                                        net::Http(429)};
  for (const Answer& trouble : troubles) {
    StoreBench bench;
    bench.Script({trouble, trouble, Good()});
    const auto got = bench.store->Get("a");
    ASSERT_TRUE(got) << Describe(got.error());
    EXPECT_EQ(bench.transport.requests().size(), 3U);
    EXPECT_EQ(bench.pause.times().size(), 2U);
  }
}

TEST_F(S3ClientTest, DoesNotRepeatWhatStays) {
  const std::vector<Answer> refusals = {
      Refused(403, "AccessDenied"),
      Refused(404, "NoSuchBucket"),
      Refused(301, "PermanentRedirect"),
      Refused(400, "MalformedXML"),
      net::Http(404),
      net::Http(302),
      Fail(ErrorCode::kPermissionDenied, "certificate", "net:tls"),
      Fail(ErrorCode::kResourceExhausted, "too large", "net:http")};
  for (const Answer& refusal : refusals) {
    StoreBench bench;
    bench.Script({refusal});
    EXPECT_FALSE(bench.store->Get("a"));
    EXPECT_EQ(bench.transport.requests().size(), 1U);
  }
}

TEST_F(S3ClientTest, EndsWithTheLastErrorInsideTheDeadline) {
  Script({Refused(503, "SlowDown")});
  const auto begun = clock.SteadyNow();
  const auto got = store->Get("a");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(got.error().origin, "s3:SlowDown");
  EXPECT_LE(clock.SteadyNow() - begun, config.operation_timeout);
  for (const auto& request : transport.requests()) {
    EXPECT_EQ(request.deadline, begun + config.operation_timeout);
  }
}

TEST_F(S3ClientTest, KeepsABudgetOfRepetitions) {
  Script({Refused(503, "SlowDown")});
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(store->Get("a"));
  // Eight at the start and one for eleven requests.
  EXPECT_LE(transport.requests().size(), 100U + 8 + 100 / 11 + 1);
}

TEST_F(S3ClientTest, WaitsARandomTimeThatDoubles) {
  Script({Refused(503, "SlowDown"), Refused(503, "SlowDown"), Refused(503, "SlowDown"), Good()});
  ASSERT_TRUE(store->Get("a"));
  const auto times = pause.times();
  ASSERT_EQ(times.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_LE(times[i].count(), 500 << i);
}

TEST_F(S3ClientTest, SignsForTheBucketsRegion) {
  Script({Good()});
  ASSERT_TRUE(store->Get("a"));
  const auto request = transport.requests().at(0);
  EXPECT_THAT(HeaderOf(request, "Authorization"), HasSubstr("/20261122/eu-west-1/s3/aws4_request"));
  EXPECT_THAT(HeaderOf(request, "Authorization"), HasSubstr("Credential=AKID0/"));
}

TEST_F(S3ClientTest, DatesRequestsByTheServersClockOnceItDiffers) {
  Script({Refused(403, "RequestTimeTooSkewed"), Good()});
  ASSERT_TRUE(store->Get("a"));
  ASSERT_TRUE(store->Get("a"));
  const auto requests = transport.requests();
  ASSERT_EQ(requests.size(), 3U);
  const auto dates = [&](std::size_t i) { return HeaderOf(requests[i], "X-Amz-Date"); };
  EXPECT_EQ(dates(0), "20261122T020000Z");
  EXPECT_EQ(dates(1), "20261122T021000Z");
  EXPECT_EQ(dates(2), "20261122T021000Z");
  EXPECT_TRUE(pause.times().empty());
}

TEST_F(S3ClientTest, SetsTheClockOnceAnOperation) {
  Script({Refused(403, "RequestTimeTooSkewed")});
  const auto got = store->Get("a");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::kUnauthenticated);
  EXPECT_THAT(got.error().message, HasSubstr("clock"));
  EXPECT_EQ(transport.requests().size(), 2U);
}

TEST_F(S3ClientTest, DoesNotSetTheClockByWhatIsNoDate) {
  for (const char* date : {"", "yesterday", "Sun, 22 Xyz 2026 02:10:00 GMT"}) {
    StoreBench bench;
    net::ClientResponse answer = Refused(403, "RequestTimeTooSkewed");
    answer.headers = {{"Date", date}};
    bench.Script({answer});
    EXPECT_FALSE(bench.store->Get("a"));
    EXPECT_EQ(bench.transport.requests().size(), 1U) << date;
  }
}

TEST_F(S3ClientTest, RenewsRefusedCredentialsOnce) {
  for (const char* code : {"ExpiredToken", "InvalidToken", "InvalidAccessKeyId"}) {
    StoreBench bench;
    bench.Script({Refused(400, code), Good()});
    ASSERT_TRUE(bench.store->Get("a")) << code;
    const auto requests = bench.transport.requests();
    EXPECT_THAT(HeaderOf(requests.at(1), "Authorization"), HasSubstr("Credential=AKID1/"));
    EXPECT_TRUE(bench.pause.times().empty());
    bench.Script({Refused(400, code)});
    const auto got = bench.store->Get("a");
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, ErrorCode::kUnauthenticated);
    EXPECT_EQ(bench.transport.requests().size(), 4U) << code;
  }
}

TEST_F(S3ClientTest, DoesNotSendRefusedCredentialsAgain) {
  CountingKeys fixed(false);
  const auto fixed_store = S3ObjectStore::Open(config, {transport, fixed, clock, random, pause});
  ASSERT_TRUE(fixed_store);
  Script({Refused(403, "SignatureDoesNotMatch")});
  const auto got = (*fixed_store)->Get("a");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().origin, "s3:SignatureDoesNotMatch");
  EXPECT_EQ(transport.requests().size(), 1U);
}

TEST_F(S3ClientTest, SendsNothingWithoutCredentials) {
  Script({Good()});
  keys.error = {ErrorCode::kUnauthenticated, "no credentials anywhere", "aws:none", {}};
  const auto got = store->Get("a");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().message, "no credentials anywhere");
  EXPECT_TRUE(transport.requests().empty());
}

TEST_F(S3ClientTest, SaysWhichRegionToConfigure) {
  net::ClientResponse moved = Refused(301, "PermanentRedirect");
  moved.headers.emplace_back("x-amz-bucket-region", "eu-central-1");
  for (const Answer& answer : {Answer(moved), Answer(Refused(400, "AuthorizationHeaderMalformed",
                                                             "<Region>eu-central-1</Region>"))}) {
    StoreBench bench;
    bench.Script({answer});
    const auto got = bench.store->Get("a");
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(got.error().message, HasSubstr("the bucket is in eu-central-1: set store.region"));
  }
}

TEST_F(S3ClientTest, SaysWhatToDoAboutACertificate) {
  Script({Fail(ErrorCode::kPermissionDenied, "does not hold", "net:tls")});
  const auto got = store->Get("a");
  ASSERT_FALSE(got);
  EXPECT_THAT(got.error().message, HasSubstr("SSL_CERT_FILE"));
}

TEST_F(S3ClientTest, TellsNoSecretInAnyError) {
  for (const char* code :
       {"SignatureDoesNotMatch", "InvalidToken", "AuthorizationHeaderMalformed"}) {
    StoreBench bench;
    bench.Script({Refused(403, code,
                          "<StringToSign>secret-of-the-test</StringToSign>"
                          "<Token-0>token-of-the-test</Token-0>")});
    const auto got = bench.store->Get("a");
    ASSERT_FALSE(got);
    EXPECT_THAT(Describe(got.error()), Not(HasSubstr("of-the-test"))) << code;
  }
}

}  // namespace
}  // namespace revops::store
