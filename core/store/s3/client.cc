#include "core/store/s3/client.h"

#include "core/net/aws/sigv4.h"
#include "core/net/server_time.h"
#include "core/store/s3/answers.h"

namespace revops::store {
namespace {

constexpr int kOk = 200;
constexpr int kNoContent = 204;
constexpr int kNotModified = 304;

bool is_good(const S3Request& request, int status) {
  return status == kOk || status == kNoContent ||
         (status == kNotModified && request.takes_not_modified);
}

bool is_of_transport(const Error& error) { return error.origin.starts_with("net:"); }

bool was_cut_off(const Error& error) {
  return is_of_transport(error) &&
         (error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kTimeout);
}

/// What does not promise that the request was not seen.
bool may_have_arrived(const Error& error) { return error.origin == "net:http"; }

Error WithAdvice(Error error) {
  if (error.code == ErrorCode::kPermissionDenied && error.origin == "net:tls") {
    error.message +=
        ": does store.endpoint name the server, and does a proxy inspect TLS, whose certificate "
        "SSL_CERT_FILE has to name?";
  }
  return error;
}

}  // namespace

/// What one attempt has come to.
struct S3Client::Attempt {
  std::optional<net::ClientResponse> answer;
  std::optional<net::ClientResponse> refusal;
  S3Failure failure;
  Error error;
  S3Remedy remedy = S3Remedy::kNone;
  bool is_uncertain = false;
};

S3Client::S3Client(net::HttpOrigin origin, std::string region, Parts parts)
    : origin_(std::move(origin)), region_(std::move(region)), parts_(parts) {}

S3Client::Attempt S3Client::Judge(const S3Request& request,
                                  Result<net::ClientResponse> response) const {
  Attempt attempt;
  if (!response) {
    attempt.error = WithAdvice(response.error());
    attempt.remedy = was_cut_off(attempt.error) ? S3Remedy::kRepeat : S3Remedy::kNone;
    attempt.is_uncertain = may_have_arrived(attempt.error);
    return attempt;
  }
  if (is_good(request, response->status)) {
    const auto checked = request.check ? request.check(*response) : Result<void>();
    if (checked) {
      attempt.answer = *std::move(response);
      return attempt;
    }
    attempt.error = checked.error();
    attempt.remedy = S3Remedy::kRepeat;
    attempt.is_uncertain = true;
    return attempt;
  }
  attempt.failure = ReadFailure(*response);
  attempt.error = ToError(attempt.failure);
  attempt.remedy = RemedyOf(attempt.failure);
  attempt.is_uncertain = may_have_happened(attempt.failure);
  attempt.refusal = *std::move(response);
  return attempt;
}

Result<net::ClientResponse> S3Client::SendOnce(net::ClientRequest& request,
                                               net::AwsCredentials& used) {
  REVOPS_TRY_ASSIGN(used, parts_.credentials.Get(request.deadline));
  net::SignRequest(request, used, {region_, "s3"}, parts_.clock.Now() + clock_offset_.load());
  return parts_.transport.Send(request);
}

/// What was refused once is not sent again.
bool S3Client::HasOtherCredentials(const net::AwsCredentials& used, Clock::SteadyTime deadline) {
  parts_.credentials.Forget();
  const auto next = parts_.credentials.Get(deadline);
  return next && (next->access_key_id != used.access_key_id ||
                  next->secret_access_key != used.secret_access_key ||
                  next->session_token != used.session_token);
}

/// False when the answer does not tell the time.
bool S3Client::SetClock(const net::ClientResponse& response) {
  const auto server_now = net::ServerTime(response);
  if (server_now) clock_offset_ = *server_now - parts_.clock.Now();
  return server_now.has_value();
}

/// False when there is no time or nothing left for a repetition.
bool S3Client::WaitBefore(int retry, Clock::SteadyTime deadline) {
  if (!budget_.Spend()) return false;
  const auto time = net::BackoffTime(retry, parts_.random);
  return parts_.clock.SteadyNow() + time < deadline && parts_.pause.For(time, {});
}

S3Outcome S3Client::Send(const S3Request& wanted) {
  budget_.Earn();
  net::ClientRequest request;
  request.method = wanted.method;
  request.origin = origin_;
  request.target = wanted.target;
  request.headers = wanted.headers;
  request.body = wanted.body;
  request.deadline = parts_.clock.SteadyNow() + wanted.time_max;
  request.body_bytes_max = wanted.body_bytes_max;
  request.is_sent_once = wanted.method == "PUT";
  S3Outcome outcome;
  net::AwsCredentials used;
  bool renewed = false;
  bool clock_set = false;
  for (int retry = 1;;) {
    Attempt attempt = Judge(wanted, SendOnce(request, used));
    outcome.answer = std::move(attempt.answer);
    outcome.error = std::move(attempt.error);
    outcome.failure = std::move(attempt.failure);
    if (outcome.answer) return outcome;
    outcome.is_uncertain = outcome.is_uncertain || attempt.is_uncertain;
    bool again = false;
    if (attempt.remedy == S3Remedy::kRenewCredentials && !renewed) {
      renewed = true;
      again = HasOtherCredentials(used, request.deadline);
    } else if (attempt.remedy == S3Remedy::kSetClock && !clock_set) {
      clock_set = again = SetClock(*attempt.refusal);
    } else if (attempt.remedy == S3Remedy::kRepeat) {
      again = WaitBefore(retry++, request.deadline);
    }
    if (!again) return outcome;
  }
}

}  // namespace revops::store
