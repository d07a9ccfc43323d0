#include "core/api/about_handler.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/catalogue.h"
#include "core/api/json.h"
#include "core/api/openapi_document.h"
#include "core/api/query.h"
#include "core/base/logging.h"
#include "core/sales/normalize.h"
#include "core/sales/schema.h"

namespace revops::api {
namespace {

void AppendTexts(std::string& out, std::string_view name, const std::vector<std::string>& texts) {
  AppendName(out, name);
  out += '[';
  for (const std::string& text : texts) {
    AppendItem(out);
    AppendJsonString(out, text);
  }
  out += ']';
}

void AppendMetric(std::string& out, const Metric& metric) {
  AppendItem(out);
  out += '{';
  AppendText(out, "id", metric.id);
  AppendText(out, "title", metric.title);
  AppendText(out, "unit", metric.unit);
  AppendText(out, "polarity", metric.polarity);
  AppendText(out, "level", metric.level);
  AppendText(out, "definition", metric.definition);
  AppendText(out, "formula", metric.formula);
  AppendText(out, "source", metric.source);
  if (!metric.reason.empty()) AppendText(out, "reason", metric.reason);
  out += '}';
}

void AppendDefinitions(std::string& out, const sales::Definitions& definitions) {
  AppendName(out, "definitions");
  out += '{';
  AppendNumber(out, "version", static_cast<std::uint64_t>(definitions.version));
  AppendText(out, "zone", definitions.zone);
  AppendText(out, "currency", definitions.currency);
  AppendText(out, "locale", definitions.locale);
  AppendTexts(out, "stages", definitions.stages);
  AppendName(out, "statuses");
  out += '{';
  for (const auto& [text, status] : definitions.statuses) AppendText(out, text, ToString(status));
  out += "}}";
}

/// "LEAD_SOURCE" → "Lead source".
std::string LabelOf(std::string_view column) {
  std::string label = sales::Fold(column);
  std::replace(label.begin(), label.end(), '_', ' ');
  label[0] = column[0];
  return label;
}

/// What rows can be filtered, grouped and sorted by.
void AppendDimensions(std::string& out, const sales::Schema& schema) {
  AppendName(out, "dimensions");
  out += '[';
  for (std::size_t i = 0; i < schema.dimension_count(); ++i) {
    const std::string& name = schema.dimension_name(i);
    AppendItem(out);
    out += '{';
    AppendText(out, "name", name);
    AppendText(out, "column", schema.dimension(i).name);
    AppendText(out, "label", LabelOf(schema.dimension(i).name));
    AppendTexts(out, "parameters", {name, "not_" + name});
    AppendTexts(out, "sort", {name, "-" + name});
    AppendText(out, "grouping", "/api/pipeline/by-" + name);
    out += '}';
  }
  out += ']';
}

void AppendFailedRun(std::string& out, const std::optional<FailedRun>& failed) {
  AppendName(out, "last_run_failed");
  if (!failed) {
    out += "null";
    return;
  }
  out += '{';
  AppendText(out, "code", ToString(failed->error.code));
  AppendText(out, "message", failed->error.message);
  AppendInstant(out, "at", failed->at);
  out += '}';
}

void AppendDeployment(std::string& out, const Deployment& deployment,
                      const DeploymentStatus& status, const std::optional<std::string>& label) {
  AppendName(out, "deployment");
  out += '{';
  AppendText(out, "label", label);
  AppendText(out, "version", deployment.version);
  AppendNumber(out, "live_poll_seconds", deployment.live_poll_seconds);
  AppendText(out, "schedule", deployment.schedule);
  AppendText(out, "schedule_zone", deployment.schedule_zone);
  AppendInstant(out, "next_run_at", status.next_run_at());
  AppendFailedRun(out, status.last_run_failed());
  AppendText(out, "warehouse", deployment.warehouse);
  out += '}';
}

void AppendCosts(std::string& out, const ReceiptDay& costs) {
  AppendNumber(out, "statements", costs.statements);
  AppendNumber(out, "execution_ms", static_cast<std::uint64_t>(costs.execution.count()));
  AppendNumber(out, "rows", costs.rows);
  AppendNumber(out, "bytes", costs.bytes);
  AppendName(out, "avoided");
  out += '{';
  AppendNumber(out, "live_questions", costs.avoided_live_questions);
  AppendNumber(out, "digests", costs.avoided_digests);
  AppendNumber(out, "months", costs.avoided_months);
  out += '}';
}

void Add(ReceiptDay& total, const ReceiptDay& day) {
  total.statements += day.statements;
  total.execution += day.execution;
  total.rows += day.rows;
  total.bytes += day.bytes;
  total.avoided_live_questions += day.avoided_live_questions;
  total.avoided_digests += day.avoided_digests;
  total.avoided_months += day.avoided_months;
}

void AppendReceipt(std::string& out, const std::vector<ReceiptDay>& days) {
  ReceiptDay total;
  out += "{\"days\":[";
  for (const ReceiptDay& day : days) {
    Add(total, day);
    AppendItem(out);
    out += '{';
    AppendDate(out, "day", day.day);
    AppendCosts(out, day);
    out += '}';
  }
  out += "],\"totals\":{";
  AppendCosts(out, total);
  out += "}}";
}

}  // namespace

AboutHandler::AboutHandler(const Deployment& deployment, const DeploymentStatus& status,
                           const sales::Definitions& definitions)
    : deployment_(deployment), status_(status), definitions_(definitions) {}

std::shared_ptr<const PreparedAnswer> AboutHandler::openapi(bool may_block) const {
  if (auto prepared = openapi_.Load(); prepared || !may_block) return prepared;
  const std::scoped_lock lock(preparing_);
  if (auto prepared = openapi_.Load()) return prepared;
  openapi_.Store(std::make_shared<const PreparedAnswer>(std::string(OpenApiDocument()), kJson));
  return openapi_.Load();
}

Outcome AboutHandler::Metrics(const Exchange& exchange) const {
  if (const auto taken = TakeNothing(exchange.request); !taken) {
    return exchange.Fail(taken.error());
  }
  Reply reply;
  reply.cache = CachePolicy::kRevalidate;
  reply.body = "{\"data\":[";
  for (const Metric& metric : api::Metrics()) AppendMetric(reply.body, metric);
  reply.body += ']';
  const snapshot::Snapshot* current = exchange.edition ? exchange.edition->snapshot.get() : nullptr;
  std::optional<std::string> label = deployment_.label;
  if (exchange.edition) label = exchange.edition->made_up_as();
  AppendDefinitions(reply.body, current ? current->definitions() : definitions_);
  AppendDimensions(reply.body, current ? current->manifest().schema : sales::Schema::FctSales());
  AppendDeployment(reply.body, deployment_, status_, label);
  reply.body += '}';
  return reply;
}

Outcome AboutHandler::Receipt(const Exchange& exchange) const {
  if (const auto taken = TakeNothing(exchange.request); !taken) {
    return exchange.Fail(taken.error());
  }
  Reply reply;
  reply.cache = CachePolicy::kRevalidate;
  reply.body = "{\"data\":";
  if (const auto days = status_.receipt()) {
    AppendReceipt(reply.body, *days);
  } else {
    reply.body += "null";
  }
  reply.body += '}';
  return reply;
}

Outcome AboutHandler::OpenApi(const Exchange& exchange) const {
  if (const auto taken = TakeNothing(exchange.request); !taken) {
    return exchange.Fail(taken.error());
  }
  if (!exchange.may_block) return std::nullopt;
  Reply reply;
  reply.cache = CachePolicy::kRevalidate;
  reply.body = OpenApiDocument();
  return reply;
}

Outcome AboutHandler::Health(const Exchange& exchange) const {
  if (const auto taken = TakeNothing(exchange.request); !taken) {
    return exchange.Fail(taken.error());
  }
  Reply reply;
  reply.body = "{\"status\":\"ok\"}";
  return reply;
}

Outcome AboutHandler::Readiness(const Exchange& exchange) const {
  if (const auto taken = TakeNothing(exchange.request); !taken) {
    return exchange.Fail(taken.error());
  }
  std::vector<std::string> reasons = status_.not_ready_reasons();
  if (!exchange.edition) reasons.insert(reasons.begin(), "no_snapshot");
  if (exchange.edition) {
    const auto& degraded = exchange.edition->degraded;
    if (degraded) reasons.insert(reasons.begin(), *degraded);
  }
  Reply reply;
  reply.body = "{";
  AppendText(reply.body, "status", reasons.empty() ? "ready" : "not_ready");
  if (!reasons.empty()) {
    reply.status = 503;
    AppendTexts(reply.body, "reasons", reasons);
  }
  reply.body += '}';
  return reply;
}

}  // namespace revops::api
