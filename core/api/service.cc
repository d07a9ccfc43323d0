#include "core/api/service.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/api/about_handler.h"
#include "core/api/exchange.h"
#include "core/api/imports_handler.h"
#include "core/api/live_handler.h"
#include "core/api/origin_policy.h"
#include "core/api/pipeline_handler.h"
#include "core/api/refresh_handler.h"
#include "core/api/reply.h"
#include "core/api/routes.h"
#include "core/api/sales_handler.h"

namespace revops::api {
namespace {

/// The fields that decide which prepared bytes a request gets, found in one pass.
struct FastFields {
  std::string_view origin;
  std::string_view accept;
  std::string_view accept_encoding;
  std::string_view if_none_match;

  explicit FastFields(std::span<const HttpField> fields) {
    for (const HttpField& field : fields) {
      if (std::string_view* slot = SlotFor(field.name); slot && slot->empty()) *slot = field.value;
    }
  }

 private:
  std::string_view* SlotFor(std::string_view name) {
    switch (name.size()) {
      case 6:
        return EqualsIgnoreCase(name, "Origin")   ? &origin
               : EqualsIgnoreCase(name, "Accept") ? &accept
                                                  : nullptr;
      case 13:
        return EqualsIgnoreCase(name, "If-None-Match") ? &if_none_match : nullptr;
      case 15:
        return EqualsIgnoreCase(name, "Accept-Encoding") ? &accept_encoding : nullptr;
      default:
        return nullptr;
    }
  }
};

constexpr std::string_view kOpenApiPath = "/api/openapi.json";

bool is_read(std::string_view method) { return method == "GET" || method == "HEAD"; }

/// No query, or one that names what is served anyway.
bool asks_for_current(std::string_view query, const Edition& edition) {
  constexpr std::string_view kAsOf = "as_of=";
  if (query.empty()) return true;
  return query.starts_with(kAsOf) && query.substr(kAsOf.size()) == edition.snapshot->id();
}

Problem NoSuchRoute() {
  return {404, "not_found", "There is nothing at this address.", false, std::nullopt};
}

Reply RefuseMethod(std::string_view allow, std::string_view request_id) {
  Reply reply =
      ToReply(Problem{405, "method_not_allowed", "This address answers " + std::string(allow) + ".",
                      false, std::nullopt},
              request_id);
  reply.headers.emplace_back("Allow", allow);
  return reply;
}

}  // namespace

struct Service::Impl {
  explicit Impl(ServiceParts service_parts)
      : parts(std::move(service_parts)),
        origins(parts.origins),
        pipeline(parts.snapshots),
        sales(parts.snapshots),
        live(parts.live, parts.clock, parts.definitions, parts.zone, parts.live_limits),
        refresh(parts.refresh, parts.events),
        imports(parts.imports),
        about(parts.deployment, parts.status, parts.definitions) {}

  ServiceParts parts;
  OriginPolicy origins;
  PipelineHandler pipeline;
  SalesHandler sales;
  LiveHandler live;
  RefreshHandler refresh;
  ImportsHandler imports;
  AboutHandler about;

  std::optional<HttpResponse> AnswerPrepared(const HttpRequest& request,
                                             const std::shared_ptr<const Edition>& edition,
                                             bool may_block) const;
  std::optional<HttpResponse> Dispatch(const Exchange& exchange);
  Outcome Handle(const Exchange& exchange, const Match& match);
  Outcome Read(const Exchange& exchange, const Match& match);
  Outcome ReadImports(const Exchange& exchange, const Match& match);
  Outcome Write(const Exchange& exchange, const Match& match);
  HttpResponse Finish(const HttpRequest& request, Reply reply) const;
  HttpResponse Promise(const HttpRequest& request, ReplyLater later) const;
};

/// Prepared bytes if the request asks for nothing else. Does not allocate, unless it may block.
std::optional<HttpResponse> Service::Impl::AnswerPrepared(
    const HttpRequest& request, const std::shared_ptr<const Edition>& edition,
    bool may_block) const {
  if (!is_read(request.method)) return std::nullopt;
  std::shared_ptr<const void> owner = edition;
  const PreparedAnswer* answer = nullptr;
  if (edition && asks_for_current(request.query, *edition)) {
    answer = may_block ? edition->MakePage(request.path) : edition->FindPage(request.path);
  }
  if (!answer && request.path == kOpenApiPath && request.query.empty()) {
    const std::shared_ptr<const PreparedAnswer> openapi = about.openapi(may_block);
    owner = openapi;
    answer = openapi.get();
  }
  if (!answer) return std::nullopt;
  const FastFields fields(request.fields);
  if (origins.is_listed(fields.origin) || prefers_csv(fields.accept)) return std::nullopt;
  const PreparedAnswer::Variant* variant = answer->Choose(fields.accept_encoding);
  if (!variant) return std::nullopt;
  const bool unchanged = MatchesETag(fields.if_none_match, variant->etag);
  HttpResponse response;
  response.status = unchanged ? 304 : 200;
  response.prepared = std::shared_ptr<const PreparedContent>(
      std::move(owner), unchanged ? &variant->not_modified : &variant->full);
  return response;
}

Outcome Service::Impl::Read(const Exchange& exchange, const Match& match) {
  switch (match.route) {
    case Route::kGrouped:
      return pipeline.Grouped(exchange, match.rest);
    case Route::kSummary:
      return pipeline.Summary(exchange);
    case Route::kLastMonth:
      return live.LastMonth(exchange);
    case Route::kSales:
      return sales.Sales(exchange);
    case Route::kSnapshots:
      return pipeline.Snapshots(exchange);
    case Route::kRefresh:
      return refresh.Newest(exchange);
    case Route::kRefreshJob:
      return refresh.Find(exchange, match.rest);
    case Route::kEvents:
      return refresh.Events(exchange);
    case Route::kMetrics:
      return about.Metrics(exchange);
    case Route::kReceipt:
      return about.Receipt(exchange);
    case Route::kOpenApi:
      return about.OpenApi(exchange);
    case Route::kHealth:
      return about.Health(exchange);
    case Route::kReadiness:
      return about.Readiness(exchange);
    default:
      return ReadImports(exchange, match);
  }
}

Outcome Service::Impl::ReadImports(const Exchange& exchange, const Match& match) {
  switch (match.route) {
    case Route::kImports:
      return imports.List(exchange);
    case Route::kImportJob:
      return imports.Find(exchange, match.rest);
    case Route::kImportInspection:
      return imports.Inspection(exchange, match.rest);
    case Route::kImportRefused:
      return imports.RefusedRows(exchange, match.rest);
    case Route::kMappings:
      return imports.Mappings(exchange);
    default:
      return exchange.Fail(NoSuchRoute());
  }
}

Outcome Service::Impl::Write(const Exchange& exchange, const Match& match) {
  const std::string_view content_type = match.route == Route::kImports ? kBytes : kJson;
  if (const auto problem = origins.RefuseWrite(exchange.request, content_type)) {
    return exchange.Fail(*problem);
  }
  switch (match.route) {
    case Route::kRefresh:
      return refresh.Start(exchange);
    case Route::kRefreshJob:
      return refresh.Cancel(exchange, match.rest);
    case Route::kImports:
      return imports.Accept(exchange);
    case Route::kImportJob:
      return imports.Discard(exchange, match.rest);
    case Route::kImportMapping:
      return imports.ChangeMapping(exchange, match.rest);
    case Route::kImportTake:
      return imports.Take(exchange, match.rest);
    case Route::kImportUndo:
      return imports.Undo(exchange, match.rest);
    case Route::kMapping:
      return imports.SaveMeaning(exchange, match.rest);
    default:
      return exchange.Fail(NoSuchRoute());
  }
}

Outcome Service::Impl::Handle(const Exchange& exchange, const Match& match) {
  const HttpRequest& request = exchange.request;
  if (request.method == "OPTIONS") return origins.AnswerOptions(request, match.allow);
  if (match.is_read && is_read(request.method)) return Read(exchange, match);
  if (request.method == match.write_method) return Write(exchange, match);
  return RefuseMethod(match.allow, request.request_id);
}

std::optional<HttpResponse> Service::Impl::Dispatch(const Exchange& exchange) {
  const std::optional<Match> match = FindRoute(exchange.request.path);
  Outcome outcome = match ? Handle(exchange, *match) : exchange.Fail(NoSuchRoute());
  if (!outcome) return std::nullopt;
  if (outcome->later) return Promise(exchange.request, std::move(outcome->later));
  return Finish(exchange.request, *std::move(outcome));
}

HttpResponse Service::Impl::Finish(const HttpRequest& request, Reply reply) const {
  HttpResponse response = Render(std::move(reply), request);
  origins.AddHeaders(request, response.headers);
  return response;
}

/// The request's views outlive the call that brought it, until its answer has been made.
HttpResponse Service::Impl::Promise(const HttpRequest& request, ReplyLater later) const {
  HttpResponse response;
  response.later = [this, request, later = std::move(later)](auto resume, const auto& stop) {
    later(
        [this, request, resume = std::move(resume)](std::function<Reply()> make) {
          resume([this, request, make = std::move(make)] { return Finish(request, make()); });
        },
        stop);
  };
  return response;
}

Service::Service(ServiceParts parts) : impl_(std::make_unique<Impl>(std::move(parts))) {}
Service::~Service() = default;

std::optional<HttpResponse> Service::AnswerNow(const HttpRequest& request) {
  std::shared_ptr<const Edition> edition = impl_->parts.snapshots.current();
  if (auto response = impl_->AnswerPrepared(request, edition, false)) return response;
  return impl_->Dispatch({request, std::move(edition), false});
}

/// Whoever may not upload is refused by Answer: what they send is not kept.
std::unique_ptr<HttpUpload> Service::BeginUpload(const HttpRequest& head) {
  const std::optional<Match> match = FindRoute(head.path);
  if (!match || match->route != Route::kImports || head.method != "POST") return nullptr;
  if (impl_->origins.RefuseWrite(head, kBytes)) return nullptr;
  return impl_->imports.BeginUpload();
}

HttpResponse Service::Answer(const HttpRequest& request) {
  std::shared_ptr<const Edition> edition = impl_->parts.snapshots.current();
  if (auto response = impl_->AnswerPrepared(request, edition, true)) return *std::move(response);
  std::optional<HttpResponse> response = impl_->Dispatch({request, std::move(edition), true});
  REVOPS_CHECK(response.has_value());
  return *std::move(response);
}

}  // namespace revops::api
