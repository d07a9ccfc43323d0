#include "apps/revops/metrics.h"

#include <utility>
#include <vector>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include "core/snapshot/pointer.h"

namespace revops::app {
namespace {

using Families = std::vector<prometheus::MetricFamily>;

prometheus::MetricFamily& AddFamily(Families& families, std::string name, std::string help,
                                    prometheus::MetricType type) {
  prometheus::MetricFamily& family = families.emplace_back();
  family.name = std::move(name);
  family.help = std::move(help);
  family.type = type;
  return family;
}

void AddCounter(Families& families, std::string name, std::string help, std::uint64_t value) {
  auto& family =
      AddFamily(families, std::move(name), std::move(help), prometheus::MetricType::Counter);
  family.metric.emplace_back().counter.value = static_cast<double>(value);
}

void AddGauge(Families& families, std::string name, std::string help, double value) {
  auto& family =
      AddFamily(families, std::move(name), std::move(help), prometheus::MetricType::Gauge);
  family.metric.emplace_back().gauge.value = value;
}

double Seconds(Instant instant) {
  return static_cast<double>(instant.time_since_epoch().count()) / 1000.0;
}

void AddResponses(Families& families, const net::HttpServerStats& stats) {
  auto& family = AddFamily(families, "revops_http_responses_total", "Responses by status class",
                           prometheus::MetricType::Counter);
  for (int status_class = 1; status_class <= 5; ++status_class) {
    auto& metric = family.metric.emplace_back();
    metric.label.push_back({"class", std::to_string(status_class) + "xx"});
    metric.counter.value = static_cast<double>(stats.responses_by_class[status_class]);
  }
}

/// What Snowflake was asked, and what not.
void AddCosts(Families& families, const warehouse::Costs& costs) {
  AddCounter(families, "revops_snowflake_statements_total", "Statements run", costs.statements);
  AddCounter(families, "revops_snowflake_retries_total", "Requests sent again", costs.retries);
  AddCounter(families, "revops_snowflake_rows_total", "Rows received", costs.rows);
  AddCounter(families, "revops_snowflake_bytes_total", "Bytes received, unpacked", costs.bytes);
  auto& avoided = AddFamily(families, "revops_snowflake_avoided_total",
                            "Live questions that shared a statement, digests that an unchanged "
                            "table made needless, months that were not read again",
                            prometheus::MetricType::Counter);
  for (const auto& [what, count] :
       {std::pair("live_question", costs.avoided_live_questions),
        std::pair("digest", costs.avoided_digests), std::pair("month", costs.avoided_months)}) {
    auto& metric = avoided.metric.emplace_back();
    metric.label.push_back({"what", what});
    metric.counter.value = static_cast<double>(count);
  }
  auto& family =
      AddFamily(families, "revops_snowflake_seconds_total",
                "Time from statements to their first answers", prometheus::MetricType::Counter);
  family.metric.emplace_back().counter.value =
      static_cast<double>(costs.execution.count()) / 1000.0;
}

void AddSnapshot(Families& families, Engine& engine) {
  const auto pointer = snapshot::ReadPointer(engine.store());
  if (!pointer || !*pointer) return;
  AddGauge(families, "revops_snapshot_data_as_of_seconds",
           "When the read that confirmed the served content began",
           Seconds((*pointer)->pointer.data_as_of));
  AddGauge(families, "revops_snapshot_computed_at_seconds",
           "When the served content was computed or confirmed",
           Seconds((*pointer)->pointer.computed_at));
  AddCounter(families, "revops_snapshot_sequence_total", "Swaps of the pointer so far",
             (*pointer)->pointer.sequence);
}

}  // namespace

std::string RenderMetrics(Engine& engine, const net::HttpServerStats& stats) {
  Families families;
  AddCounter(families, "revops_http_connections_total", "Connections accepted",
             stats.connections_accepted);
  AddCounter(families, "revops_http_connections_refused_total", "Connections over a limit",
             stats.connections_refused);
  AddGauge(families, "revops_http_connections_open", "Connections open now",
           static_cast<double>(stats.connections_open));
  AddCounter(families, "revops_http_requests_total", "Requests answered", stats.requests);
  AddCounter(families, "revops_http_requests_refused_total", "Requests refused as malformed",
             stats.requests_refused);
  AddCounter(families, "revops_http_sent_bytes_total", "Bytes sent", stats.bytes_sent);
  AddResponses(families, stats);
  AddSnapshot(families, engine);
  if (engine.receipt() != nullptr) AddCosts(families, engine.receipt()->sum());
  const auto job = engine.refresh().newest();
  AddGauge(families, "revops_refresh_running", "Whether a refresh runs now",
           job && !job->has_ended() ? 1 : 0);
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace revops::app
