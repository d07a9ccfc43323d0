#include "apps/revops/server.h"

#include <optional>
#include <thread>
#include <utility>

#include "apps/revops/commands.h"
#include "apps/revops/control.h"
#include "apps/revops/imports/local_import_desk.h"
#include "apps/revops/nightly.h"
#include "apps/revops/watch_import.h"
#include "apps/revops/web_handler.h"
#include "core/api/event_hub.h"
#include "core/api/service.h"
#include "core/api/snapshots.h"
#include "core/base/logging.h"
#include "core/net/http_server.h"

namespace revops::app {
namespace {

class WarehouseLiveSales final : public api::LiveSales {
 public:
  /// `costs`: nullptr where nobody counts.
  WarehouseLiveSales(warehouse::Warehouse& warehouse, warehouse::CostRecorder* costs)
      : warehouse_(warehouse), costs_(costs) {}

  Result<api::LiveRows> Read(const api::LiveQuestion& question) override {
    const warehouse::LiveQuery query{question.window, question.rows_max, question.deadline,
                                     question.stop};
    REVOPS_TRY_ASSIGN(warehouse::RecentSales recent, warehouse_.ReadRecentSales(query));
    if (costs_ != nullptr) costs_->Count({.avoided_live_questions = question.askers - 1});
    api::LiveRows rows;
    rows.began_at = recent.began_at;
    rows.schema = std::move(recent.schema);
    rows.rows = std::move(recent.rows);
    rows.totals = recent.totals;
    return rows;
  }

 private:
  warehouse::Warehouse& warehouse_;
  warehouse::CostRecorder* const costs_;
};

api::Deployment MakeDeployment(const Settings& settings) {
  api::Deployment deployment;
  deployment.label = settings.label;
  deployment.version = ProgramVersion();
  if (settings.snowflake) deployment.warehouse = "snowflake";
  deployment.live_poll_seconds = static_cast<std::uint32_t>(settings.live_poll_seconds);
  deployment.schedule = settings.schedule.expression();
  deployment.schedule_zone = settings.schedule.zone().name();
  return deployment;
}

api::ServiceParts MakeServiceParts(Engine& engine, api::SnapshotCatalog& catalog,
                                   api::LiveSales& live, api::EventHub& events,
                                   api::DeploymentStatus& status) {
  const Settings& settings = engine.settings();
  return api::ServiceParts{
      .snapshots = catalog,
      .live = live,
      .refresh = engine.refresh(),
      .events = events,
      .status = status,
      .clock = engine.clock(),
      .deployment = MakeDeployment(settings),
      .definitions = settings.definitions,
      .zone = settings.zone,
      .live_limits = {.statements_per_minute = settings.live_queries_per_minute},
      .origins = settings.cors_origins,
      .imports = engine.imports().value_or(nullptr)};
}

Result<void> CheckAddress(const Settings& settings) {
  if (settings.listen.is_loopback() || settings.published_on_loopback) return {};
  return Fail(ErrorCode::kInvalidArgument,
              "refusing to listen on " + settings.listen.host +
                  ": everybody who reaches it could read the sales table, because no login is "
                  "configured. Listen on 127.0.0.1, or in a container whose port is published on "
                  "loopback alone set REVOPS_PUBLISHED_ON_LOOPBACK=1");
}

}  // namespace

struct Server::Impl {
  std::unique_ptr<Engine> engine;
  SystemClock server_clock;
  api::SnapshotCatalog catalog;
  api::EventHub events;
  WarehouseLiveSales live;
  Nightly nightly;
  api::Service service;
  WebHandler web;
  std::unique_ptr<net::HttpServer> http;
  std::unique_ptr<ControlServer> control;
  std::unique_ptr<WatchedFolder> watched;
  std::jthread watching;

  explicit Impl(std::unique_ptr<Engine> opened)
      : engine(std::move(opened)),
        catalog(engine->store(), snapshot::Reading::kWhole, engine->settings().label),
        events(server_clock.Now()),
        live(engine->warehouse(), engine->receipt()),
        nightly(*engine, events),
        service(MakeServiceParts(*engine, catalog, live, events, nightly)),
        web(service, *engine, [this] { return http ? http->stats() : net::HttpServerStats{}; }) {}

  void OnJob(const snapshot::RefreshJob& job) {
    if (job.state == snapshot::JobState::kSucceeded) ShowNewSnapshot();
    events.PublishRefresh(job);
    if (job.has_ended()) nightly.OnJobEnded(job);
  }

  void ShowNewSnapshot() {
    if (const auto loaded = catalog.Reload(); !loaded) {
      LogError("snapshot_not_opened", loaded.error());
      return;
    }
    PublishVersion();
  }

  /// Another process may have published into the same store.
  bool FollowPointer() {
    const auto loaded = catalog.Reload();
    if (!loaded) LogError("snapshot_not_opened", loaded.error());
    if (loaded && *loaded) PublishVersion();
    return loaded.has_value();
  }

  void PublishVersion() {
    if (const auto edition = catalog.current()) events.PublishDataVersion(edition->version());
  }

  /// The page must come up although the warehouse or the newest snapshot cannot be read.
  void Prepare() {
    if (engine->snowflake() != nullptr) {
      Log(LogLevel::kInfo, "warehouse_configured", {{"engine", "snowflake"}});
    } else if (const auto database = engine->database(); !database) {
      LogError("warehouse_not_opened", database.error());
    } else if (const auto created = (*database)->CreateSalesTable(); !created) {
      LogError("sales_table_not_created", created.error());
    }
    if (const auto loaded = catalog.Reload(); !loaded) {
      LogError("snapshot_not_opened", loaded.error());
    }
    PublishVersion();
    nightly.set_pointer_listener([this] { return FollowPointer(); });
    engine->refresh().set_doubt([this] {
      const auto edition = catalog.current();
      return edition && edition->degraded;
    });
    engine->refresh().set_listener([this](const snapshot::RefreshJob& job) { OnJob(job); });
    engine->set_history_listener([this] { ShowNewSnapshot(); });
    if (const auto imports = engine->imports()) {
      (*imports)->set_listener([this](const api::ImportJob& job) { events.PublishImport(job); });
      (*imports)->Start();
    }
  }

  /// A folder that is not there yet may come: it is on another machine, say.
  void Watch() {
    if (engine->settings().import_watch.empty()) return;
    auto made = MakeWatchedFolder(*engine, WatchedFolderOf(*engine), nullptr);
    if (!made) return LogError("folder_not_watched", made.error());
    watched = *std::move(made);
    watching = std::jthread([this](std::stop_token stop) { watched->Run(std::move(stop)); });
  }

  Result<void> Listen() {
    const Settings& settings = engine->settings();
    net::HttpServerConfig config;
    config.address = settings.listen.host;
    config.port = settings.listen.port;
    config.host_names = settings.host_names;
    REVOPS_TRY_ASSIGN(http, net::HttpServer::Start(config, web, server_clock, engine->random()));
    REVOPS_TRY_ASSIGN(control,
                      ControlServer::Start(engine->folder(),
                                           [this](const CommandRequest& request, CommandIo& io) {
                                             return RunCommand(*engine, request, io);
                                           }));
    return {};
  }
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<Server>> Server::Start(std::unique_ptr<Engine> engine) {
  REVOPS_TRY(CheckAddress(engine->settings()));
  auto impl = std::make_unique<Impl>(std::move(engine));
  impl->Prepare();
  REVOPS_TRY(impl->Listen());
  impl->nightly.Start();
  impl->Watch();
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::~Server() { Stop(); }

std::uint16_t Server::port() const { return impl_->http->port(); }

void Server::Stop() {
  if (impl_->watching.joinable()) {
    impl_->watching.request_stop();
    impl_->watching.join();
  }
  if (impl_->control) impl_->control->Stop();
  impl_->nightly.Stop();
  if (impl_->http) impl_->http->Stop();
  if (const auto imports = impl_->engine->imports()) (*imports)->Stop();
  impl_->engine->refresh().Stop();
  impl_->engine->refresh().set_listener(nullptr);
}

}  // namespace revops::app
