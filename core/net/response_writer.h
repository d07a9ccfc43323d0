#pragma once

#include <sys/uio.h>

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "core/base/http.h"

namespace revops::net {

/// What the server adds to an answer.
struct ResponseFrame {
  std::string_view date_line;   ///< "Date: …\r\n"
  std::string_view request_id;  ///< 32 hex digits
  bool head_only = false;       ///< the request was HEAD
  bool close = false;
  bool http_1_0 = false;
};

/// One answer as a list of buffers for one writev, and what of it is still to be sent. No I/O;
/// a prepared answer allocates nothing.
class ResponseWriter {
 public:
  /// Takes `response` over. Header names or values that would break the framing make it a 500.
  /// Of a stream only the head is written.
  void Start(HttpResponse&& response, const ResponseFrame& frame);
  void StartBytes(std::string bytes);
  void StartContinue();

  std::span<iovec> pending() { return std::span(parts_).subspan(first_, count_ - first_); }
  void Consume(std::size_t size);
  bool is_done() const { return first_ == count_; }

  const HttpResponse& response() const { return response_; }
  /// The head announces a stream that follows.
  bool streams() const { return streams_; }
  /// Lets go of what was sent.
  void Release();

 private:
  static constexpr std::size_t kPartsMax = 3;

  void ComposeHead(const ResponseFrame& frame);
  void ComposeFields(const ResponseFrame& frame);
  void AppendHead(std::string_view text);
  void AddPart(std::string_view bytes);
  void Reset();

  HttpResponse response_;
  std::array<char, 256> head_;
  std::size_t head_size_ = 0;
  std::string fields_;
  std::array<iovec, kPartsMax> parts_{};
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  bool streams_ = false;
};

}  // namespace revops::net
