#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/base/result.h"
#include "core/net/aws/credentials.h"
#include "core/net/http_client.h"
#include "core/net/pause.h"
#include "core/net/retry.h"
#include "core/store/s3/config.h"
#include "core/store/s3/errors.h"

namespace revops::store {

/// One request, however often it has to be sent.
struct S3Request {
  std::string method;
  std::string target;  ///< path and query, percent-encoded
  std::vector<std::pair<std::string, std::string>> headers;
  std::string_view body;
  std::chrono::milliseconds time_max;
  std::size_t body_bytes_max;  ///< of the answer
  /// Whether "not modified" is a good answer.
  bool takes_not_modified = false;
  /// What a good answer must be besides; one that is not is asked for again.
  std::function<Result<void>(const net::ClientResponse&)> check;
};

/// What it has come to.
struct S3Outcome {
  /// Of success, 200 or 204 (or 304, if it is taken), and as `check` wants it.
  std::optional<net::ClientResponse> answer;
  Error error;        ///< without an answer
  S3Failure failure;  ///< the refusal behind the error; status 0: there was none
  /// One of the attempts that failed may have been carried out all the same.
  bool is_uncertain = false;
};

/// Sends signed requests to S3 until they are answered, as far as time and a budget of repetitions
/// allow. Thread-safe.
class S3Client {
 public:
  struct Parts {
    net::HttpTransport& transport;
    net::AwsCredentialSource& credentials;
    const Clock& clock;
    Random& random;
    net::Pause& pause;
  };

  /// The parts outlive the client.
  S3Client(net::HttpOrigin origin, std::string region, Parts parts);

  /// Errors: those of errors.h, of the transport, of the credentials, of the check.
  S3Outcome Send(const S3Request& request);

  Random& random() { return parts_.random; }

 private:
  struct Attempt;

  Attempt Judge(const S3Request& request, Result<net::ClientResponse> response) const;
  Result<net::ClientResponse> SendOnce(net::ClientRequest& request, net::AwsCredentials& used);
  bool HasOtherCredentials(const net::AwsCredentials& used, Clock::SteadyTime deadline);
  bool SetClock(const net::ClientResponse& response);
  bool WaitBefore(int retry, Clock::SteadyTime deadline);

  const net::HttpOrigin origin_;
  const std::string region_;
  const Parts parts_;
  net::RetryBudget budget_;
  /// The server's clock less ours.
  std::atomic<std::chrono::milliseconds> clock_offset_{std::chrono::milliseconds(0)};
};

}  // namespace revops::store
