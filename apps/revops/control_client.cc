#include <unistd.h>

#include <utility>

#include "apps/revops/control.h"
#include "apps/revops/control_messages.h"
#include "apps/revops/frames.h"
#include "apps/revops/unix_socket.h"

namespace revops::app {
namespace {

Result<void> SendInput(int fd, CommandIo& io) {
  for (;;) {
    REVOPS_TRY_ASSIGN(const std::string piece, io.read());
    if (piece.empty()) return WriteFrame(fd, 'E', {});
    REVOPS_TRY(WriteFrame(fd, 'I', piece));
  }
}

}  // namespace

Result<std::unique_ptr<ControlClient>> ControlClient::Connect(const DataFolder& folder) {
  REVOPS_TRY_ASSIGN(const int fd, ConnectToSocket(folder));
  if (fd < 0) return std::unique_ptr<ControlClient>();
  if (!is_trusted_peer(fd)) {
    close(fd);
    return Fail(ErrorCode::kPermissionDenied, "the data folder is served by another user");
  }
  return std::unique_ptr<ControlClient>(new ControlClient(fd));
}

ControlClient::~ControlClient() { close(fd_); }

Result<void> ControlClient::Run(const CommandRequest& request, CommandIo& io, bool sends_input) {
  REVOPS_TRY_ASSIGN(const std::string message, EncodeRequest(request));
  REVOPS_TRY(WriteFrame(fd_, 'R', message));
  // A command that fails early stops reading; its answer says more than the broken pipe.
  Result<void> sent;
  if (sends_input) sent = SendInput(fd_, io);
  for (;;) {
    auto frame = ReadFrame(fd_);
    if (!frame) return sent ? Fail(frame.error()) : Result<void>(Fail(sent.error()));
    if (frame->type == 'D') return ParseDone(frame->payload);
    if (frame->type == 'O') REVOPS_TRY(io.write(frame->payload));
  }
}

}  // namespace revops::app
