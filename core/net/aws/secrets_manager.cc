#include "core/net/aws/secrets_manager.h"

#include <chrono>
#include <string_view>
#include <utility>

#include "core/base/logging.h"
#include "core/net/aws/answers.h"
#include "core/net/aws/endpoint.h"
#include "core/net/aws/errors.h"
#include "core/net/aws/server_time.h"
#include "core/net/aws/sigv4.h"
#include "core/net/http_syntax.h"
#include "core/net/retry.h"

namespace revops::net {
namespace {

constexpr int kAttemptsMax = 5;
constexpr std::size_t kSecretBytesMax = std::size_t{1024} * 1024;
constexpr std::string_view kService = "secretsmanager";
/// AWS accepts five minutes.
constexpr std::chrono::minutes kClockErrorMax{4};

/// "arn:aws:secretsmanager:<region>:<account>:secret:<name>-<six>"; empty for a name.
std::string RegionOfArn(std::string_view id) {
  if (TakeUntil(id, ':') != "arn") return {};
  TakeUntil(id, ':');
  if (TakeUntil(id, ':') != kService) return {};
  return std::string(TakeUntil(id, ':'));
}

/// What one attempt has come to, and what may be done about it.
struct Attempt {
  Result<std::string> secret;
  bool may_repeat = false;
  bool are_keys_refused = false;
  std::optional<Instant> server_time;
};

/// One call: its attempts know of each other.
class SecretCall {
 public:
  SecretCall(const SecretReader& reader, const SecretRequest& request, std::string region)
      : reader_(reader), request_(request), scope_{std::move(region), std::string(kService)} {}

  Result<std::string> Run() {
    for (int attempt = 1;; ++attempt) {
      Attempt made = Try();
      if (made.secret || attempt == kAttemptsMax) return std::move(made.secret);
      if (Remedy(made)) continue;
      if (!made.may_repeat || !Wait(attempt)) return std::move(made.secret);
    }
  }

 private:
  Result<ClientRequest> Signed() {
    REVOPS_TRY_ASSIGN(const AwsCredentials keys, reader_.credentials.Get(request_.deadline));
    ClientRequest request;
    request.method = "POST";
    request.origin = request_.endpoint.value_or(AwsOrigin(kService, scope_.region));
    request.target = "/";
    request.headers = {{"Content-Type", "application/x-amz-json-1.1"},
                       {"X-Amz-Target", "secretsmanager.GetSecretValue"}};
    request.body = "{\"SecretId\":";
    AppendJsonString(request.body, request_.secret_id);
    request.body += "}";
    request.deadline = request_.deadline;
    request.stop = request_.stop;
    request.body_bytes_max = kSecretBytesMax;
    SignRequest(request, keys, scope_, reader_.clock.Now() + clock_correction_);
    return request;
  }

  Attempt Try() {
    const Result<ClientRequest> request = Signed();
    if (!request) return {Fail(request.error()), is_retryable(request.error().code), false, {}};
    const Result<ClientResponse> answer = reader_.transport.Send(*request);
    if (!answer) {
      return {Fail(answer.error()), answer.error().code == ErrorCode::kUnavailable, false, {}};
    }
    if (answer->status == kOk) return {ReadSecretString(answer->body), false, false, {}};
    const std::string code = ReadJsonErrorCode(answer->body);
    const Error error = AwsError(answer->status, code);
    const bool is_key_refusal = is_aws_key_refusal(code);
    const bool is_clock_suspect = error.code == ErrorCode::kUnauthenticated && !is_key_refusal;
    return {Fail(error), is_aws_busy(answer->status, code), is_key_refusal,
            is_clock_suspect ? ServerTime(*answer) : std::nullopt};
  }

  /// Whether there was something to put right, which there is once of each kind.
  bool Remedy(const Attempt& made) {
    if (made.are_keys_refused && !were_keys_renewed_) {
      reader_.credentials.Forget();
      were_keys_renewed_ = true;
      return true;
    }
    if (!made.server_time || was_clock_corrected_) return false;
    const auto error = *made.server_time - reader_.clock.Now();
    if (std::chrono::abs(error) <= kClockErrorMax) return false;
    clock_correction_ = error;
    was_clock_corrected_ = true;
    return true;
  }

  bool Wait(int attempt) {
    const auto time = BackoffTime(attempt, reader_.random);
    if (reader_.clock.SteadyNow() + time >= request_.deadline) return false;
    return reader_.pause.For(time, request_.stop);
  }

  const SecretReader& reader_;
  const SecretRequest& request_;
  const SigningScope scope_;
  bool were_keys_renewed_ = false;
  bool was_clock_corrected_ = false;
  std::chrono::milliseconds clock_correction_{0};
};

}  // namespace

Result<std::string> SecretReader::Get(const SecretRequest& request) const {
  std::string region = RegionOfArn(request.secret_id);
  if (region.empty()) region = request.region;
  if (region.empty() || request.secret_id.empty()) {
    return Fail(ErrorCode::kInvalidArgument,
                "a secret of AWS Secrets Manager needs an id and a region: set AWS_REGION");
  }
  return WithContext(SecretCall(*this, request, std::move(region)).Run(),
                     "reading a secret from AWS Secrets Manager");
}

Result<std::string> GetSecretString(HttpTransport& transport, AwsCredentialSource& credentials,
                                    const Clock& clock, const SecretRequest& request) {
  SystemRandom random;
  SystemPause pause;
  return SecretReader{transport, credentials, clock, random, pause}.Get(request);
}

}  // namespace revops::net
