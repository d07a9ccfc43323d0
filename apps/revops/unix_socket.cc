#include "apps/revops/unix_socket.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace revops::app {
namespace {

/// sockaddr_un holds 107 bytes: /proc/self/fd/N/name is always shorter.
class SocketAddress {
 public:
  explicit SocketAddress(const DataFolder& folder)
      : folder_fd_(open(folder.path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
    address_.sun_family = AF_UNIX;
    const std::string path =
        "/proc/self/fd/" + std::to_string(folder_fd_) + "/" + DataFolder::kSocketName;
    std::memcpy(address_.sun_path, path.c_str(), path.size() + 1);
  }
  ~SocketAddress() {
    if (folder_fd_ >= 0) close(folder_fd_);
  }
  SocketAddress(const SocketAddress&) = delete;
  SocketAddress& operator=(const SocketAddress&) = delete;

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address_); }
  static constexpr socklen_t size() { return sizeof(sockaddr_un); }

 private:
  int folder_fd_;
  sockaddr_un address_{};
};

Unexpected SocketFailure(const char* what) {
  return Fail(ErrorCode::kUnavailable,
              std::string("cannot ") + what + " the command socket: " + std::strerror(errno));
}

}  // namespace

Result<int> ListenOnSocket(const DataFolder& folder) {
  RemoveSocket(folder);
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return SocketFailure("create");
  const SocketAddress address(folder);
  const mode_t before = umask(0177);
  const int bound = bind(fd, address.get(), SocketAddress::size());
  umask(before);
  if (bound != 0 || listen(fd, 16) != 0) {
    const auto failure = SocketFailure("listen on");
    close(fd);
    return failure;
  }
  return fd;
}

Result<int> ConnectToSocket(const DataFolder& folder) {
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return SocketFailure("create");
  const SocketAddress address(folder);
  if (connect(fd, address.get(), SocketAddress::size()) == 0) return fd;
  const int reason = errno;
  close(fd);
  if (reason == ENOENT || reason == ECONNREFUSED || reason == ENOTDIR) return -1;
  errno = reason;
  return SocketFailure("connect to");
}

bool is_trusted_peer(int fd) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
  return peer.uid == geteuid() || peer.uid == 0;
}

void RemoveSocket(const DataFolder& folder) {
  unlink((folder.path / DataFolder::kSocketName).c_str());
}

}  // namespace revops::app
