#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"

namespace revops {

/// One header field as it came; names compare without case.
struct HttpField {
  std::string_view name;
  std::string_view value;
};

/// Where a body goes that is too large for memory. Used by one thread at a time.
class HttpUpload {
 public:
  /// An upload that is destroyed before its request was answered broke off: what was kept of it is
  /// to be thrown away.
  virtual ~HttpUpload() = default;
  virtual std::uint64_t bytes_max() const = 0;
  /// The next piece, on a worker; may block. Errors end the request: kResourceExhausted is 507,
  /// others 500.
  virtual Result<void> Write(std::string_view piece) = 0;
};

/// A request that has passed core/net's validation, or a Lambda event in the same form.
/// Views: valid during the call that receives it, and until a promised answer has been made.
struct HttpRequest {
  std::string_view method;  ///< upper case: "GET"
  std::string_view path;    ///< starts with '/', still percent-encoded
  std::string_view query;   ///< without '?', still percent-encoded; may be empty
  std::span<const HttpField> fields;
  std::string_view body;
  std::string_view request_id;  ///< 32 hex digits
  /// What BeginUpload gave for this request, with the whole body in it; then `body` is empty.
  HttpUpload* upload = nullptr;

  /// The first field of that name; empty when there is none.
  std::string_view header(std::string_view name) const;
};

/// Header lines and body rendered once and sent many times.
/// `bytes` = "Content-Type: …\r\n…Content-Length: …\r\n\r\n" + body; no status line, no Date.
struct PreparedContent {
  std::string bytes;
  std::size_t header_size = 0;
};

/// Takes a chunk of a streamed body; false once the peer is gone. Callable from any thread.
using HttpStreamSink = std::function<bool(std::string chunk)>;
/// Starts a stream; the stream ends when the returned token is destroyed.
using HttpStreamStart = std::function<std::shared_ptr<void>(HttpStreamSink)>;

struct HttpResponse;
/// Makes the answer once that for which it waited is there; called on a worker, may block shortly.
using HttpRender = std::function<HttpResponse()>;
/// Starts the waiting, without blocking. `resume` is called exactly once, from any thread, perhaps
/// at once; the request stays valid until its render has returned. `stop` is triggered when nobody
/// waits any more: the asker has gone, or the server ends.
using HttpLater =
    std::function<void(std::function<void(HttpRender)> resume, const std::stop_token& stop)>;

/// An answer: headers and body, or prepared content, or a stream; or the promise of one.
struct HttpResponse {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::shared_ptr<const PreparedContent> prepared;  ///< replaces headers and body
  HttpStreamStart stream;                           ///< replaces body: sent until either side ends
  HttpLater later;                                  ///< replaces all: the answer comes later
};

/// Blocks until a promised answer is there; every other answer is returned as it is.
HttpResponse Await(HttpResponse response);

/// Who answers requests. Called from several threads at once.
class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  /// On an event loop: must not block and must not throw. nullopt: call Answer on a worker.
  virtual std::optional<HttpResponse> AnswerNow(const HttpRequest& request) = 0;
  /// On an event loop, for a request whose head has come and whose body has not: where the body
  /// goes; nullptr: into memory, under the usual limit. Must not block.
  virtual std::unique_ptr<HttpUpload> BeginUpload(const HttpRequest& /*head*/) { return nullptr; }
  /// On a worker; may block.
  virtual HttpResponse Answer(const HttpRequest& request) = 0;
};

/// The standard reason phrase, e.g. "Not Found".
std::string_view ReasonPhrase(int status);

/// ASCII comparison without case.
bool EqualsIgnoreCase(std::string_view a, std::string_view b);

}  // namespace revops
