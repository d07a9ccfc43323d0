#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/net/client_socket.h"

namespace revops::net {

/// Names → addresses. The system's resolver blocks for as long as it likes, so it runs on a thread
/// of its own, which is left behind when the deadline or the stop comes first; callers who ask for
/// a name that is being looked up wait for the same thread. Thread-safe. Keeps no answers.
class ClientResolver {
 public:
  using LookUp = std::function<Result<std::vector<ClientAddress>>(const std::string& host)>;

  /// `look_up` may outlive the resolver and must own what it uses.
  explicit ClientResolver(LookUp look_up = SystemLookUp);
  ~ClientResolver();

  /// At least one address. Errors: origin net:connect; kUnavailable, also while
  /// kLookUpsMax threads hang; kTimeout, kCancelled.
  Result<std::vector<ClientAddress>> Resolve(const std::string& host,
                                             const ClientPatience& patience,
                                             ClientPatience::Time until);

  static constexpr std::size_t kLookUpsMax = 16;

  /// By getaddrinfo, IPv6 and IPv4 in its order.
  static Result<std::vector<ClientAddress>> SystemLookUp(const std::string& host);

 private:
  struct Job;
  struct State;

  Result<std::shared_ptr<Job>> Join(const std::string& host);

  std::shared_ptr<State> state_;
};

}  // namespace revops::net
