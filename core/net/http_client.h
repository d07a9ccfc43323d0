#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/clock.h"
#include "core/base/result.h"

namespace revops::net {

/// Where requests go.
struct HttpOrigin {
  bool tls = true;
  std::string host;  ///< a name or an address; also the Host field and the certificate's name
  std::uint16_t port = 443;

  friend bool operator==(const HttpOrigin&, const HttpOrigin&) = default;
};

/// "https://host[:port]" → an origin.
/// Errors: kInvalidArgument for anything else, a path or credentials included.
Result<HttpOrigin> ParseOrigin(std::string_view url);

struct ClientRequest {
  std::string method;  ///< "GET", "POST", "PUT", "DELETE", "HEAD"
  HttpOrigin origin;
  std::string target;  ///< path and query, percent-encoded
  /// Without Host, Content-Length, Connection and Accept-Encoding, which the client writes.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  Clock::SteadyTime deadline;                       ///< for all of it, connecting included
  std::stop_token stop;                             ///< ends it soon with kCancelled
  std::size_t body_bytes_max = 64UL * 1024 * 1024;  ///< of the answer, unpacked
  /// Whoever sends it must know of each time that it may have arrived: it is not repeated when a
  /// kept connection turns out to be closed.
  bool is_sent_once = false;
};

struct ClientResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;  ///< whole and unpacked; `headers` are those of the packed one

  /// The first field of that name, without case; nullopt when there is none.
  std::optional<std::string_view> header(std::string_view name) const;
};

/// Sends requests. Thread-safe. Every answer that arrived whole is a value, whatever its status.
///
/// Errors: kUnavailable when the peer cannot be reached, breaks off, sends too slowly, or speaks
///         something else than HTTP/1.1 (also: a body shorter than announced, damaged gzip),
///         kTimeout past the deadline, kCancelled after a stop, kResourceExhausted for an answer
///         beyond body_bytes_max, kPermissionDenied for a certificate that does not hold,
///         kInvalidArgument for a request that is not one HTTP message (nothing is sent). The
///         origin of an error is "net:connect", "net:tls" or "net:http"; "net:connect" and
///         "net:tls" alone promise that the peer has not seen the request.
class HttpTransport {
 public:
  virtual ~HttpTransport() = default;
  virtual Result<ClientResponse> Send(const ClientRequest& request) = 0;
};

struct HttpClientConfig {
  std::string user_agent;            ///< "revops/0.1.0"
  std::string ca_file;               ///< PEM; empty: the system's
  std::size_t connections_max = 16;  ///< idle ones that are kept, over all origins
  std::chrono::milliseconds idle_timeout{25'000};
  std::chrono::milliseconds connect_timeout{10'000};  ///< name, TCP and TLS together
  std::size_t head_bytes_max = 64UL * 1024;
  std::size_t transfer_bytes_per_second_min = 256;  ///< averaged over 10 s, after the first byte
};

/// HTTP/1.1 over TLS 1.2 and up (and plain, for emulators), with kept connections. Asks for gzip
/// and unpacks it. Follows no redirect and knows no proxy. A kept connection that turns out to be
/// closed before a byte of the answer came is replaced by a new one once, without an error, when
/// the request is idempotent (GET, HEAD, PUT, DELETE) and not is_sent_once, or nothing of it was
/// sent.
class HttpClient final : public HttpTransport {
 public:
  /// `clock` outlives the client.
  /// Errors: kInvalidArgument for a CA file that cannot be read, a user agent that is no field.
  static Result<std::unique_ptr<HttpClient>> Make(HttpClientConfig config, const Clock& clock);
  ~HttpClient() override;

  Result<ClientResponse> Send(const ClientRequest& request) override;

 private:
  struct Impl;
  explicit HttpClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace revops::net
