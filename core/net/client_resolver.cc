#include "core/net/client_resolver.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <cstring>
#include <map>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include <netdb.h>

namespace revops::net {
namespace {

constexpr std::string_view kOrigin = "net:connect";

Unexpected CannotResolve(const std::string& host, const std::string& reason) {
  return Fail(ErrorCode::kUnavailable, "cannot resolve " + host + ": " + reason,
              std::string(kOrigin));
}

}  // namespace

/// One look-up that runs; owned by its thread and by those who wait for it.
struct ClientResolver::Job {
  ClientFd done{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};  ///< stays readable once it is over
  std::mutex mutex;
  std::optional<Result<std::vector<ClientAddress>>> result;
};

struct ClientResolver::State {
  explicit State(LookUp of) : look_up(std::move(of)) {}

  const LookUp look_up;
  std::mutex mutex;
  std::map<std::string, std::shared_ptr<Job>> jobs;
};

ClientResolver::ClientResolver(LookUp look_up)
    : state_(std::make_shared<State>(std::move(look_up))) {}

ClientResolver::~ClientResolver() = default;

Result<std::shared_ptr<ClientResolver::Job>> ClientResolver::Join(const std::string& host) {
  const std::lock_guard lock(state_->mutex);
  std::shared_ptr<Job>& job = state_->jobs[host];
  if (job) return job;
  const auto give_up = [&](const std::string& reason) {
    state_->jobs.erase(host);
    return CannotResolve(host, reason);
  };
  if (state_->jobs.size() > kLookUpsMax) return give_up("too many look-ups hang");
  job = std::make_shared<Job>();
  if (job->done.get() < 0) return give_up("no descriptor is left");
  try {
    std::thread([state = state_, host, mine = job] {
      auto result = state->look_up(host);
      {
        const std::lock_guard finished(state->mutex);
        state->jobs.erase(host);
      }
      const std::lock_guard finished(mine->mutex);
      mine->result.emplace(std::move(result));
      ::eventfd_write(mine->done.get(), 1);
    }).detach();
  } catch (const std::system_error& error) {
    return give_up(error.code().message());
  }
  return job;
}

Result<std::vector<ClientAddress>> ClientResolver::Resolve(const std::string& host,
                                                           const ClientPatience& patience,
                                                           ClientPatience::Time until) {
  REVOPS_TRY_ASSIGN(const std::shared_ptr<Job> job, Join(host));
  const auto outcome = patience.Wait(job->done.get(), POLLIN, until);
  if (outcome != ClientPatience::Outcome::kReady) {
    return patience.GaveUp(outcome, until, "cannot resolve " + host + ": no answer in time",
                           kOrigin);
  }
  const std::lock_guard lock(job->mutex);
  return *job->result;
}

Result<std::vector<ClientAddress>> ClientResolver::SystemLookUp(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &found); error != 0) {
    return CannotResolve(
        host, error == EAI_SYSTEM ? "the system's resolver failed" : ::gai_strerror(error));
  }
  std::vector<ClientAddress> addresses;
  for (const addrinfo* entry = found; entry != nullptr; entry = entry->ai_next) {
    ClientAddress& address = addresses.emplace_back();
    std::memcpy(&address.storage, entry->ai_addr, entry->ai_addrlen);
    address.size = entry->ai_addrlen;
  }
  ::freeaddrinfo(found);
  if (addresses.empty()) return CannotResolve(host, "it has no address");
  return addresses;
}

}  // namespace revops::net
