#include "core/net/client_pool.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace revops::net {

std::vector<ClientPool::Idle> ClientPool::TakeExpired() {
  const auto now = clock_.SteadyNow();
  const auto fresh = std::find_if(idle_.begin(), idle_.end(), [&](const Idle& idle) {
    return now - idle.since < limits_.idle_timeout;
  });
  std::vector<Idle> expired(std::make_move_iterator(idle_.begin()), std::make_move_iterator(fresh));
  idle_.erase(idle_.begin(), fresh);
  return expired;
}

std::unique_ptr<ClientStream> ClientPool::TakeNewest(const HttpOrigin& origin) {
  std::vector<Idle> expired;  // closed without the lock
  const std::lock_guard lock(mutex_);
  expired = TakeExpired();
  const auto found = std::find_if(idle_.rbegin(), idle_.rend(),
                                  [&](const Idle& idle) { return idle.origin == origin; });
  if (found == idle_.rend()) return nullptr;
  std::unique_ptr<ClientStream> stream = std::move(found->stream);
  idle_.erase(std::next(found).base());
  return stream;
}

std::unique_ptr<ClientStream> ClientPool::Take(const HttpOrigin& origin) {
  while (auto stream = TakeNewest(origin)) {
    if (stream->IsIdle()) return stream;
  }
  return nullptr;
}

void ClientPool::Keep(const HttpOrigin& origin, std::unique_ptr<ClientStream> stream) {
  std::vector<Idle> closed;
  const std::lock_guard lock(mutex_);
  closed = TakeExpired();
  idle_.push_back({origin, std::move(stream), clock_.SteadyNow()});
  if (idle_.size() <= limits_.connections_max) return;
  closed.push_back(std::move(idle_.front()));
  idle_.erase(idle_.begin());
}

}  // namespace revops::net
