#include "core/net/client_exchange.h"

#include <poll.h>

#include <algorithm>
#include <utility>

#include "core/net/client_origin.h"

namespace revops::net {
namespace {

using Kind = ClientIo::Kind;

constexpr std::string_view kOrigin = "net:http";
constexpr std::size_t kOnePacket = 16UL * 1024;

Error Unavailable(const std::string& message) {
  return Error{ErrorCode::kUnavailable, message, std::string(kOrigin), {}};
}

}  // namespace

ClientExchange::ClientExchange(ClientStream& stream, const ClientRequest& request, std::string head,
                               const ClientPatience& patience, Limits limits)
    : stream_(stream),
      patience_(patience),
      peer_(Describe(request.origin)),
      head_(std::move(head)),
      reader_({limits.head_bytes_max, request.body_bytes_max}, request.method == "HEAD"),
      rate_(limits.bytes_per_second_min) {
  const std::size_t joined = std::min(request.body.size(), kOnePacket);
  head_.append(request.body, 0, joined);
  unsent_head_ = head_;
  unsent_body_ = std::string_view(request.body).substr(joined);
}

Result<ClientResponse> ClientExchange::Run() {
  while (true) {
    auto outcome = patience_.Check(patience_.deadline());
    if (outcome != ClientPatience::Outcome::kReady) return GaveUp(outcome, patience_.deadline());
    awaited_ = 0;
    Motion motion = Send();
    if (motion == Motion::kStuck && !is_too_early()) motion = Receive();
    if (motion == Motion::kOver) return Finish();
    if (motion == Motion::kMoved) continue;
    outcome = patience_.Wait(stream_.fd(), awaited_, Until());
    if (outcome != ClientPatience::Outcome::kReady) return GaveUp(outcome, Until());
  }
}

/// No answer can be there the moment that the request is out: it is waited for before it is looked
/// for, once.
bool ClientExchange::is_too_early() {
  const bool is_out = unsent_head_.empty() && unsent_body_.empty();
  if (!is_out || std::exchange(has_waited_, true)) return false;
  awaited_ |= POLLIN;
  return true;
}

/// kStuck: nothing more can be sent now.
ClientExchange::Motion ClientExchange::Send() {
  std::string_view& unsent = unsent_head_.empty() ? unsent_body_ : unsent_head_;
  if (!can_send_ || unsent.empty()) return Motion::kStuck;
  const ClientIo io = stream_.Write(unsent);
  switch (io.kind) {
    case Kind::kMoved:
      has_sent_ = true;
      unsent.remove_prefix(io.size);
      return Motion::kMoved;
    case Kind::kBlocked:
      awaited_ |= io.events;
      return Motion::kStuck;
    case Kind::kClosed:
    case Kind::kBroken:
      // The peer may have said why before it closed.
      can_send_ = false;
      return Motion::kStuck;
    case Kind::kFailed:
      break;
  }
  failure_ = Unavailable(peer_ + " broke TLS off");
  return Motion::kOver;
}

ClientExchange::Motion ClientExchange::Receive() {
  const Time before = patience_.Now();
  const ClientIo io = stream_.Read(space_);
  switch (io.kind) {
    case Kind::kMoved:
      has_received_ = true;
      return OnBytes({space_.data(), io.size}, before);
    case Kind::kBlocked:
      awaited_ |= io.events;
      return Motion::kStuck;
    case Kind::kClosed:
      return OnEnd(true);
    case Kind::kBroken:
      return OnEnd(false);
    case Kind::kFailed:
      break;
  }
  failure_ = Unavailable(peer_ + " broke TLS off");
  return Motion::kOver;
}

ClientExchange::Motion ClientExchange::OnEnd(bool in_order) {
  was_closed_ = !has_received_;
  const Step step = reader_.End();
  if (step == Step::kDone && in_order) return Motion::kOver;
  failure_ = step == Step::kDone ? Unavailable("closed within the body") : reader_.failure();
  failure_->message = peer_ + " broke off: " + failure_->message;
  return Motion::kOver;
}

ClientExchange::Motion ClientExchange::OnBytes(std::string_view bytes, Time before) {
  const std::size_t size = bytes.size();
  const Step step = reader_.Take(bytes);
  if (step == Step::kFailed) {
    failure_ = reader_.failure();
    failure_->message = peer_ + " sent " + failure_->message;
    return Motion::kOver;
  }
  if (step == Step::kDone) {
    const bool is_sent = unsent_head_.empty() && unsent_body_.empty();
    is_reusable_ = is_sent && bytes.empty() && reader_.keeps_alive();
    return Motion::kOver;
  }
  if (reader_.has_begun()) rate_.Count(size, before, patience_.Now());
  return Motion::kMoved;
}

/// The rate is judged where nothing is left to read, so that the peer alone can be late.
ClientExchange::Time ClientExchange::Until() const {
  return rate_.deadline() ? patience_.Until(*rate_.deadline()) : patience_.deadline();
}

Unexpected ClientExchange::GaveUp(ClientPatience::Outcome outcome, Time until) const {
  return patience_.GaveUp(outcome, until, peer_ + " sends too slowly", kOrigin);
}

Result<ClientResponse> ClientExchange::Finish() {
  if (failure_) return Fail(*failure_);
  return reader_.TakeResponse();
}

}  // namespace revops::net
