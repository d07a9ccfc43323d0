#include "core/api/pipeline_handler.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "core/api/answer_parts.h"
#include "core/api/filter_question.h"
#include "core/api/json.h"
#include "core/api/snapshot_answers.h"
#include "core/api/target.h"

namespace revops::api {
namespace {

constexpr std::uint64_t kSnapshotsMax = 5000;
// A cube beyond it is not asked on an event loop (about a millisecond).
constexpr std::size_t kQuickCells = 64 * 1024;
// A body beyond it is not compressed there either.
constexpr std::size_t kQuickBody = 32 * 1024;

bool is_slow(const Exchange& exchange, const Edition& edition) {
  return !exchange.may_block && edition.snapshot->cube().columns().cell_count() > kQuickCells;
}

Outcome Finish(const Exchange& exchange, Reply reply) {
  if (!exchange.may_block && reply.body.size() > kQuickBody) return std::nullopt;
  reply.cache = CachePolicy::kRevalidate;
  return reply;
}

void AppendSummaryItem(std::string& out, const SnapshotSummary& summary, bool current) {
  AppendItem(out);
  out += '{';
  AppendText(out, "id", summary.id);
  AppendFlag(out, "current", current);
  AppendInstant(out, "computed_at", summary.computed_at);
  AppendInstant(out, "data_as_of", summary.data_as_of);
  AppendDate(out, "business_date", summary.business_date);
  AppendText(out, "origin", summary.origin);
  AppendText(out, "content_hash", summary.content_hash);
  AppendText(out, "hash_kind", summary.hash_kind == snapshot::HashKind::kRows ? "rows" : "cube");
  AppendNumber(out, "rows", summary.totals.total().deals);
  AppendNumber(out, "parts", summary.parts);
  AppendNumber(out, "shared_parts", summary.shared_parts);
  AppendNumber(out, "bytes", summary.bytes);
  AppendTotalsMember(out, summary.totals);
  out += '}';
}

struct GroupedQuestion {
  bool csv = false;
  sales::Filter filter;
};

Result<GroupedQuestion> TakeGrouped(Query& query, const Exchange& exchange,
                                    const Edition& edition) {
  GroupedQuestion question;
  REVOPS_TRY_ASSIGN(question.csv, TakeWantsCsv(query, exchange.request));
  REVOPS_TRY_ASSIGN(question.filter, TakeFilter(query, edition.snapshot->manifest().schema,
                                                edition.snapshot->definitions()));
  REVOPS_TRY(query.RefuseRest());
  return question;
}

bool is_usual_view(std::string_view view) {
  constexpr std::string_view kUsual[] = {"by-region", "by-product", "by-stage", "by-status",
                                         "by-month"};
  return std::find(std::begin(kUsual), std::end(kUsual), view) != std::end(kUsual);
}

Error NoSuchView(std::string_view view) {
  return {ErrorCode::kNotFound, "There is no grouping '" + std::string(view) + "'.", {}, {}};
}

}  // namespace

Outcome PipelineHandler::Grouped(const Exchange& exchange, std::string_view view) const {
  if (!exchange.edition && !is_usual_view(view)) return exchange.Fail(NoSuchView(view));
  Result<Query> query = Query::Parse(exchange.request.query);
  if (!query) return exchange.Fail(query.error());
  Target target = FindTarget(snapshots_, exchange, *query);
  if (!target.edition) return std::move(target.refusal);
  const Edition& edition = *target.edition;
  if (!has_view(edition, view)) return exchange.Fail(NoSuchView(view));
  const Result<GroupedQuestion> question = TakeGrouped(*query, exchange, edition);
  if (!question) return exchange.Fail(question.error());
  const bool is_stored = question->filter.is_everything() && !question->csv;
  const snapshot::Snapshot& snapshot = *edition.snapshot;
  if (!exchange.may_block && !snapshot.is_whole()) return std::nullopt;
  const Result<void> loaded = is_stored ? snapshot.LoadView(view) : snapshot.LoadCube();
  if (!loaded) return exchange.Fail(loaded.error());
  if (is_slow(exchange, edition)) return std::nullopt;
  if (question->csv) {
    return Finish(
        exchange,
        CsvReply(GroupedCsv(edition, view, question->filter, wants_raw(exchange.request)),
                 "pipeline-" + std::string(view) + "-" + edition.snapshot->id() + ".csv"));
  }
  Reply reply;
  reply.body = GroupedJson(edition, view, question->filter);
  return Finish(exchange, std::move(reply));
}

Outcome PipelineHandler::Summary(const Exchange& exchange) const {
  Result<Query> query = Query::Parse(exchange.request.query);
  if (!query) return exchange.Fail(query.error());
  Target target = FindTarget(snapshots_, exchange, *query);
  if (!target.edition) return std::move(target.refusal);
  const Edition& edition = *target.edition;
  const Result<sales::Filter> filter =
      TakeFilter(*query, edition.snapshot->manifest().schema, edition.snapshot->definitions());
  if (!filter) return exchange.Fail(filter.error());
  if (const auto rest = query->RefuseRest(); !rest) return exchange.Fail(rest.error());
  if (!exchange.may_block && !edition.snapshot->is_whole()) return std::nullopt;
  if (const auto loaded = edition.snapshot->LoadCube(); !loaded) {
    return exchange.Fail(loaded.error());
  }
  if (is_slow(exchange, edition)) return std::nullopt;
  Reply reply;
  reply.body = SummaryJson(edition, *filter);
  return Finish(exchange, std::move(reply));
}

Outcome PipelineHandler::Snapshots(const Exchange& exchange) const {
  Result<Query> query = Query::Parse(exchange.request.query);
  if (!query) return exchange.Fail(query.error());
  const Result<std::optional<std::uint64_t>> limit = TakeLimit(*query, kSnapshotsMax);
  if (!limit) return exchange.Fail(limit.error());
  if (const auto rest = query->RefuseRest(); !rest) return exchange.Fail(rest.error());
  if (!exchange.may_block) return std::nullopt;
  const Result<std::vector<SnapshotSummary>> summaries = snapshots_.List();
  if (!summaries) return exchange.Fail(summaries.error());
  Reply reply;
  reply.body = "{\"data\":[";
  const std::size_t count =
      std::min<std::size_t>(summaries->size(), limit->value_or(kSnapshotsMax));
  for (std::size_t i = 0; i < count; ++i) {
    const SnapshotSummary& summary = (*summaries)[i];
    AppendSummaryItem(reply.body, summary,
                      exchange.edition && exchange.edition->snapshot->id() == summary.id);
  }
  reply.body += "],\"meta\":{";
  AppendNumber(reply.body, "count", summaries->size());
  reply.body += "}}";
  return Finish(exchange, std::move(reply));
}

}  // namespace revops::api
