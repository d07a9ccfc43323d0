#include "core/net/aws/workload_token.h"

#include <string_view>
#include <utility>

#include "core/net/aws/answers.h"
#include "core/net/aws/canonical_request.h"
#include "core/net/aws/endpoint.h"
#include "core/net/http_syntax.h"

namespace revops::net {
namespace {

constexpr char kDoing[] = "asking STS for a token of this workload (sts:GetWebIdentityToken)";
constexpr std::string_view kService = "sts";

ClientRequest GetWebIdentityToken(const WorkloadTokenRequest& wanted) {
  ClientRequest request;
  request.method = "POST";
  request.origin = wanted.endpoint.value_or(AwsOrigin(kService, wanted.region));
  request.target = "/";
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "text/xml"}};
  request.body =
      "Action=GetWebIdentityToken&Version=2011-06-15&SigningAlgorithm=ES384&DurationSeconds=" +
      std::to_string(wanted.lifetime.count()) +
      "&Audience.member.1=" + PercentEncoded(wanted.audience);
  request.deadline = wanted.deadline;
  request.body_bytes_max = kAnswerBytesMax;
  return request;
}

Result<Secret> Ask(const SignedCallParts& parts, const WorkloadTokenRequest& request) {
  REVOPS_TRY_ASSIGN(std::string body,
                    CallSigned(parts, GetWebIdentityToken(request),
                               {request.region, std::string(kService)}, ReadXmlErrorCode));
  Result<Secret> token = ReadWebIdentityToken(body);
  Cleanse(body);
  return token;
}

}  // namespace

Result<Secret> GetWorkloadToken(const SignedCallParts& parts, const WorkloadTokenRequest& request) {
  if (request.region.empty()) {
    return Fail(ErrorCode::kInvalidArgument,
                "a token of this workload comes from a region's STS: set AWS_REGION");
  }
  return WithContext(Ask(parts, request), kDoing);
}

}  // namespace revops::net
