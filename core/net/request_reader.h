#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/net/chunked_body.h"
#include "core/net/host_rules.h"
#include "core/net/http_server.h"
#include "core/net/request_head.h"

namespace revops::net {

/// Turns the bytes of one connection into validated requests, one at a time. No I/O.
///
///   reader.Commit(n) after n bytes were put into reader.space();
///   Next() until kNeedMore; after kReady, Consume() before the following request.
///
/// Memory: one buffer of head_bytes_max + 8 KiB, and the body, or a piece of one that is streamed.
/// Requests without a body allocate nothing once the first has been read.
class RequestReader {
 public:
  enum class Step {
    kNeedMore,
    kHead,      ///< head() is valid, a body follows: StreamBody now or never
    kContinue,  ///< answer "100 Continue", then go on
    kPiece,     ///< body() is the next piece of a streamed body: DropPiece() before Next()
    kReady,     ///< head() and body() are valid until Consume(); a streamed body is empty by then
    kRefused,   ///< answer refusal() and close
  };

  /// Both outlive the reader.
  RequestReader(const HttpLimits& limits, const HostRules& hosts);

  /// Room for bytes of the peer; never empty unless a request is ready or refused.
  std::span<char> space();
  void Commit(std::size_t size) { end_ += size; }
  Step Next();
  void Consume();

  /// Gives the body out in pieces of at least 256 KiB, but for the last one.
  void StreamBody(std::uint64_t bytes_max);
  void DropPiece();

  const RequestHead& head() const { return head_; }
  std::string_view body() const { return body_; }
  const Refusal& refusal() const { return refusal_; }

  /// Between two requests, with nothing buffered.
  bool is_idle() const { return phase_ == Phase::kHead && begin_ == end_; }
  bool in_body() const { return phase_ == Phase::kBody; }

 private:
  enum class Phase { kHead, kBodyBegins, kBody, kReady, kRefused };

  Step ReadHead();
  Step AcceptHead(std::string_view bytes);
  void BeginBody();
  Step ReadBody();
  std::uint64_t body_size() const { return dropped_bytes_ + body_.size(); }
  Step Refuse(const Refusal& refusal);
  ChunkedBody::Result TakeBody(std::string_view& bytes);

  const HttpLimits& limits_;
  const HostRules& hosts_;
  std::size_t capacity_;
  std::unique_ptr<char[]> buffer_;
  std::size_t begin_ = 0;     ///< first byte of the current head
  std::size_t head_end_ = 0;  ///< first byte after it
  std::size_t body_at_ = 0;   ///< first byte not yet taken
  std::size_t end_ = 0;       ///< end of what was received

  Phase phase_ = Phase::kHead;
  HeadScanner scanner_;
  RequestHead head_;
  ChunkedBody chunked_;
  std::string body_;
  std::uint64_t body_bytes_max_ = 0;
  std::uint64_t dropped_bytes_ = 0;  ///< of a streamed body: its earlier pieces
  bool streams_body_ = false;
  bool body_complete_ = false;
  bool continue_due_ = false;
  Refusal refusal_;
};

}  // namespace revops::net
