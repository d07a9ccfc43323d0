#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/net/chunked_body.h"
#include "core/net/client_gzip.h"
#include "core/net/http_client.h"
#include "core/net/request_head.h"
#include "core/net/response_head.h"

namespace revops::net {

/// Turns the bytes of one connection into one validated answer, its body unpacked. No I/O.
///
///   Take() what arrives until it is not kNeedMore; End() once the peer has closed in order.
///
/// Interim answers (1xx) are skipped and trailers dropped. Only a whole answer becomes kDone.
class ResponseReader {
 public:
  enum class Step {
    kNeedMore,
    kDone,    ///< TakeResponse() has the answer
    kFailed,  ///< failure() says why: kUnavailable or kResourceExhausted
  };

  struct Limits {
    std::size_t head_bytes_max = 0;  ///< interim answers included; trailers count apart
    std::size_t body_bytes_max = 0;  ///< unpacked
  };

  /// `to_head`: the answer to a HEAD request, which has no body.
  ResponseReader(Limits limits, bool to_head) : limits_(limits), to_head_(to_head) {}

  /// Takes bytes from the front of `bytes`; those behind a whole answer stay there.
  Step Take(std::string_view& bytes);
  Step End();

  /// Whether a byte of the final answer has come.
  bool has_begun() const { return phase_ != Phase::kHead || !head_bytes_.empty(); }
  /// Whether the connection may carry another request; after kDone.
  bool keeps_alive() const { return keep_alive_; }
  const Error& failure() const { return failure_; }
  /// Once, after kDone.
  ClientResponse TakeResponse() { return std::move(response_); }

 private:
  enum class Phase { kHead, kBody, kDone, kFailed };

  Step TakeHead(std::string_view& bytes);
  Step AcceptHead();
  Step TakeBody(std::string_view& bytes);
  Step TakeChunks(std::string_view& bytes);
  Step TakeLength(std::string_view& bytes);
  Step Append(std::string_view data);
  Step Finish();
  Step Fail(std::string_view problem);
  Step FailTooLarge();

  Limits limits_;
  bool to_head_;
  Phase phase_ = Phase::kHead;
  std::string head_bytes_;
  HeadScanner scanner_;
  std::size_t interim_bytes_ = 0;
  ResponseHead::Framing framing_ = ResponseHead::Framing::kNone;
  std::size_t length_left_ = 0;
  bool keep_alive_ = false;
  ChunkedBody chunks_{ChunkedBody::Limits{}};
  std::string packed_;
  std::optional<GzipBody> gzip_;
  bool gzip_complete_ = false;
  ClientResponse response_;
  Error failure_;
};

}  // namespace revops::net
