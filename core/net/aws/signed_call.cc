#include "core/net/aws/signed_call.h"

#include <chrono>
#include <utility>

#include "core/net/aws/answers.h"
#include "core/net/aws/errors.h"
#include "core/net/retry.h"
#include "core/net/server_time.h"

namespace revops::net {
namespace {

constexpr int kAttemptsMax = 5;
/// AWS accepts five minutes.
constexpr std::chrono::minutes kClockErrorMax{4};

/// What one attempt has come to, and what may be done about it.
struct Attempt {
  Result<std::string> body;
  bool may_repeat = false;
  bool are_keys_refused = false;
  std::optional<Instant> server_time;
};

/// One call: its attempts know of each other.
class SignedCall {
 public:
  using CodeOf = std::function<std::string(std::string_view)>;

  SignedCall(const SignedCallParts& parts, const ClientRequest& request, const SigningScope& scope,
             const CodeOf& code_of)
      : parts_(parts), request_(request), scope_(scope), code_of_(code_of) {}

  Result<std::string> Run() {
    for (int attempt = 1;; ++attempt) {
      Attempt made = Try();
      if (made.body || attempt == kAttemptsMax) return std::move(made.body);
      if (Remedy(made)) continue;
      if (!made.may_repeat || !Wait(attempt)) return std::move(made.body);
    }
  }

 private:
  Attempt Try() {
    const Result<AwsCredentials> keys = parts_.credentials.Get(request_.deadline);
    if (!keys) return {Fail(keys.error()), is_retryable(keys.error().code), false, {}};
    ClientRequest request = request_;
    SignRequest(request, *keys, scope_, parts_.clock.Now() + clock_correction_);
    Result<ClientResponse> answer = parts_.transport.Send(request);
    if (!answer) {
      return {Fail(answer.error()), answer.error().code == ErrorCode::kUnavailable, false, {}};
    }
    if (answer->status == kOk) return {std::move(answer->body), false, false, {}};
    const std::string code = code_of_(answer->body);
    const Error error = AwsError(answer->status, code);
    const bool is_key_refusal = is_aws_key_refusal(code);
    const bool is_clock_suspect = error.code == ErrorCode::kUnauthenticated && !is_key_refusal;
    return {Fail(error), is_aws_busy(answer->status, code), is_key_refusal,
            is_clock_suspect ? ServerTime(*answer) : std::nullopt};
  }

  /// Whether there was something to put right, which there is once of each kind.
  bool Remedy(const Attempt& made) {
    if (made.are_keys_refused && !were_keys_renewed_) {
      parts_.credentials.Forget();
      were_keys_renewed_ = true;
      return true;
    }
    if (!made.server_time || was_clock_corrected_) return false;
    const auto error = *made.server_time - parts_.clock.Now();
    if (std::chrono::abs(error) <= kClockErrorMax) return false;
    clock_correction_ = error;
    was_clock_corrected_ = true;
    return true;
  }

  bool Wait(int attempt) {
    const auto time = BackoffTime(attempt, parts_.random);
    if (parts_.clock.SteadyNow() + time >= request_.deadline) return false;
    return parts_.pause.For(time, request_.stop);
  }

  const SignedCallParts& parts_;
  const ClientRequest& request_;
  const SigningScope& scope_;
  const CodeOf& code_of_;
  bool were_keys_renewed_ = false;
  bool was_clock_corrected_ = false;
  std::chrono::milliseconds clock_correction_{0};
};

}  // namespace

Result<std::string> CallSigned(const SignedCallParts& parts, const ClientRequest& request,
                               const SigningScope& scope,
                               const std::function<std::string(std::string_view body)>& code_of) {
  return SignedCall(parts, request, scope, code_of).Run();
}

}  // namespace revops::net
