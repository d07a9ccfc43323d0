#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <list>
#include <mutex>
#include <thread>
#include <utility>

#include "apps/revops/control.h"
#include "apps/revops/control_messages.h"
#include "apps/revops/frames.h"
#include "apps/revops/unix_socket.h"
#include "core/base/logging.h"

namespace revops::app {
namespace {

constexpr std::size_t kConnectionsMax = 16;

/// Requests a stop once the peer has closed its end.
class HangUpWatch {
 public:
  HangUpWatch(int fd, std::stop_source& stop) {
    if (pipe2(pipe_, 0) != 0) return;
    thread_ = std::thread([this, fd, &stop] {
      pollfd watched[2] = {{fd, POLLRDHUP, 0}, {pipe_[0], POLLIN, 0}};
      while (poll(watched, 2, -1) < 0) {
      }
      if ((watched[0].revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0) stop.request_stop();
    });
  }
  ~HangUpWatch() {
    if (!thread_.joinable()) return;
    close(pipe_[1]);
    thread_.join();
    close(pipe_[0]);
  }
  HangUpWatch(const HangUpWatch&) = delete;
  HangUpWatch& operator=(const HangUpWatch&) = delete;

 private:
  int pipe_[2] = {-1, -1};
  std::thread thread_;
};

Result<std::string> ReadInput(int fd, bool& ended) {
  if (ended) return std::string();
  REVOPS_TRY_ASSIGN(Frame frame, ReadFrame(fd));
  if (frame.type == 'I' && !frame.payload.empty()) return std::move(frame.payload);
  ended = true;
  if (frame.type == 'E') return std::string();
  return Fail(ErrorCode::kInvalidArgument, "malformed command input");
}

void Converse(int fd, const CommandRunner& runner, std::stop_source& stop) {
  const auto frame = ReadFrame(fd);
  if (!frame) return;
  const auto request = ParseRequest(*frame);
  Result<void> result;
  if (request) {
    const HangUpWatch watch(fd, stop);
    bool ended = false;
    CommandIo io{[fd](std::string_view text) { return WriteFrame(fd, 'O', text); },
                 [fd, &ended] { return ReadInput(fd, ended); }, stop.get_token()};
    result = runner(*request, io);
  } else {
    result = Fail(request.error());
  }
  if (const auto sent = WriteFrame(fd, 'D', EncodeDone(result)); !sent) {
    LogError("command_answer_lost", sent.error());
  }
}

}  // namespace

struct ControlServer::Impl {
  struct Connection {
    std::stop_source stop;
    int fd = -1;
    bool finished = false;
    std::thread thread;
  };

  DataFolder folder;
  CommandRunner runner;
  int listener = -1;
  std::mutex mutex;
  std::list<Connection> connections;
  std::thread acceptor;

  void Accept() {
    for (;;) {
      const int fd = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) {
        if (errno == EINTR || errno == ECONNABORTED) continue;
        if (errno != EMFILE && errno != ENFILE) return;
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        continue;
      }
      if (!is_trusted_peer(fd) || !Begin(fd)) close(fd);
    }
  }

  bool Begin(int fd) {
    const std::scoped_lock lock(mutex);
    std::erase_if(connections, [](Connection& connection) {
      if (!connection.finished) return false;
      connection.thread.join();
      return true;
    });
    if (connections.size() >= kConnectionsMax) return false;
    Connection& connection = connections.emplace_back();
    connection.fd = fd;
    connection.thread = std::thread([this, &connection] {
      Converse(connection.fd, runner, connection.stop);
      const std::scoped_lock end(mutex);
      close(connection.fd);
      connection.fd = -1;
      connection.finished = true;
    });
    return true;
  }
};

ControlServer::ControlServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<ControlServer>> ControlServer::Start(const DataFolder& folder,
                                                            CommandRunner runner) {
  auto impl = std::make_unique<Impl>();
  impl->folder = folder;
  impl->runner = std::move(runner);
  REVOPS_TRY_ASSIGN(impl->listener, ListenOnSocket(folder));
  impl->acceptor = std::thread([raw = impl.get()] { raw->Accept(); });
  return std::unique_ptr<ControlServer>(new ControlServer(std::move(impl)));
}

ControlServer::~ControlServer() { Stop(); }

void ControlServer::Stop() {
  if (impl_->listener < 0) return;
  RemoveSocket(impl_->folder);
  shutdown(impl_->listener, SHUT_RDWR);
  impl_->acceptor.join();
  close(impl_->listener);
  impl_->listener = -1;
  {
    const std::scoped_lock lock(impl_->mutex);
    for (auto& connection : impl_->connections) {
      connection.stop.request_stop();
      if (connection.fd >= 0) shutdown(connection.fd, SHUT_RD);
    }
  }
  for (auto& connection : impl_->connections) connection.thread.join();
  impl_->connections.clear();
}

}  // namespace revops::app
