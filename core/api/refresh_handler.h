#pragma once

#include <string_view>

#include "core/api/event_hub.h"
#include "core/api/exchange.h"
#include "core/api/refresh_control.h"

namespace revops::api {

/// Starts, follows and cancels the nightly job: /api/refresh, /api/refresh/<id>, /api/events.
class RefreshHandler {
 public:
  RefreshHandler(RefreshControl& refresh, EventHub& events) : refresh_(refresh), events_(events) {}

  Outcome Newest(const Exchange& exchange) const;
  Outcome Start(const Exchange& exchange) const;
  Outcome Find(const Exchange& exchange, std::string_view id) const;
  Outcome Cancel(const Exchange& exchange, std::string_view id) const;
  Outcome Events(const Exchange& exchange) const;

 private:
  RefreshControl& refresh_;
  EventHub& events_;
};

}  // namespace revops::api
