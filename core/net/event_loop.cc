#include "core/net/event_loop.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>
#include <vector>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include "core/base/logging.h"
#include "core/net/connection.h"

namespace revops::net {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using ErrorCode = boost::system::error_code;
using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;
using SteadyTimer =
    asio::basic_waitable_timer<std::chrono::steady_clock,
                               asio::wait_traits<std::chrono::steady_clock>, Executor>;

constexpr std::chrono::milliseconds kAcceptBackOff{100};
constexpr std::chrono::milliseconds kTickMax{100};

/// Fine enough for the shortest limit, coarse enough to cost nothing.
std::chrono::milliseconds TickFor(const HttpLimits& limits) {
  const auto shortest = std::min(
      {limits.first_byte_timeout, limits.head_timeout, limits.idle_timeout, limits.transfer_grace});
  return std::clamp(shortest / 8, std::chrono::milliseconds(1), kTickMax);
}

AddressKey KeyOf(const asio::ip::address& address) {
  const auto v6 = address.is_v6() ? address.to_v6()
                                  : asio::ip::make_address_v6(asio::ip::v4_mapped, address.to_v4());
  return v6.to_bytes();
}

}  // namespace

struct EventLoop::Impl {
  Impl(const ServerState& server, ListenSocket listener, Seed seed);

  void Accept();
  void OnAccept(const ErrorCode& error, Socket socket);
  void Admit(Socket socket);
  void StartTicking();
  void OnTick();
  std::vector<std::shared_ptr<Connection>> OpenConnections() const;

  LoopState state;
  std::chrono::milliseconds tick;
  asio::io_context context{1};
  asio::executor_work_guard<Executor> work{context.get_executor()};
  Acceptor acceptor{context.get_executor()};
  SteadyTimer accept_timer{context.get_executor()};
  SteadyTimer tick_timer{context.get_executor()};
};

EventLoop::Impl::Impl(const ServerState& server, ListenSocket listener, Seed seed)
    : state{.server = server,
            .wheel = TimerWheel(server.clock.SteadyNow(), TickFor(server.limits)),
            .ids = RequestIds(seed.loop_id, seed.first_request),
            .date = {},
            .counters = {},
            .open = {},
            .draining = false,
            .ticking = false,
            .start_ticking = [this] { StartTicking(); },
            .discarded = {}},
      tick(TickFor(server.limits)) {
  acceptor.assign(listener.is_ipv6() ? tcp::v6() : tcp::v4(), listener.Release());
  asio::post(context, [this] { Accept(); });
}

void EventLoop::Impl::Accept() {
  acceptor.async_accept(
      [this](const ErrorCode& error, Socket socket) { OnAccept(error, std::move(socket)); });
}

void EventLoop::Impl::OnAccept(const ErrorCode& error, Socket socket) {
  if (!acceptor.is_open()) return;
  if (!error) {
    Admit(std::move(socket));
    return Accept();
  }
  if (error == asio::error::connection_aborted) return Accept();
  // Out of descriptors or memory: trying again at once would spin.
  Log(LogLevel::kWarning, "http_accept_failed", {{"reason", error.message()}});
  accept_timer.expires_after(kAcceptBackOff);
  accept_timer.async_wait([this](const ErrorCode& cancelled) {
    if (!cancelled && acceptor.is_open()) Accept();
  });
}

void EventLoop::Impl::Admit(Socket socket) {
  state.counters.accepted.Add(1);
  ErrorCode error;
  const auto peer = socket.remote_endpoint(error);
  if (error) return;
  const AddressKey address = KeyOf(peer.address());
  if (!state.server.limiter.Admit(address)) {
    state.counters.refused_connections.Add(1);
    return;
  }
  std::make_shared<Connection>(state, std::move(socket), address)->Start();
}

void EventLoop::Impl::StartTicking() {
  state.ticking = true;
  tick_timer.expires_after(tick);
  tick_timer.async_wait([this](const ErrorCode& cancelled) {
    if (!cancelled) OnTick();
  });
}

void EventLoop::Impl::OnTick() {
  state.wheel.Advance(state.server.clock.SteadyNow(), [](TimerWheel::Timer& timer) {
    static_cast<Connection&>(timer).shared_from_this()->OnDeadline();
  });
  state.ticking = false;
  if (!state.wheel.empty()) StartTicking();
}

std::vector<std::shared_ptr<Connection>> EventLoop::Impl::OpenConnections() const {
  std::vector<std::shared_ptr<Connection>> connections;
  connections.reserve(state.open.size());
  for (Connection* connection : state.open) {
    connections.push_back(connection->shared_from_this());
  }
  return connections;
}

EventLoop::EventLoop(const ServerState& server, ListenSocket listener, Seed seed)
    : impl_(std::make_unique<Impl>(server, std::move(listener), seed)) {}

EventLoop::~EventLoop() = default;

void EventLoop::Run() { impl_->context.run(); }

void EventLoop::Drain() {
  asio::post(impl_->context, [impl = impl_.get()] {
    impl->state.draining = true;
    ErrorCode ignored;
    impl->acceptor.close(ignored);
    for (const auto& connection : impl->OpenConnections()) connection->Drain();
  });
}

void EventLoop::Quit() {
  asio::post(impl_->context, [impl = impl_.get()] {
    for (const auto& connection : impl->OpenConnections()) connection->Close();
    impl->context.stop();
  });
}

void EventLoop::AddTo(HttpServerStats& stats) const {
  const LoopCounters& counters = impl_->state.counters;
  stats.connections_accepted += counters.accepted.value();
  stats.connections_refused += counters.refused_connections.value();
  stats.requests += counters.requests.value();
  stats.requests_refused += counters.refused_requests.value();
  stats.bytes_sent += counters.bytes_sent.value();
  for (std::size_t i = 0; i < counters.by_class.size(); ++i) {
    stats.responses_by_class[i] += counters.by_class[i].value();
  }
}

}  // namespace revops::net
