#include "core/net/client_stream.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

namespace revops::net {
namespace {

ClientIo FromSystem(ssize_t moved, short events) {
  if (moved > 0) return ClientIo::Moved(static_cast<std::size_t>(moved));
  if (moved == 0) return {ClientIo::Kind::kClosed, 0, 0};
  if (errno == EAGAIN || errno == EINTR) return ClientIo::Blocked(events);
  return {ClientIo::Kind::kBroken, 0, 0};
}

class PlainStream final : public ClientStream {
 public:
  explicit PlainStream(ClientFd fd) : ClientStream(std::move(fd)) {}

  ClientIo Read(std::span<char> space) override { return ReceiveFrom(fd(), space); }
  ClientIo Write(std::string_view bytes) override { return SendTo(fd(), bytes); }
};

}  // namespace

bool ClientStream::IsIdle() {
  char byte = 0;
  return Read({&byte, 1}).kind == ClientIo::Kind::kBlocked;
}

ClientIo ReceiveFrom(int fd, std::span<char> space) {
  return FromSystem(::recv(fd, space.data(), space.size(), 0), POLLIN);
}

ClientIo SendTo(int fd, std::string_view bytes) {
  return FromSystem(::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL), POLLOUT);
}

std::unique_ptr<ClientStream> MakePlainStream(ClientFd fd) {
  return std::make_unique<PlainStream>(std::move(fd));
}

}  // namespace revops::net
