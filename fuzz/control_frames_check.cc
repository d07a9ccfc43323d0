#include "fuzz/control_frames_check.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>

#include "apps/revops/control_messages.h"
#include "core/base/check.h"

namespace revops::fuzz {
namespace {

/// What a socket takes without a reader.
constexpr std::size_t kBytesMax = std::size_t{1} << 16U;

/// A socket whose other end has sent some bytes and hung up.
class Peer {
 public:
  explicit Peer(std::string_view sent) {
    REVOPS_CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds_) == 0);
    REVOPS_CHECK(sent.empty() ||
                 send(fds_[1], sent.data(), sent.size(), 0) == static_cast<ssize_t>(sent.size()));
    REVOPS_CHECK(shutdown(fds_[1], SHUT_WR) == 0);
  }
  ~Peer() {
    close(fds_[0]);
    close(fds_[1]);
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  int fd() const { return fds_[0]; }

 private:
  int fds_[2] = {-1, -1};
};

void CheckRequest(const app::Frame& frame) {
  const auto request = app::ParseRequest(frame);
  if (!request) {
    REVOPS_CHECK(request.error().code == ErrorCode::kInvalidArgument);
    return;
  }
  const auto encoded = app::EncodeRequest(*request);
  REVOPS_CHECK(encoded.has_value());
  const auto again = app::ParseRequest({'R', *encoded});
  REVOPS_CHECK(again && again->name == request->name && again->arguments == request->arguments);
}

void CheckDone(std::string_view payload) {
  const auto done = app::ParseDone(payload);
  const std::string encoded = app::EncodeDone(done);
  REVOPS_CHECK(encoded.size() <= app::kFrameBytesMax);
  const auto again = app::ParseDone(encoded);
  REVOPS_CHECK(done.has_value() == again.has_value());
  REVOPS_CHECK(app::EncodeDone(again) == encoded);
  REVOPS_CHECK(done || done.error().code == again.error().code);
}

}  // namespace

void CheckControlFrames(std::string_view bytes) {
  bytes = bytes.substr(0, kBytesMax);
  const Peer peer(bytes);
  while (true) {
    const auto frame = app::ReadFrame(peer.fd());
    if (!frame) {
      const ErrorCode code = frame.error().code;
      REVOPS_CHECK(code == ErrorCode::kUnavailable || code == ErrorCode::kCorrupt);
      return;
    }
    constexpr std::size_t kHeadBytes = 5;
    REVOPS_CHECK(frame->type == bytes[kHeadBytes - 1]);
    REVOPS_CHECK(bytes.substr(kHeadBytes).starts_with(frame->payload));
    bytes.remove_prefix(kHeadBytes + frame->payload.size());
    CheckRequest(*frame);
    CheckDone(frame->payload);
  }
}

}  // namespace revops::fuzz
