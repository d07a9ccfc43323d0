#include "core/net/aws/errors.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace revops::net {
namespace {

using testing::HasSubstr;

struct Case {
  int status;
  std::string code;
  ErrorCode meaning;
  std::string origin;
  std::string advice;  ///< a part of the message
};

TEST(AwsErrors, HaveOneOfOurCodes) {
  using enum ErrorCode;
  const std::vector<Case> cases = {
      {403, "AccessDenied", kPermissionDenied, "aws:AccessDenied", "policy"},
      {400, "AccessDeniedException", kPermissionDenied, "aws:AccessDeniedException", "policy"},
      {400, "NotAuthorized", kPermissionDenied, "aws:NotAuthorized", "policy"},
      {403, "OptInRequired", kPermissionDenied, "aws:OptInRequired", "region"},
      {403, "RegionDisabledException", kPermissionDenied, "aws:RegionDisabledException", "STS"},
      {403, "OutboundWebIdentityFederationDisabledException", kUnsupported,
       "aws:OutboundWebIdentityFederationDisabledException", "aws iam enable-outbound"},
      {403, "SessionDurationEscalationException", kUnauthenticated,
       "aws:SessionDurationEscalationException", "renew"},
      {403, "ExpiredToken", kUnauthenticated, "aws:ExpiredToken", "renew"},
      {400, "ExpiredTokenException", kUnauthenticated, "aws:ExpiredTokenException", "renew"},
      {403, "InvalidClientTokenId", kUnauthenticated, "aws:InvalidClientTokenId", "renew"},
      {400, "UnrecognizedClientException", kUnauthenticated, "aws:UnrecognizedClientException",
       "renew"},
      {400, "IncompleteSignature", kUnauthenticated, "aws:IncompleteSignature", "signature"},
      {400, "IncompleteSignatureException", kUnauthenticated, "aws:IncompleteSignatureException",
       "signature"},
      {400, "InvalidSignatureException", kUnauthenticated, "aws:InvalidSignatureException",
       "clock"},
      {403, "SignatureDoesNotMatch", kUnauthenticated, "aws:SignatureDoesNotMatch", "clock"},
      {400, "MissingAuthenticationTokenException", kUnauthenticated,
       "aws:MissingAuthenticationTokenException", "unsigned"},
      {400, "RequestExpired", kUnauthenticated, "aws:RequestExpired", "clock"},
      {403, "RequestTimeTooSkewed", kUnauthenticated, "aws:RequestTimeTooSkewed", "clock"},
      {400, "InvalidIdentityToken", kUnauthenticated, "aws:InvalidIdentityToken", "trust policy"},
      {400, "InvalidIdentityTokenException", kUnauthenticated, "aws:InvalidIdentityTokenException",
       "trust policy"},
      {403, "IDPRejectedClaim", kUnauthenticated, "aws:IDPRejectedClaim", "trust policy"},
      {403, "IDPRejectedClaimException", kUnauthenticated, "aws:IDPRejectedClaimException",
       "trust policy"},
      {400, "IDPCommunicationError", kUnavailable, "aws:IDPCommunicationError", "provider"},
      {400, "IDPCommunicationErrorException", kUnavailable, "aws:IDPCommunicationErrorException",
       "provider"},
      {400, "ResourceNotFoundException", kNotFound, "aws:ResourceNotFoundException",
       "no such secret"},
      {400, "DecryptionFailure", kPermissionDenied, "aws:DecryptionFailure", "kms:Decrypt"},
      {400, "DecryptionFailureException", kPermissionDenied, "aws:DecryptionFailureException",
       "kms:Decrypt"},
      {400, "InvalidRequestException", kInvalidArgument, "aws:InvalidRequestException", "deletion"},
      {400, "InvalidParameterException", kInvalidArgument, "aws:InvalidParameterException", "name"},
      {400, "ValidationException", kInvalidArgument, "aws:ValidationException", "name"},
      {400, "ValidationError", kInvalidArgument, "aws:ValidationError", "AWS_ROLE_ARN"},
      {400, "Throttling", kUnavailable, "aws:Throttling", "busy"},
      {400, "ThrottlingException", kUnavailable, "aws:ThrottlingException", "busy"},
      {400, "ThrottledException", kUnavailable, "aws:ThrottledException", "busy"},
      {400, "RequestThrottled", kUnavailable, "aws:RequestThrottled", "busy"},
      {400, "RequestThrottledException", kUnavailable, "aws:RequestThrottledException", "busy"},
      {400, "TooManyRequestsException", kUnavailable, "aws:TooManyRequestsException", "busy"},
      {400, "RequestLimitExceeded", kUnavailable, "aws:RequestLimitExceeded", "busy"},
      {400, "LimitExceededException", kUnavailable, "aws:LimitExceededException", "busy"},
      {500, "InternalServiceError", kUnavailable, "aws:InternalServiceError", "failed"},
      {500, "InternalServiceErrorException", kUnavailable, "aws:InternalServiceErrorException",
       "failed"},
      {500, "InternalFailure", kUnavailable, "aws:InternalFailure", "failed"},
      {503, "ServiceUnavailable", kUnavailable, "aws:ServiceUnavailable", "failed"},
      {503, "ServiceUnavailableException", kUnavailable, "aws:ServiceUnavailableException",
       "failed"},
      {401, "", kUnauthenticated, "aws:401", "401"},
      {403, "", kPermissionDenied, "aws:403", "403"},
      {404, "", kNotFound, "aws:404", "404"},
      {408, "", kUnavailable, "aws:408", "408"},
      {429, "", kUnavailable, "aws:429", "429"},
      {502, "", kUnavailable, "aws:502", "502"},
      {400, "", kInternal, "aws:400", "400"},
      {302, "", kInternal, "aws:302", "302"},
      {400, "SomethingNew", kInternal, "aws:SomethingNew", "400"},
  };
  for (const Case& test : cases) {
    SCOPED_TRACE(std::to_string(test.status) + " " + test.code);
    const Error error = AwsError(test.status, test.code);
    EXPECT_EQ(error.code, test.meaning);
    EXPECT_EQ(error.origin, test.origin);
    EXPECT_THAT(error.message, HasSubstr(test.advice));
    EXPECT_EQ(is_aws_busy(test.status, test.code), is_retryable(error.code) && test.status != 408);
    EXPECT_EQ(is_aws_key_refusal(test.code), test.advice == "renew");
  }
}

}  // namespace
}  // namespace revops::net
