#include <unistd.h>

#include <array>
#include <utility>

#include <boost/json.hpp>

#include "apps/revops/control.h"
#include "apps/revops/frames.h"
#include "apps/revops/unix_socket.h"

namespace revops::app {
namespace {

constexpr std::array kCodes = {
    ErrorCode::kInvalidArgument, ErrorCode::kNotFound,          ErrorCode::kAlreadyExists,
    ErrorCode::kUnauthenticated, ErrorCode::kPermissionDenied,  ErrorCode::kUnavailable,
    ErrorCode::kTimeout,         ErrorCode::kResourceExhausted, ErrorCode::kCorrupt,
    ErrorCode::kUnsupported,     ErrorCode::kCancelled,         ErrorCode::kInternal,
};

ErrorCode ParseCode(std::string_view text) {
  for (const ErrorCode code : kCodes) {
    if (ToString(code) == text) return code;
  }
  return ErrorCode::kInternal;
}

std::string Text(const boost::json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

Result<void> ParseDone(std::string_view payload) {
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(payload, error);
  if (error || !value.is_object()) return Fail(ErrorCode::kCorrupt, "malformed answer");
  const auto& done = value.as_object();
  const auto* ok = done.if_contains("ok");
  if (ok && ok->is_bool() && ok->as_bool()) return {};
  return Fail(Error{ParseCode(Text(done, "code")), Text(done, "message"), Text(done, "origin"),
                    Text(done, "context")});
}

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
  boost::json::object arguments;
  for (const auto& [name, value] : request.arguments) arguments[name] = value;
  const boost::json::object message{{"command", request.name}, {"arguments", arguments}};
  REVOPS_TRY(WriteFrame(fd_, 'R', boost::json::serialize(message)));
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
