#include "core/net/aws/errors.h"

#include <algorithm>
#include <array>

namespace revops::net {
namespace {

struct CodeRow {
  std::string_view code;
  ErrorCode meaning;
  std::string_view advice;
};

constexpr std::string_view kBusy = "the service is too busy";
constexpr std::string_view kTryLater = "the service has failed";
constexpr std::string_view kClock = "the signature's time is off: check this machine's clock";
constexpr std::string_view kNewKeys = "the keys have ended or are not known: renew them";
constexpr std::string_view kKeysEndSoon = "the keys end sooner than the token would: renew them";
constexpr std::string_view kTrust =
    "the web identity was refused: check the role's trust policy, its identity provider and the "
    "token's audience";

constexpr std::array kCodes = {
    // What may be done.
    CodeRow{"AccessDenied", ErrorCode::kPermissionDenied,
            "the role may not do this: check its policy"},
    CodeRow{"AccessDeniedException", ErrorCode::kPermissionDenied,
            "the role may not do this: check its policy, and that of the key that encrypts"},
    CodeRow{"NotAuthorized", ErrorCode::kPermissionDenied,
            "the role may not do this: check its policy"},
    CodeRow{"OptInRequired", ErrorCode::kPermissionDenied,
            "the account has not opted in to the region"},
    CodeRow{"OutboundWebIdentityFederationDisabledException", ErrorCode::kUnsupported,
            "the account does not let its roles prove themselves to others yet: aws iam "
            "enable-outbound-web-identity-federation"},
    CodeRow{"RegionDisabledException", ErrorCode::kPermissionDenied,
            "STS is not activated in the region for this account"},
    // Who asks.
    CodeRow{"ExpiredToken", ErrorCode::kUnauthenticated, kNewKeys},
    CodeRow{"ExpiredTokenException", ErrorCode::kUnauthenticated, kNewKeys},
    CodeRow{"SessionDurationEscalationException", ErrorCode::kUnauthenticated, kKeysEndSoon},
    CodeRow{"InvalidClientTokenId", ErrorCode::kUnauthenticated, kNewKeys},
    CodeRow{"UnrecognizedClientException", ErrorCode::kUnauthenticated, kNewKeys},
    CodeRow{"IncompleteSignature", ErrorCode::kUnauthenticated, "the signature was not understood"},
    CodeRow{"IncompleteSignatureException", ErrorCode::kUnauthenticated,
            "the signature was not understood"},
    CodeRow{"InvalidSignatureException", ErrorCode::kUnauthenticated,
            "the signature does not fit: check AWS_SECRET_ACCESS_KEY and this machine's clock"},
    CodeRow{"SignatureDoesNotMatch", ErrorCode::kUnauthenticated,
            "the signature does not fit: check AWS_SECRET_ACCESS_KEY and this machine's clock"},
    CodeRow{"MissingAuthenticationTokenException", ErrorCode::kUnauthenticated,
            "the request came unsigned"},
    CodeRow{"RequestExpired", ErrorCode::kUnauthenticated, kClock},
    CodeRow{"RequestTimeTooSkewed", ErrorCode::kUnauthenticated, kClock},
    CodeRow{"InvalidIdentityToken", ErrorCode::kUnauthenticated, kTrust},
    CodeRow{"InvalidIdentityTokenException", ErrorCode::kUnauthenticated, kTrust},
    CodeRow{"IDPRejectedClaim", ErrorCode::kUnauthenticated, kTrust},
    CodeRow{"IDPRejectedClaimException", ErrorCode::kUnauthenticated, kTrust},
    CodeRow{"IDPCommunicationError", ErrorCode::kUnavailable,
            "STS cannot reach the identity provider"},
    CodeRow{"IDPCommunicationErrorException", ErrorCode::kUnavailable,
            "STS cannot reach the identity provider"},
    // What is asked for.
    CodeRow{"ResourceNotFoundException", ErrorCode::kNotFound,
            "there is no such secret in this region and account, or it has no value yet"},
    CodeRow{"DecryptionFailure", ErrorCode::kPermissionDenied,
            "the secret cannot be decrypted: check the KMS key and the role's kms:Decrypt"},
    CodeRow{"DecryptionFailureException", ErrorCode::kPermissionDenied,
            "the secret cannot be decrypted: check the KMS key and the role's kms:Decrypt"},
    CodeRow{"InvalidRequestException", ErrorCode::kInvalidArgument,
            "the secret cannot be read in its state: it may be marked for deletion"},
    CodeRow{"InvalidParameterException", ErrorCode::kInvalidArgument,
            "the secret's name or ARN is not one"},
    CodeRow{"ValidationException", ErrorCode::kInvalidArgument,
            "the secret's name or ARN is not one"},
    CodeRow{"ValidationError", ErrorCode::kInvalidArgument,
            "check AWS_ROLE_ARN and AWS_ROLE_SESSION_NAME"},
    // Patience.
    CodeRow{"Throttling", ErrorCode::kUnavailable, kBusy},
    CodeRow{"ThrottlingException", ErrorCode::kUnavailable, kBusy},
    CodeRow{"ThrottledException", ErrorCode::kUnavailable, kBusy},
    CodeRow{"RequestThrottled", ErrorCode::kUnavailable, kBusy},
    CodeRow{"RequestThrottledException", ErrorCode::kUnavailable, kBusy},
    CodeRow{"TooManyRequestsException", ErrorCode::kUnavailable, kBusy},
    CodeRow{"RequestLimitExceeded", ErrorCode::kUnavailable, kBusy},
    CodeRow{"LimitExceededException", ErrorCode::kUnavailable, kBusy},
    CodeRow{"InternalServiceError", ErrorCode::kUnavailable, kTryLater},
    CodeRow{"InternalServiceErrorException", ErrorCode::kUnavailable, kTryLater},
    CodeRow{"InternalFailure", ErrorCode::kUnavailable, kTryLater},
    CodeRow{"ServiceUnavailable", ErrorCode::kUnavailable, kTryLater},
    CodeRow{"ServiceUnavailableException", ErrorCode::kUnavailable, kTryLater},
};

ErrorCode MeaningOf(int status) {
  if (status == 401) return ErrorCode::kUnauthenticated;
  if (status == 403) return ErrorCode::kPermissionDenied;
  if (status == 404) return ErrorCode::kNotFound;
  if (status == 408 || status == 429 || status >= 500) return ErrorCode::kUnavailable;
  return ErrorCode::kInternal;
}

}  // namespace

Error AwsError(int status, const std::string& code) {
  const auto row = std::find_if(kCodes.begin(), kCodes.end(),
                                [&](const CodeRow& of) { return of.code == code; });
  const std::string origin = "aws:" + (code.empty() ? std::to_string(status) : code);
  if (row != kCodes.end()) return {row->meaning, std::string(row->advice), origin, {}};
  return {MeaningOf(status),
          "the request was refused with status " + std::to_string(status),
          origin,
          {}};
}

bool is_aws_busy(int status, std::string_view code) {
  if (status == 429 || status == 500 || status == 502 || status == 503 || status == 504)
    return true;
  const auto row = std::find_if(kCodes.begin(), kCodes.end(),
                                [&](const CodeRow& of) { return of.code == code; });
  return row != kCodes.end() && row->meaning == ErrorCode::kUnavailable;
}

bool is_aws_key_refusal(std::string_view code) {
  const auto row = std::find_if(kCodes.begin(), kCodes.end(),
                                [&](const CodeRow& of) { return of.code == code; });
  return row != kCodes.end() && (row->advice == kNewKeys || row->advice == kKeysEndSoon);
}

}  // namespace revops::net
