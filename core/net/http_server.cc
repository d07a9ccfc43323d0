#include "core/net/http_server.h"

#include <sched.h>
#include <sys/resource.h>

#include <algorithm>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "core/net/event_loop.h"
#include "core/net/listen_socket.h"
#include "core/net/server_state.h"

namespace revops::net {
namespace {

constexpr std::size_t kQueuedPerWorker = 64;
/// Bodies of the largest size that are held at once.
constexpr std::size_t kLargeBodiesMax = 32;
/// Descriptors kept for the store, the warehouse and logs.
constexpr std::size_t kDescriptorReserve = 128;

std::size_t ConnectionsMax(const HttpLimits& limits) {
  rlimit descriptors{};
  if (::getrlimit(RLIMIT_NOFILE, &descriptors) != 0) return limits.connections_max;
  const std::size_t available = descriptors.rlim_cur;
  const std::size_t ours =
      available > 2 * kDescriptorReserve ? available - kDescriptorReserve : available / 2;
  return std::min(limits.connections_max, ours);
}

std::size_t LoopCount(const HttpServerConfig& config) {
  if (config.event_loops > 0) return config.event_loops;
  cpu_set_t allowed;
  if (::sched_getaffinity(0, sizeof allowed, &allowed) != 0) return 1;
  return static_cast<std::size_t>(std::max(1, CPU_COUNT(&allowed)));
}

}  // namespace

struct HttpServer::Impl {
  Impl(const HttpServerConfig& config, std::uint16_t bound_port, HttpHandler& handler,
       const Clock& clock, std::unique_ptr<WorkerPool> pool)
      : limits(config.limits),
        port(bound_port),
        hosts(config.address, bound_port, config.host_names),
        workers(std::move(pool)),
        limiter(limits.connections_per_address_max, ConnectionsMax(limits)),
        bodies(kLargeBodiesMax * limits.body_bytes_max),
        state{limits, hosts, handler, clock, *workers, limiter, bodies, deferrals} {}

  Result<void> Launch(std::vector<ListenSocket> listeners, Random& random);
  void Stop();

  const HttpLimits limits;
  const std::uint16_t port;
  const HostRules hosts;
  const std::unique_ptr<WorkerPool> workers;
  ConnectionLimiter limiter;
  BodyBudget bodies;
  Deferrals deferrals;
  const ServerState state;
  std::vector<std::unique_ptr<EventLoop>> loops;
  std::vector<std::thread> threads;
  std::once_flag stopped;
};

Result<void> HttpServer::Impl::Launch(std::vector<ListenSocket> listeners, Random& random) {
  for (ListenSocket& listener : listeners) {
    const EventLoop::Seed seed{random.Next(), random.Next()};
    loops.push_back(std::make_unique<EventLoop>(state, std::move(listener), seed));
  }
  try {
    for (const auto& loop : loops) threads.emplace_back([raw = loop.get()] { raw->Run(); });
  } catch (const std::system_error&) {
    return Fail(ErrorCode::kResourceExhausted, "cannot start event loop threads");
  }
  return {};
}

void HttpServer::Impl::Stop() {
  for (const auto& loop : loops) loop->Drain();
  if (!threads.empty()) limiter.WaitUntilNone(limits.drain_timeout);
  for (const auto& loop : loops) loop->Quit();
  deferrals.WaitUntilNone();
  workers->Stop();
  for (std::thread& thread : threads) thread.join();
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

HttpServer::~HttpServer() { Stop(); }

Result<std::unique_ptr<HttpServer>> HttpServer::Start(const HttpServerConfig& config,
                                                      HttpHandler& handler, const Clock& clock,
                                                      Random& random) {
  REVOPS_TRY_ASSIGN(std::vector<ListenSocket> listeners,
                    OpenListenSockets(config.address, config.port, LoopCount(config)));
  REVOPS_TRY_ASSIGN(std::unique_ptr<WorkerPool> workers,
                    WorkerPool::Open(config.workers, kQueuedPerWorker * config.workers));
  const std::uint16_t port = listeners.front().port();
  std::unique_ptr<HttpServer> server(
      new HttpServer(std::make_unique<Impl>(config, port, handler, clock, std::move(workers))));
  REVOPS_TRY(server->impl_->Launch(std::move(listeners), random));
  return server;
}

std::uint16_t HttpServer::port() const { return impl_->port; }

HttpServerStats HttpServer::stats() const {
  HttpServerStats stats;
  for (const auto& loop : impl_->loops) loop->AddTo(stats);
  stats.connections_open = impl_->limiter.open();
  return stats;
}

void HttpServer::Stop() {
  std::call_once(impl_->stopped, [this] { impl_->Stop(); });
}

}  // namespace revops::net
