#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace revops::net {

/// A TCP client of tests that sends bytes as they are and says what came back. Every wait ends
/// after ten seconds, as if the peer had closed.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port, int receive_buffer = 0);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  struct Response {
    int status = 0;  ///< 0: the connection ended first
    std::string head;
    std::string body;
  };

  bool Send(std::string_view bytes);
  void ShutdownSend();
  /// One answer framed by Content-Length, chunks, the status, or the end of the connection.
  Response Read(bool head_only = false);
  /// Bytes up to and including `mark`; all there was where it never came.
  std::string ReadUntil(std::string_view mark);
  /// True when the peer closes (or resets); what comes before is dropped.
  bool SeesClose();

 private:
  bool Fill();
  std::string Take(std::size_t size);
  std::string ReadChunks();

  int fd_;
  std::string buffer_;
};

}  // namespace revops::net
