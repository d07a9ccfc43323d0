#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/net/client_patience.h"

namespace revops::net {

/// What a read or a write came to.
struct ClientIo {
  enum class Kind {
    kMoved,    ///< `size` bytes, at least one
    kBlocked,  ///< try again once the socket has one of `events`
    kClosed,   ///< read alone: the peer has ended in order
    kBroken,   ///< the connection was reset, or ended without TLS's notice
    kFailed,   ///< what came is not TLS
  };

  Kind kind = Kind::kFailed;
  std::size_t size = 0;
  short events = 0;  ///< of poll

  static ClientIo Moved(std::size_t size) { return {Kind::kMoved, size, 0}; }
  static ClientIo Blocked(short events) { return {Kind::kBlocked, 0, events}; }
};

/// One open connection: bytes in order, without blocking and without SIGPIPE. For one thread at a
/// time. After kFailed it is good for nothing; after a write that is kBroken it may still be read.
class ClientStream {
 public:
  virtual ~ClientStream() = default;
  ClientStream(const ClientStream&) = delete;
  ClientStream& operator=(const ClientStream&) = delete;

  virtual ClientIo Read(std::span<char> space) = 0;
  virtual ClientIo Write(std::string_view bytes) = 0;
  int fd() const { return fd_.get(); }

  /// Whether it is open with nothing to read, as a connection between two requests must be.
  bool IsIdle();

 protected:
  explicit ClientStream(ClientFd fd) : fd_(std::move(fd)) {}

 private:
  ClientFd fd_;
};

/// Plain TCP over a connected, non-blocking socket.
std::unique_ptr<ClientStream> MakePlainStream(ClientFd fd);

/// recv and send as a stream wants them.
ClientIo ReceiveFrom(int fd, std::span<char> space);
ClientIo SendTo(int fd, std::string_view bytes);

}  // namespace revops::net
