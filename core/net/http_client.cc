#include "core/net/http_client.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "core/base/http.h"
#include "core/net/client_exchange.h"
#include "core/net/client_origin.h"
#include "core/net/client_pool.h"
#include "core/net/client_request.h"
#include "core/net/client_resolver.h"
#include "core/net/client_socket.h"
#include "core/net/client_tls.h"
#include "core/net/http_syntax.h"

namespace revops::net {
namespace {

constexpr std::chrono::milliseconds kConnectTimeoutMax = std::chrono::hours(1);

}  // namespace

std::optional<std::string_view> ClientResponse::header(std::string_view name) const {
  for (const auto& [of, value] : headers) {
    if (EqualsIgnoreCase(of, name)) return value;
  }
  return std::nullopt;
}

struct HttpClient::Impl {
  Impl(HttpClientConfig of, const Clock& clock_of, std::unique_ptr<ClientTls> tls_of)
      : config(std::move(of)),
        clock(clock_of),
        tls(std::move(tls_of)),
        pool({config.connections_max, config.idle_timeout}, clock) {}

  /// An exchange and the error of it, if any.
  struct Attempt {
    Result<ClientResponse> result;
    bool has_sent = false;
    bool was_closed = false;
  };

  Attempt Exchange(std::unique_ptr<ClientStream> stream, const ClientRequest& request,
                   const ClientPatience& patience);
  Result<std::unique_ptr<ClientStream>> Connect(const HttpOrigin& origin,
                                                const ClientPatience& patience);
  Result<const ClientTls*> Tls();
  Result<ClientResponse> SendAnew(const ClientRequest& request, const ClientPatience& patience);

  const HttpClientConfig config;
  const Clock& clock;
  std::mutex tls_mutex;
  std::unique_ptr<ClientTls> tls;  ///< nullptr: not needed so far
  ClientResolver resolver;
  ClientPool pool;
};

HttpClient::Impl::Attempt HttpClient::Impl::Exchange(std::unique_ptr<ClientStream> stream,
                                                     const ClientRequest& request,
                                                     const ClientPatience& patience) {
  std::string head = RenderRequestHead(
      request, {.user_agent = config.user_agent, .keep = config.connections_max > 0});
  ClientExchange exchange(*stream, request, std::move(head), patience,
                          {config.head_bytes_max, config.transfer_bytes_per_second_min});
  Attempt attempt{.result = exchange.Run(),
                  .has_sent = exchange.has_sent(),
                  .was_closed = exchange.was_closed()};
  if (exchange.is_reusable()) pool.Keep(request.origin, std::move(stream));
  return attempt;
}

Result<std::unique_ptr<ClientStream>> HttpClient::Impl::Connect(const HttpOrigin& origin,
                                                                const ClientPatience& patience) {
  const auto until =
      patience.Until(patience.Now() + std::min(config.connect_timeout, kConnectTimeoutMax));
  std::vector<ClientAddress> addresses;
  if (const auto address = ParseAddress(origin.host)) {
    addresses.push_back(*address);
  } else {
    REVOPS_TRY_ASSIGN(addresses, resolver.Resolve(origin.host, patience, until));
  }
  for (ClientAddress& address : addresses) address.SetPort(origin.port);
  REVOPS_TRY_ASSIGN(ClientFd socket, ConnectTcp(addresses, Describe(origin), patience, until));
  if (!origin.tls) return MakePlainStream(std::move(socket));
  REVOPS_TRY_ASSIGN(const ClientTls* const shaker, Tls());
  return shaker->Connect(std::move(socket), origin, patience, until);
}

/// Whoever speaks plain HTTP alone is spared the certificates of the system.
Result<const ClientTls*> HttpClient::Impl::Tls() {
  const std::scoped_lock lock(tls_mutex);
  if (tls == nullptr) {
    REVOPS_TRY_ASSIGN(tls, ClientTls::Make({}));
  }
  return tls.get();
}

Result<ClientResponse> HttpClient::Impl::SendAnew(const ClientRequest& request,
                                                  const ClientPatience& patience) {
  REVOPS_TRY_ASSIGN(std::unique_ptr<ClientStream> stream, Connect(request.origin, patience));
  return Exchange(std::move(stream), request, patience).result;
}

HttpClient::HttpClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

HttpClient::~HttpClient() = default;

Result<std::unique_ptr<HttpClient>> HttpClient::Make(HttpClientConfig config, const Clock& clock) {
  if (!IsAll(config.user_agent, kValue)) {
    return Fail(ErrorCode::kInvalidArgument, "a user agent holds a control character");
  }
  std::unique_ptr<ClientTls> tls;
  if (!config.ca_file.empty()) {
    REVOPS_TRY_ASSIGN(tls, ClientTls::Make(config.ca_file));
  }
  return std::unique_ptr<HttpClient>(
      new HttpClient(std::make_unique<Impl>(std::move(config), clock, std::move(tls))));
}

Result<ClientResponse> HttpClient::Send(const ClientRequest& request) {
  REVOPS_TRY(CheckRequest(request));
  REVOPS_TRY_ASSIGN(const std::unique_ptr<ClientPatience> patience,
                    ClientPatience::Make(impl_->clock, request.deadline, request.stop));
  if (const auto outcome = patience->Check(request.deadline);
      outcome != ClientPatience::Outcome::kReady) {
    return patience->GaveUp(outcome, request.deadline, {}, "net:connect");
  }
  std::unique_ptr<ClientStream> kept = impl_->pool.Take(request.origin);
  if (kept == nullptr) return impl_->SendAnew(request, *patience);

  Impl::Attempt attempt = impl_->Exchange(std::move(kept), request, *patience);
  const bool may_send_again = !attempt.has_sent || (IsIdempotent(request) && !request.is_sent_once);
  if (attempt.result || !attempt.was_closed || !may_send_again) return std::move(attempt.result);
  Result<ClientResponse> again = impl_->SendAnew(request, *patience);
  if (again || !attempt.has_sent) return again;
  // The peer may have seen the first try, whatever became of the second.
  Error error = std::move(again).error();
  error.origin = "net:http";
  return Fail(std::move(error));
}

}  // namespace revops::net
