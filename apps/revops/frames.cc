#include "apps/revops/frames.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstdint>

namespace revops::app {
namespace {

constexpr std::size_t kHeadBytes = 5;

Result<void> SendAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return Fail(ErrorCode::kUnavailable, "the other side of the command is gone");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return {};
}

Result<void> ReceiveAll(int fd, char* to, std::size_t count) {
  while (count > 0) {
    const ssize_t got = recv(fd, to, count, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return Fail(ErrorCode::kUnavailable, "the other side of the command is gone");
    to += got;
    count -= static_cast<std::size_t>(got);
  }
  return {};
}

}  // namespace

Result<void> WriteFrame(int fd, char type, std::string_view payload) {
  do {
    const std::string_view piece = payload.substr(0, kFrameBytesMax);
    payload.remove_prefix(piece.size());
    const auto size = static_cast<std::uint32_t>(piece.size());
    std::string bytes;
    for (unsigned shift = 0; shift < 32; shift += 8) {
      bytes.push_back(static_cast<char>((size >> shift) & 0xFFU));
    }
    bytes.push_back(type);
    bytes += piece;
    REVOPS_TRY(SendAll(fd, bytes));
  } while (!payload.empty());
  return {};
}

Result<Frame> ReadFrame(int fd) {
  char head[kHeadBytes];
  REVOPS_TRY(ReceiveAll(fd, head, sizeof head));
  std::uint32_t size = 0;
  for (unsigned i = 0; i < 4; ++i) {
    size |= static_cast<std::uint32_t>(static_cast<unsigned char>(head[i])) << (8 * i);
  }
  if (size > kFrameBytesMax) return Fail(ErrorCode::kCorrupt, "a command frame is too long");
  Frame frame{head[4], std::string(size, '\0')};
  REVOPS_TRY(ReceiveAll(fd, frame.payload.data(), size));
  return frame;
}

}  // namespace revops::app
