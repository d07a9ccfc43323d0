#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/http.h"
#include "core/base/random.h"
#include "core/base/result.h"

namespace revops::net {

/// What a client may cost. The defaults equal the gateway's limits, so that both homes refuse
/// alike.
struct HttpLimits {
  std::size_t head_bytes_max = 8 * 1024;  ///< request line and fields together
  std::size_t fields_max = 64;
  std::size_t body_bytes_max = 6 * 1024 * 1024;
  std::chrono::milliseconds first_byte_timeout{5'000};  ///< after accept
  std::chrono::milliseconds head_timeout{10'000};
  std::chrono::milliseconds idle_timeout{30'000};    ///< between requests
  std::chrono::milliseconds transfer_grace{5'000};   ///< before the minimum rate counts
  std::size_t transfer_bytes_per_second_min = 1024;  ///< body in, response out
  std::chrono::milliseconds drain_timeout{10'000};   ///< Stop() waits so long for answers
  std::size_t connections_per_address_max = 64;
  std::size_t connections_max = 4096;
  std::size_t requests_per_connection_max = 1'000'000;
};

struct HttpServerConfig {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;  ///< 0: any free one
  /// Besides the listened address; "localhost" and "127.0.0.1" with the port always count when
  /// listening on loopback. Another Host is answered 421.
  std::vector<std::string> host_names;
  std::size_t event_loops = 0;  ///< 0: one a core that the process may run on
  std::size_t workers = 8;      ///< threads for HttpHandler::Answer
  HttpLimits limits;
};

/// Counters since the start; read by /metrics.
struct HttpServerStats {
  std::uint64_t connections_accepted = 0;
  std::uint64_t connections_open = 0;
  std::uint64_t connections_refused = 0;
  std::uint64_t requests = 0;
  std::uint64_t requests_refused = 0;
  std::uint64_t bytes_sent = 0;
  std::uint64_t responses_by_class[6] = {};  ///< [2] counts 2xx, …
};

/// An HTTP/1.1 server that reads strictly: what could be read in two ways is answered 400 and the
/// connection closed. Adds Date, X-Request-Id, Connection and, where a body is not prepared, its
/// framing. A stream ends when its peer closes, with Stop(), or when all copies of its sink are
/// gone.
class HttpServer {
 public:
  /// Binds and serves until Stop. `handler`, `clock` and `random` outlive the server.
  /// Errors: kUnavailable when the address is taken, kInvalidArgument when it is no address.
  static Result<std::unique_ptr<HttpServer>> Start(const HttpServerConfig& config,
                                                   HttpHandler& handler, const Clock& clock,
                                                   Random& random);
  ~HttpServer();

  std::uint16_t port() const;
  HttpServerStats stats() const;

  /// Accepts nothing new, lets running requests finish, ends streams, then returns. Not from a
  /// handler; a handler that is still running after the drain timeout is waited for.
  void Stop();

 private:
  struct Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace revops::net
