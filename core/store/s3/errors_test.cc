#include "core/store/s3/errors.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace revops::store {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Case {
  int status;
  std::string code;
  ErrorCode meaning;
  S3Remedy remedy;
  std::string origin;
  std::string advice;  ///< a part of the message
};

constexpr auto kNone = S3Remedy::kNone;
constexpr auto kRepeat = S3Remedy::kRepeat;
constexpr auto kRenew = S3Remedy::kRenewCredentials;
constexpr auto kSetClock = S3Remedy::kSetClock;

const std::vector<Case>& Cases() {
  using enum ErrorCode;
  static const std::vector<Case> cases = {
      {404, "NoSuchKey", kNotFound, kNone, "s3:NoSuchKey", "no such object"},
      {404, "NoSuchBucket", kInvalidArgument, kNone, "s3:NoSuchBucket", "create it"},
      {400, "InvalidBucketName", kInvalidArgument, kNone, "s3:InvalidBucketName", "bucket"},
      {412, "PreconditionFailed", kAlreadyExists, kNone, "s3:PreconditionFailed", "version"},
      {409, "ConditionalRequestConflict", kUnavailable, kRepeat, "s3:ConditionalRequestConflict",
       "somebody else"},
      {409, "OperationAborted", kUnavailable, kRepeat, "s3:OperationAborted", "somebody else"},
      {403, "AccessDenied", kPermissionDenied, kNone, "s3:AccessDenied", "s3:ListBucket"},
      {403, "AccessDenied", kPermissionDenied, kNone, "s3:AccessDenied", "s3:GetObject"},
      {403, "AllAccessDisabled", kPermissionDenied, kNone, "s3:AllAccessDisabled", "closed"},
      {403, "AccountProblem", kPermissionDenied, kNone, "s3:AccountProblem", "account"},
      {403, "InvalidAccessKeyId", kUnauthenticated, kRenew, "s3:InvalidAccessKeyId",
       "AWS_ACCESS_KEY_ID"},
      {403, "SignatureDoesNotMatch", kUnauthenticated, kRenew, "s3:SignatureDoesNotMatch",
       "AWS_SECRET_ACCESS_KEY"},
      {400, "ExpiredToken", kUnauthenticated, kRenew, "s3:ExpiredToken", "renew"},
      {400, "ExpiredTokenException", kUnauthenticated, kRenew, "s3:ExpiredTokenException", "renew"},
      {400, "TokenRefreshRequired", kUnauthenticated, kRenew, "s3:TokenRefreshRequired", "renew"},
      {400, "InvalidToken", kUnauthenticated, kRenew, "s3:InvalidToken", "AWS_SESSION_TOKEN"},
      {403, "RequestTimeTooSkewed", kUnauthenticated, kSetClock, "s3:RequestTimeTooSkewed",
       "clock"},
      {301, "PermanentRedirect", kInvalidArgument, kNone, "s3:PermanentRedirect",
       "REVOPS_STORE_REGION"},
      {400, "AuthorizationHeaderMalformed", kInvalidArgument, kNone,
       "s3:AuthorizationHeaderMalformed", "region"},
      {400, "IllegalLocationConstraintException", kInvalidArgument, kNone,
       "s3:IllegalLocationConstraintException", "region"},
      {307, "TemporaryRedirect", kUnavailable, kNone, "s3:TemporaryRedirect", "new"},
      {503, "SlowDown", kUnavailable, kRepeat, "s3:SlowDown", "busy"},
      {503, "ServiceUnavailable", kUnavailable, kRepeat, "s3:ServiceUnavailable", "busy"},
      {429, "Throttling", kUnavailable, kRepeat, "s3:Throttling", "busy"},
      {400, "ThrottlingException", kUnavailable, kRepeat, "s3:ThrottlingException", "busy"},
      {503, "RequestLimitExceeded", kUnavailable, kRepeat, "s3:RequestLimitExceeded", "busy"},
      {500, "InternalError", kUnavailable, kRepeat, "s3:InternalError", "failed"},
      {400, "RequestTimeout", kUnavailable, kRepeat, "s3:RequestTimeout", "slowly"},
      {400, "IncompleteBody", kUnavailable, kRepeat, "s3:IncompleteBody", "damaged"},
      {400, "BadDigest", kUnavailable, kRepeat, "s3:BadDigest", "damaged"},
      {400, "XAmzContentSHA256Mismatch", kUnavailable, kRepeat, "s3:XAmzContentSHA256Mismatch",
       "damaged"},
      {400, "XAmzContentChecksumMismatch", kUnavailable, kRepeat, "s3:XAmzContentChecksumMismatch",
       "damaged"},
      {400, "EntityTooLarge", kResourceExhausted, kNone, "s3:EntityTooLarge", "larger"},
      {403, "QuotaExceeded", kResourceExhausted, kNone, "s3:QuotaExceeded", "quota"},
      {507, "XMinioStorageFull", kResourceExhausted, kNone, "s3:XMinioStorageFull", "no room"},
      {403, "InvalidObjectState", kUnsupported, kNone, "s3:InvalidObjectState", "archived"},
      {501, "NotImplemented", kUnsupported, kNone, "s3:NotImplemented", "If-Match"},
      {301, "", kInvalidArgument, kNone, "s3:301", "region"},
      {307, "", kUnavailable, kNone, "s3:307", "elsewhere"},
      {401, "", kUnauthenticated, kNone, "s3:401", "refused"},
      {403, "", kPermissionDenied, kNone, "s3:403", "denied"},
      {404, "", kUnavailable, kNone, "s3:404", "not S3"},
      {408, "", kUnavailable, kRepeat, "s3:408", "slowly"},
      {412, "", kAlreadyExists, kNone, "s3:412", "version"},
      {429, "", kUnavailable, kRepeat, "s3:429", "busy"},
      {500, "", kUnavailable, kRepeat, "s3:500", "does not answer"},
      {502, "", kUnavailable, kRepeat, "s3:502", "does not answer"},
      {503, "", kUnavailable, kRepeat, "s3:503", "busy"},
      {504, "", kUnavailable, kRepeat, "s3:504", "does not answer"},
      {507, "", kResourceExhausted, kNone, "s3:507", "no room"},
      {500, "Novel", kUnavailable, kRepeat, "s3:Novel", "does not answer"},
      {400, "MalformedXML", kInternal, kNone, "s3:MalformedXML", "refused"},
      {302, "", kInternal, kNone, "s3:302", "refused"},
      {206, "", kInternal, kNone, "s3:206", "refused"},
  };
  return cases;
}

TEST(S3Errors, HaveOneOfOurCodesAndARemedy) {
  for (const Case& test : Cases()) {
    SCOPED_TRACE(std::to_string(test.status) + " " + test.code);
    const S3Failure failure{test.status, test.code, {}, {}, {}};
    const Error error = ToError(failure);
    EXPECT_EQ(error.code, test.meaning);
    EXPECT_EQ(error.origin, test.origin);
    EXPECT_THAT(error.message, HasSubstr(test.advice));
    EXPECT_EQ(RemedyOf(failure), test.remedy);
  }
}

TEST(S3Errors, SayWhichRegionToConfigure) {
  for (const char* code : {"PermanentRedirect", "AuthorizationHeaderMalformed", ""}) {
    const Error error = ToError({301, code, {}, "eu-central-1", {}});
    EXPECT_THAT(error.message, HasSubstr("set store.region (REVOPS_STORE_REGION) to it"));
    EXPECT_THAT(error.message, HasSubstr("eu-central-1"));
  }
}

TEST(S3Errors, QuoteWhoIsDeniedWhatInOneBoundedLine) {
  const Error error = ToError({403,
                               "AccessDenied",
                               "User: arn:aws:iam::1:user/x is not\nauthorized to perform: "
                               "s3:PutObject" +
                                   std::string(100'000, 'x'),
                               {},
                               "4442587FB7D0A2F9"});
  EXPECT_THAT(error.message, HasSubstr("(it says: User: arn:aws:iam::1:user/x is not authorized"));
  EXPECT_THAT(error.message, HasSubstr("request 4442587FB7D0A2F9"));
  EXPECT_LT(error.message.size(), 1000U);
}

// Texts about signatures repeat headers of the request.
TEST(S3Errors, DoNotQuoteWhatMayHoldCredentials) {
  for (const char* code : {"SignatureDoesNotMatch", "InvalidToken", "ExpiredToken",
                           "InvalidAccessKeyId", "AuthorizationHeaderMalformed"}) {
    const Error error = ToError({403, code, "the secret canary", "the secret canary", "a canary!"});
    EXPECT_THAT(error.message, Not(HasSubstr("canary"))) << code;
  }
  EXPECT_EQ(ToError({403, "a canary!", {}, {}, {}}).origin, "s3:403");
}

TEST(S3Errors, TellWhatMayHaveBeenCarriedOut) {
  for (const int status : {500, 502, 503, 504}) {
    EXPECT_TRUE(may_have_happened({status, "", {}, {}, {}})) << status;
  }
  EXPECT_TRUE(may_have_happened({500, "InternalError", {}, {}, {}}));
  EXPECT_FALSE(may_have_happened({503, "SlowDown", {}, {}, {}}));
  EXPECT_FALSE(may_have_happened({503, "ServiceUnavailable", {}, {}, {}}));
  for (const int status : {301, 400, 403, 404, 409, 412}) {
    EXPECT_FALSE(may_have_happened({status, "", {}, {}, {}})) << status;
  }
}

}  // namespace
}  // namespace revops::store
