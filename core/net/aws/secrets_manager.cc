#include "core/net/aws/secrets_manager.h"

#include <string_view>
#include <utility>

#include "core/base/logging.h"
#include "core/net/aws/answers.h"
#include "core/net/aws/endpoint.h"
#include "core/net/aws/signed_call.h"
#include "core/net/http_syntax.h"

namespace revops::net {
namespace {

constexpr std::size_t kSecretBytesMax = std::size_t{1024} * 1024;
constexpr std::string_view kService = "secretsmanager";

/// "arn:aws:secretsmanager:<region>:<account>:secret:<name>-<six>"; empty for a name.
std::string RegionOfArn(std::string_view id) {
  if (TakeUntil(id, ':') != "arn") return {};
  TakeUntil(id, ':');
  if (TakeUntil(id, ':') != kService) return {};
  return std::string(TakeUntil(id, ':'));
}

ClientRequest GetSecretValue(const SecretRequest& wanted, const std::string& region) {
  ClientRequest request;
  request.method = "POST";
  request.origin = wanted.endpoint.value_or(AwsOrigin(kService, region));
  request.target = "/";
  request.headers = {{"Content-Type", "application/x-amz-json-1.1"},
                     {"X-Amz-Target", "secretsmanager.GetSecretValue"}};
  request.body = "{\"SecretId\":";
  AppendJsonString(request.body, wanted.secret_id);
  request.body += "}";
  request.deadline = wanted.deadline;
  request.stop = wanted.stop;
  request.body_bytes_max = kSecretBytesMax;
  return request;
}

Result<std::string> Ask(const SignedCallParts& parts, const SecretRequest& wanted,
                        const std::string& region) {
  REVOPS_TRY_ASSIGN(const std::string body,
                    CallSigned(parts, GetSecretValue(wanted, region),
                               {region, std::string(kService)}, ReadJsonErrorCode));
  return ReadSecretString(body);
}

}  // namespace

Result<std::string> SecretReader::Get(const SecretRequest& request) const {
  std::string region = RegionOfArn(request.secret_id);
  if (region.empty()) region = request.region;
  if (region.empty() || request.secret_id.empty()) {
    return Fail(ErrorCode::kInvalidArgument,
                "a secret of AWS Secrets Manager needs an id and a region: set AWS_REGION");
  }
  return WithContext(Ask({transport, credentials, clock, random, pause}, request, region),
                     "reading a secret from AWS Secrets Manager");
}

Result<std::string> GetSecretString(HttpTransport& transport, AwsCredentialSource& credentials,
                                    const Clock& clock, const SecretRequest& request) {
  SystemRandom random;
  SystemPause pause;
  return SecretReader{transport, credentials, clock, random, pause}.Get(request);
}

}  // namespace revops::net
