#include "core/api/snapshot_answers.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "core/api/answer_parts.h"
#include "core/api/csv.h"
#include "core/api/filter_question.h"
#include "core/api/json.h"
#include "core/cube/cube.h"
#include "core/sales/window.h"
#include "core/snapshot/views.h"

namespace revops::api {
namespace {

cube::CubeAnswer Ask(const Edition& edition, const sales::Filter& filter) {
  cube::CubeAnswer answer;
  edition.snapshot->cube().Query(filter, answer);
  return answer;
}

snapshot::ViewContext ContextOf(const Edition& edition) {
  const snapshot::Snapshot& snapshot = *edition.snapshot;
  return {snapshot.manifest().schema, snapshot.definitions(), snapshot.cube()};
}

/// "by-region" → "region".
std::string_view DimensionOf(std::string_view view) { return view.substr(3); }

void AppendFacet(std::string& out, std::size_t dimension, const cube::CubeAnswer& answer,
                 const snapshot::ViewContext& context) {
  AppendName(out, context.schema.dimension_name(dimension));
  out += '[';
  for (const cube::Group* group : snapshot::OrderedGroups(dimension, answer, context)) {
    AppendItem(out);
    out += '{';
    AppendText(out, "value", context.cube.label(dimension, group->code));
    AppendNumber(out, "deals", group->totals.total().deals);
    out += '}';
  }
  out += ']';
}

/// Duplicates beyond the first are remarkable, not left out: nothing in the table is excluded from
/// the totals.
void AppendLedger(std::string& out, const snapshot::Manifest& manifest) {
  AppendName(out, "ledger");
  out += '{';
  AppendNumber(out, "rows", manifest.row_count());
  AppendNumber(out, "included", manifest.row_count());
  AppendNumber(out, "excluded", 0);
  AppendName(out, "reasons");
  out += '[';
  for (std::size_t i = 0; i < sales::kLedgerReasonCount; ++i) {
    const auto reason = static_cast<sales::LedgerReason>(i);
    const sales::LedgerEntry& entry = manifest.ledger[reason];
    AppendItem(out);
    out += '{';
    AppendText(out, "reason", ToString(reason));
    AppendNumber(out, "rows", entry.rows);
    AppendText(out, "amount", entry.amount.ToString());
    AppendFlag(out, "excluded", false);
    out += '}';
  }
  out += "]}";
}

/// The filter, narrowed to the window.
sales::Filter Within(sales::Filter filter, DateRange window) {
  filter.from = std::max(filter.from.value_or(window.start), window.start);
  filter.to = std::max(*filter.from, std::min(filter.to.value_or(window.end), window.end));
  return filter;
}

void AppendWindows(std::string& out, const Edition& edition, const sales::Filter& filter) {
  struct Named {
    std::string_view name;
    DateRange window;
    bool partial;
  };
  const Date today = edition.snapshot->manifest().business_date;
  const std::array<Named, 3> windows = {
      Named{"last_30_days", sales::Last30Days(today), true},
      Named{"last_30_complete_days", sales::Last30CompleteDays(today), false},
      Named{"previous_30_complete_days", sales::Previous30CompleteDays(today), false}};
  for (const Named& named : windows) {
    AppendName(out, named.name);
    out += '{';
    AppendWindow(out, {named.window, edition.zone.name(), named.partial});
    AppendTotalsMember(out, Ask(edition, Within(filter, named.window)).totals);
    out += '}';
  }
}

void AppendGroupCsv(CsvWriter& csv, std::optional<std::string_view> name,
                    const cube::StatusTotals& totals) {
  const cube::Tally total = totals.total();
  csv.Text(name);
  csv.Number(total.deals);
  csv.Number(total.priced);
  csv.Amount(total.known_amount());
  csv.Amount(total.average());
  for (const cube::Tally& tally : totals.by_status) {
    csv.Number(tally.deals);
    csv.Amount(tally.known_amount());
  }
  csv.EndRow();
}

void AppendStatusRows(CsvWriter& csv, const cube::CubeAnswer& answer) {
  for (const sales::Status status : sales::kStatuses) {
    cube::StatusTotals only;
    only[status] = answer.totals[status];
    AppendGroupCsv(csv, ToString(status), only);
  }
}

void AppendGroupRows(CsvWriter& csv, std::string_view view, const cube::CubeAnswer& answer,
                     const snapshot::ViewContext& context) {
  if (view == "by-month") {
    for (const cube::CubeAnswer::Month& month : answer.months) {
      const auto name = month.first_on ? std::optional(month.first_on->ToMonth()) : std::nullopt;
      AppendGroupCsv(csv, name, month.totals);
    }
    return;
  }
  const std::size_t dimension = *context.schema.FindDimension(DimensionOf(view));
  if (dimension == context.schema.status_dimension()) {
    AppendStatusRows(csv, answer);
    return;
  }
  for (const cube::Group* group : snapshot::OrderedGroups(dimension, answer, context)) {
    if (!group->selected) continue;
    AppendGroupCsv(csv, context.cube.label(dimension, group->code), group->totals);
  }
}

}  // namespace

void AppendMeta(std::string& out, const Edition& edition, const sales::Filter& filter,
                std::uint64_t rows) {
  const snapshot::Manifest& manifest = edition.snapshot->manifest();
  AppendName(out, "meta");
  out += '{';
  AppendText(out, "source", "snapshot");
  AppendText(out, "snapshot_id", edition.snapshot->id());
  AppendText(out, "origin", edition.origin);
  AppendText(out, "content_hash", manifest.content_hash);
  AppendInstant(out, "data_as_of", edition.data_as_of);
  AppendInstant(out, "computed_at", edition.computed_at);
  AppendDate(out, "business_date", manifest.business_date);
  AppendText(out, "zone", edition.zone.name());
  AppendNumber(out, "definitions_version",
               static_cast<std::uint64_t>(edition.snapshot->definitions().version));
  AppendName(out, "filter");
  AppendFilter(out, filter, manifest.schema);
  AppendNumber(out, "rows", rows);
  if (edition.degraded) AppendText(out, "degraded", *edition.degraded);
  out += '}';
}

bool has_view(const Edition& edition, std::string_view view) {
  return view.starts_with("by-") && edition.snapshot->manifest().views.contains(std::string(view));
}

std::string GroupedJson(const Edition& edition, std::string_view view,
                        const sales::Filter& filter) {
  std::string body;
  std::uint64_t rows = 0;
  if (filter.is_everything()) {
    body = edition.snapshot->view(view);
    rows = edition.snapshot->manifest().row_count();
  } else {
    const cube::CubeAnswer answer = Ask(edition, filter);
    snapshot::AppendView(body, view, answer, ContextOf(edition));
    rows = answer.totals.total().deals;
  }
  body.pop_back();
  AppendMeta(body, edition, filter, rows);
  body += '}';
  return body;
}

std::string GroupedCsv(const Edition& edition, std::string_view view, const sales::Filter& filter,
                       bool raw) {
  CsvWriter csv(raw);
  csv.Text(DimensionOf(view));
  for (const std::string_view name : {"deals", "priced", "amount", "average"}) csv.Text(name);
  for (const sales::Status status : sales::kStatuses) {
    csv.Text(std::string(ToString(status)) + "_deals");
    csv.Text(std::string(ToString(status)) + "_amount");
  }
  csv.EndRow();
  AppendGroupRows(csv, view, Ask(edition, filter), ContextOf(edition));
  return std::move(csv).Finish();
}

std::string SummaryJson(const Edition& edition, const sales::Filter& filter) {
  const cube::CubeAnswer answer = Ask(edition, filter);
  const snapshot::ViewContext context = ContextOf(edition);
  std::string body = "{\"data\":{";
  AppendTotalsMember(body, answer.totals);
  const cube::Tally& open = answer.totals[sales::Status::kOpen];
  const std::optional<Money> average = open.average();
  AppendText(body, "open_average", average ? std::optional(average->ToString()) : std::nullopt);
  if (!average) {
    AppendName(body, "reasons");
    body += '{';
    AppendText(body, "open_average", "no_priced_rows");
    body += '}';
  }
  AppendWindows(body, edition, filter);
  AppendName(body, "facets");
  body += '{';
  for (std::size_t i = 0; i < context.schema.dimension_count(); ++i) {
    AppendFacet(body, i, answer, context);
  }
  body += '}';
  AppendLedger(body, edition.snapshot->manifest());
  body += '}';
  AppendMeta(body, edition, filter, answer.totals.total().deals);
  body += '}';
  return body;
}

}  // namespace revops::api
