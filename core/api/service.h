#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/api/deployment.h"
#include "core/api/event_hub.h"
#include "core/api/import_desk.h"
#include "core/api/live_coalescer.h"
#include "core/api/live_sales.h"
#include "core/api/refresh_control.h"
#include "core/api/snapshots.h"
#include "core/base/clock.h"
#include "core/base/http.h"
#include "core/base/time_zone.h"
#include "core/sales/definitions.h"

namespace revops::api {

/// What a service is made of. The references outlive it.
struct ServiceParts {
  SnapshotCatalog& snapshots;
  LiveSales& live;
  RefreshControl& refresh;
  EventHub& events;
  DeploymentStatus& status;
  const Clock& clock;
  Deployment deployment;
  /// The configured ones: used until the first snapshot brings its own.
  sales::Definitions definitions;
  TimeZone zone = TimeZone::Utc();  ///< of `definitions`
  LiveLimits live_limits = {};
  /// Other origins whose pages may read answers and start refreshes.
  std::vector<std::string> origins = {"http://localhost:5173", "http://127.0.0.1:5173"};
  ImportDesk* imports = nullptr;  ///< nullptr where files cannot be imported
};

/// Answers every route of contracts/openapi.yaml: Request → Response, no sockets. Thread-safe.
///
/// HEAD is answered as GET, with the body: whoever sends the response leaves it out.
class Service final : public HttpHandler {
 public:
  explicit Service(ServiceParts parts);
  ~Service() override;

  std::optional<HttpResponse> AnswerNow(const HttpRequest& request) override;
  std::unique_ptr<HttpUpload> BeginUpload(const HttpRequest& head) override;
  HttpResponse Answer(const HttpRequest& request) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace revops::api
