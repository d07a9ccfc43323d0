#include "core/store/s3/errors.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace revops::store {
namespace {

struct Row {
  std::string_view code;
  ErrorCode meaning;
  S3Remedy remedy;
  std::string_view advice;
};

constexpr auto kNone = S3Remedy::kNone;
constexpr auto kRepeat = S3Remedy::kRepeat;
constexpr auto kRenew = S3Remedy::kRenewCredentials;

constexpr std::string_view kBusy = "the service is too busy";
constexpr std::string_view kBroken = "the service does not answer";
constexpr std::string_view kDamaged = "the object was damaged on its way to the service";
constexpr std::string_view kWrongRegion = "the bucket lies in another region";
constexpr std::string_view kOldToken =
    "the session's credentials have ended: renew them, or give the program a role";

constexpr std::array kCodes = {
    Row{"NoSuchKey", ErrorCode::kNotFound, kNone, "there is no such object"},
    Row{"NoSuchBucket", ErrorCode::kInvalidArgument, kNone,
        "the bucket does not exist: create it or correct its name"},
    Row{"InvalidBucketName", ErrorCode::kInvalidArgument, kNone, "not the name of a bucket"},
    Row{"PreconditionFailed", ErrorCode::kAlreadyExists, kNone,
        "the object is not in the expected version"},
    Row{"ConditionalRequestConflict", ErrorCode::kUnavailable, kRepeat,
        "somebody else is writing the object"},
    Row{"OperationAborted", ErrorCode::kUnavailable, kRepeat,
        "somebody else is changing the bucket"},
    Row{"AccessDenied", ErrorCode::kPermissionDenied, kNone,
        "access denied: the credentials need s3:ListBucket on the bucket, and s3:GetObject, "
        "s3:PutObject and s3:DeleteObject on its objects, and the use of its KMS key if it has "
        "one (without s3:ListBucket a missing object is denied as well)"},
    Row{"AllAccessDisabled", ErrorCode::kPermissionDenied, kNone, "the bucket is closed"},
    Row{"AccountProblem", ErrorCode::kPermissionDenied, kNone, "the account is not usable"},
    Row{"InvalidAccessKeyId", ErrorCode::kUnauthenticated, kRenew,
        "the access key does not exist: check AWS_ACCESS_KEY_ID or the profile"},
    Row{"SignatureDoesNotMatch", ErrorCode::kUnauthenticated, kRenew,
        "the signature was refused: check AWS_SECRET_ACCESS_KEY or the profile"},
    Row{"ExpiredToken", ErrorCode::kUnauthenticated, kRenew, kOldToken},
    Row{"ExpiredTokenException", ErrorCode::kUnauthenticated, kRenew, kOldToken},
    Row{"TokenRefreshRequired", ErrorCode::kUnauthenticated, kRenew, kOldToken},
    Row{"InvalidToken", ErrorCode::kUnauthenticated, kRenew,
        "the session token was refused: check AWS_SESSION_TOKEN, which belongs to its access key"},
    Row{"RequestTimeTooSkewed", ErrorCode::kUnauthenticated, S3Remedy::kSetClock,
        "this machine's clock differs from the service's: set it"},
    Row{"PermanentRedirect", ErrorCode::kInvalidArgument, kNone, kWrongRegion},
    Row{"AuthorizationHeaderMalformed", ErrorCode::kInvalidArgument, kNone,
        "the signature is for another region, or its access key is malformed"},
    Row{"IllegalLocationConstraintException", ErrorCode::kInvalidArgument, kNone, kWrongRegion},
    Row{"TemporaryRedirect", ErrorCode::kUnavailable, kNone,
        "the bucket is new and not known everywhere yet, or lies in another region"},
    Row{"SlowDown", ErrorCode::kUnavailable, kRepeat, kBusy},
    Row{"ServiceUnavailable", ErrorCode::kUnavailable, kRepeat, kBusy},
    Row{"Throttling", ErrorCode::kUnavailable, kRepeat, kBusy},
    Row{"ThrottlingException", ErrorCode::kUnavailable, kRepeat, kBusy},
    Row{"RequestLimitExceeded", ErrorCode::kUnavailable, kRepeat, kBusy},
    Row{"InternalError", ErrorCode::kUnavailable, kRepeat, "the service has failed"},
    Row{"RequestTimeout", ErrorCode::kUnavailable, kRepeat, "the request arrived too slowly"},
    Row{"IncompleteBody", ErrorCode::kUnavailable, kRepeat, kDamaged},
    Row{"BadDigest", ErrorCode::kUnavailable, kRepeat, kDamaged},
    Row{"XAmzContentSHA256Mismatch", ErrorCode::kUnavailable, kRepeat, kDamaged},
    Row{"XAmzContentChecksumMismatch", ErrorCode::kUnavailable, kRepeat, kDamaged},
    Row{"EntityTooLarge", ErrorCode::kResourceExhausted, kNone,
        "the object is larger than the service takes"},
    Row{"QuotaExceeded", ErrorCode::kResourceExhausted, kNone,
        "there is no room: free some or raise the quota"},
    Row{"XMinioStorageFull", ErrorCode::kResourceExhausted, kNone,
        "there is no room on the server: free some"},
    Row{"InvalidObjectState", ErrorCode::kUnsupported, kNone,
        "the object was archived: restore it, and leave these objects out of the lifecycle rule"},
    Row{"NotImplemented", ErrorCode::kUnsupported, kNone,
        "the server lacks something of S3: it must take If-Match and If-None-Match on a PUT"},
};

struct StatusRow {
  int status;
  Row row;
};

/// Answers without a code: those to HEAD, and those of something between us and S3.
constexpr std::array kStatuses = {
    StatusRow{301, {"", ErrorCode::kInvalidArgument, kNone, kWrongRegion}},
    StatusRow{307, {"", ErrorCode::kUnavailable, kNone, "the bucket is to be found elsewhere"}},
    StatusRow{401, {"", ErrorCode::kUnauthenticated, kNone, "the credentials were refused"}},
    StatusRow{403, {"", ErrorCode::kPermissionDenied, kNone, "access denied"}},
    StatusRow{
        404,
        {"", ErrorCode::kUnavailable, kNone, "what answers there is not S3: check the endpoint"}},
    StatusRow{408, {"", ErrorCode::kUnavailable, kRepeat, "the request arrived too slowly"}},
    StatusRow{412,
              {"", ErrorCode::kAlreadyExists, kNone, "the object is not in the expected version"}},
    StatusRow{429, {"", ErrorCode::kUnavailable, kRepeat, kBusy}},
    StatusRow{503, {"", ErrorCode::kUnavailable, kRepeat, kBusy}},
    StatusRow{507, {"", ErrorCode::kResourceExhausted, kNone, "there is no room on the server"}},
};

constexpr Row kServerError = {"", ErrorCode::kUnavailable, kRepeat, kBroken};
constexpr Row kRefused = {"", ErrorCode::kInternal, kNone, "the request was refused"};

const Row& RowFor(const S3Failure& failure) {
  const auto by_code = std::find_if(kCodes.begin(), kCodes.end(),
                                    [&](const Row& row) { return row.code == failure.code; });
  if (by_code != kCodes.end()) return *by_code;
  const auto by_status =
      std::find_if(kStatuses.begin(), kStatuses.end(),
                   [&](const StatusRow& row) { return row.status == failure.status; });
  if (by_status != kStatuses.end()) return by_status->row;
  return failure.status >= 500 ? kServerError : kRefused;
}

/// Words of the server that are safe to show: names of regions, codes, ids.
std::string Word(std::string_view text) {
  constexpr std::size_t kWordMax = 64;
  std::string word;
  for (const char c : text.substr(0, kWordMax)) {
    const bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '_' || c == '.';
    if (!fits) return {};
    word += c;
  }
  return word;
}

/// Texts about a signature repeat what was signed; those about a permission name who asked for
/// what, and are worth reading.
std::string Quote(const S3Failure& failure) {
  constexpr std::size_t kQuoteMax = 300;
  const bool is_worth_it = failure.code == "AccessDenied" || RowFor(failure).code.empty();
  if (!is_worth_it || failure.message.empty()) return {};
  std::string line;
  for (const char c : failure.message.substr(0, kQuoteMax)) line += c >= ' ' && c <= '~' ? c : ' ';
  return " (it says: " + line + ")";
}

}  // namespace

S3Remedy RemedyOf(const S3Failure& failure) { return RowFor(failure).remedy; }

bool may_have_happened(const S3Failure& failure) {
  return failure.status >= 500 && failure.code != "SlowDown" &&
         failure.code != "ServiceUnavailable";
}

Error ToError(const S3Failure& failure) {
  const Row& row = RowFor(failure);
  const std::string code = Word(failure.code);
  std::string message = "S3: " + std::string(row.advice);
  if (const std::string region = Word(failure.region); !region.empty()) {
    message += "; the bucket is in " + region + ": set store.region (REVOPS_STORE_REGION) to it";
  } else if (row.advice == kWrongRegion) {
    message += ": set store.region (REVOPS_STORE_REGION) to it";
  }
  message += Quote(failure);
  if (const std::string id = Word(failure.request_id); !id.empty()) message += ", request " + id;
  return {row.meaning, message, "s3:" + (code.empty() ? std::to_string(failure.status) : code), {}};
}

}  // namespace revops::store
