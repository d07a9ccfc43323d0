#include "core/net/scripted_testing.h"

#include <algorithm>
#include <utility>

namespace revops::net {

bool ScriptedPause::For(std::chrono::milliseconds time, const std::stop_token& stop) {
  before_each();
  if (stop.stop_requested()) return false;
  clock_.Advance(time);
  const std::scoped_lock lock(mutex_);
  times_.push_back(time);
  return true;
}

std::vector<std::chrono::milliseconds> ScriptedPause::times() const {
  const std::scoped_lock lock(mutex_);
  return times_;
}

ScriptedTransport::Answer ScriptedTransport::Send(const ClientRequest& request) {
  std::size_t number = 0;
  {
    const std::scoped_lock lock(mutex_);
    number = requests_.size();
    requests_.push_back(request);
  }
  if (request.stop.stop_requested()) return Fail(ErrorCode::kCancelled, "cancelled", "net:http");
  return answer(request, number);
}

std::vector<ClientRequest> ScriptedTransport::requests() const {
  const std::scoped_lock lock(mutex_);
  return requests_;
}

std::size_t ScriptedTransport::count(std::string_view part) const {
  const auto all = requests();
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [&](const ClientRequest& request) {
        return request.target.find(part) != std::string::npos;
      }));
}

ClientResponse Http(int status, std::string body) {
  ClientResponse response;
  response.status = status;
  response.headers = {{"Date", "Sun, 22 Nov 2026 02:10:00 GMT"}};
  response.body = std::move(body);
  return response;
}

ScriptedTransport::Answer Lost() {
  return Fail(ErrorCode::kUnavailable, "the peer broke off", "net:http");
}

}  // namespace revops::net
