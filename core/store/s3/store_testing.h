#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/check.h"
#include "core/net/aws/credentials.h"
#include "core/net/scripted_testing.h"
#include "core/store/s3/s3_store.h"

namespace revops::store {

/// Credentials that are counted up when they are forgotten, if they are to change.
class CountingKeys final : public net::AwsCredentialSource {
 public:
  explicit CountingKeys(bool change = true) : change_(change) {}

  Result<net::AwsCredentials> Get(Clock::SteadyTime /*deadline*/) override {
    if (!error.message.empty()) return Fail(error);
    return net::AwsCredentials{"AKID" + std::to_string(change_ ? forgotten.load() : 0),
                               "secret-of-the-test",
                               "token-of-the-test",
                               {}};
  }
  void Forget() override { ++forgotten; }

  std::atomic<int> forgotten = 0;
  Error error;

 private:
  const bool change_;
};

/// A store on a scripted S3.
struct StoreBench {
  using Answer = net::ScriptedTransport::Answer;

  net::PausedClock clock;
  net::ScriptedPause pause{clock};
  net::ScriptedTransport transport;
  CountingKeys keys;
  net::LockedRandom random{42};
  S3Config config{{"sales-data", "team/"}, "eu-west-1", {}, std::chrono::seconds(20)};
  std::unique_ptr<S3ObjectStore> store = Connect();

  std::unique_ptr<S3ObjectStore> Connect() {
    auto made = S3ObjectStore::Open(config, {transport, keys, clock, random, pause});
    REVOPS_CHECK(made.has_value());
    return *std::move(made);
  }

  /// Answers each request with the next of `answers`, and the last one for ever.
  void Script(std::vector<Answer> answers) {
    transport.answer = [answers = std::move(answers)](const net::ClientRequest&, std::size_t n) {
      return answers[std::min(n, answers.size() - 1)];
    };
  }
};

using Headers = std::vector<std::pair<std::string, std::string>>;

/// An answer with more headers than its Date.
inline net::ClientResponse Told(int status, Headers headers, std::string body = {}) {
  net::ClientResponse response = net::Http(status, std::move(body));
  response.headers.insert(response.headers.end(), headers.begin(), headers.end());
  return response;
}

/// S3's refusal.
inline net::ClientResponse Refused(int status, const std::string& code,
                                   const std::string& more = {}) {
  return net::Http(status, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>" + code +
                               "</Code><Message>said</Message>" + more +
                               "<RequestId>4442587FB7D0A2F9</RequestId></Error>");
}

/// The header of a request; empty when it has none.
inline std::string HeaderOf(const net::ClientRequest& request, std::string_view name) {
  for (const auto& [of, value] : request.headers) {
    if (of == name) return value;
  }
  return {};
}

}  // namespace revops::store
