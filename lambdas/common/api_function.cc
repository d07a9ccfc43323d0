#include "lambdas/common/api_function.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "core/api/event_hub.h"
#include "core/api/reply.h"
#include "core/api/service.h"
#include "core/api/snapshots.h"
#include "core/base/logging.h"
#include "core/net/aws/lambda/gateway_event.h"
#include "lambdas/common/absent_parts.h"
#include "lambdas/common/version.h"

namespace revops::lambda {
namespace {

/// The first call follows its preparation at once, and need not look again.
constexpr std::chrono::seconds kLookHolds{1};
constexpr int kDamaged = 500;

/// The warehouse as the API asks it.
class WarehouseLiveSales final : public api::LiveSales {
 public:
  explicit WarehouseLiveSales(warehouse::Warehouse& warehouse) : warehouse_(warehouse) {}

  Result<api::LiveRows> Read(const api::LiveQuestion& question) override {
    const warehouse::LiveQuery query{question.window, question.rows_max, question.deadline,
                                     question.stop};
    REVOPS_TRY_ASSIGN(warehouse::RecentSales recent, warehouse_.ReadRecentSales(query));
    api::LiveRows rows;
    rows.began_at = recent.began_at;
    rows.schema = std::move(recent.schema);
    rows.rows = std::move(recent.rows);
    rows.totals = recent.totals;
    return rows;
  }

 private:
  warehouse::Warehouse& warehouse_;
};

/// What a function knows of its deployment: when the next run is due.
class ScheduleStatus final : public api::DeploymentStatus {
 public:
  ScheduleStatus(const scheduler::CronSchedule& schedule, const Clock& clock)
      : schedule_(schedule), clock_(clock) {}

  std::optional<Instant> next_run_at() const override { return schedule_.NextAfter(clock_.Now()); }
  std::optional<api::FailedRun> last_run_failed() const override { return std::nullopt; }
  std::vector<std::string> not_ready_reasons() const override { return {}; }
  /// No process of a function sees what the others ask.
  std::optional<std::vector<api::ReceiptDay>> receipt() const override { return std::nullopt; }

 private:
  const scheduler::CronSchedule& schedule_;
  const Clock& clock_;
};

std::optional<std::string> LabelOf(const FunctionSettings& settings) {
  return settings.label.empty() ? std::nullopt : std::optional(settings.label);
}

api::Deployment MakeDeployment(const FunctionSettings& settings) {
  api::Deployment deployment;
  deployment.label = LabelOf(settings);
  deployment.version = kFunctionVersion;
  deployment.live_poll_seconds = settings.live_poll_seconds;
  deployment.schedule = settings.schedule.expression();
  deployment.schedule_zone = settings.schedule.zone().name();
  deployment.warehouse = "snowflake";
  return deployment;
}

/// The runtime's id without its dashes, so that a browser's answer leads to the log of its call.
std::string ToRequestId(const std::string& runtime_id, Random& random) {
  std::string id = runtime_id;
  std::erase(id, '-');
  const bool is_id = id.size() == 32 && std::all_of(id.begin(), id.end(), [](char c) {
                       return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
                     });
  return is_id ? id : NewId(random);
}

}  // namespace

struct ApiFunction::Impl {
  Parts parts;
  AbsentStore no_store;
  AbsentWarehouse no_warehouse;
  AbsentRefresh no_refresh;
  api::SnapshotCatalog catalog;
  WarehouseLiveSales live;
  api::EventHub events;
  ScheduleStatus status;
  api::Service service;
  Instant looked_at;
  bool is_prepared = false;  ///< and nothing was answered since

  explicit Impl(Parts given)
      : parts(std::move(given)),
        catalog(parts.store != nullptr ? *parts.store : no_store, snapshot::Reading::kOnDemand,
                LabelOf(parts.settings)),
        live(parts.warehouse != nullptr ? *parts.warehouse : no_warehouse),
        events(parts.clock.Now()),
        status(parts.settings.schedule, parts.clock),
        service(ServicePartsOf()) {}

  api::ServiceParts ServicePartsOf() {
    const FunctionSettings& settings = parts.settings;
    return {.snapshots = catalog,
            .live = live,
            .refresh = parts.refresh != nullptr ? *parts.refresh : no_refresh,
            .events = events,
            .status = status,
            .clock = parts.clock,
            .deployment = MakeDeployment(settings),
            .definitions = settings.definitions,
            .zone = settings.zone,
            // One call at a time: a thread more would have nothing to do.
            .live_limits = {.statements_max = 1,
                            .statements_per_minute = settings.live_queries_per_minute},
            .origins = settings.cors_origins};
  }

  /// An error only when there is nothing to serve either.
  Result<void> LookAtPointer() {
    if (parts.store == nullptr) return {};
    const Result<bool> loaded = catalog.Reload();
    looked_at = loaded ? parts.clock.Now() : Instant();
    if (loaded) return {};
    LogError("snapshot_not_opened", loaded.error());
    if (catalog.current()) return {};
    return Fail(loaded.error());
  }

  bool has_just_looked() const {
    const Instant now = parts.clock.Now();
    return looked_at <= now && now < looked_at + kLookHolds;
  }

  HttpResponse Answer(const HttpRequest& request) {
    const bool is_fresh = std::exchange(is_prepared, false) && has_just_looked();
    HttpResponse response = Follow(request, is_fresh);
    const auto served = catalog.current();
    if (response.status != kDamaged || !served || served->snapshot->is_whole()) return response;
    // What was read on demand is damaged: something older may be whole.
    catalog.RequireWhole();
    return Follow(request, false);
  }

  HttpResponse Follow(const HttpRequest& request, bool is_fresh) {
    const Result<void> looked = is_fresh ? Result<void>() : LookAtPointer();
    if (!looked) return api::Render(api::ToReply(looked.error(), request.request_id), request);
    return Await(service.Answer(request));
  }
};

ApiFunction::ApiFunction(Parts parts) : impl_(std::make_unique<Impl>(std::move(parts))) {}
ApiFunction::~ApiFunction() = default;

void ApiFunction::Prepare() {
  // What fails here fails again within a call, which then says so.
  impl_->is_prepared = impl_->LookAtPointer() && impl_->catalog.current();
}

Result<std::string> ApiFunction::Handle(const net::LambdaInvocation& invocation) {
  REVOPS_TRY_ASSIGN(std::optional<net::GatewayRequest> event,
                    net::ReadGatewayEvent(
                        invocation.payload,
                        {.rest_api_takes_binary = impl_->parts.settings.rest_api_takes_binary}));
  if (!event) event = {net::GatewayForm::kVersion1, "GET", impl_->parts.own_path, {}, {}, {}};
  const std::string id = ToRequestId(invocation.request_id, impl_->parts.random);
  const std::vector<HttpField> fields = net::FieldsOf(*event);
  const HttpRequest request{event->method, event->path, event->query, fields, event->body, id};
  return net::RenderGatewayAnswer(*event, impl_->Answer(request), id);
}

}  // namespace revops::lambda
