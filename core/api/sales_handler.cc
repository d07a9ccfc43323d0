#include "core/api/sales_handler.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/api/answer_parts.h"
#include "core/api/filter_question.h"
#include "core/api/json.h"
#include "core/api/sale_csv.h"
#include "core/api/sale_json.h"
#include "core/api/sale_search.h"
#include "core/api/snapshot_answers.h"
#include "core/api/target.h"
#include "core/sales/normalize.h"

namespace revops::api {
namespace {

constexpr std::uint64_t kLimitDefault = 100;
constexpr std::uint64_t kLimitMax = 1000;
/// What is kept in memory to find a page; whoever wants more narrows the filter.
constexpr std::uint64_t kReachMax = 10'000;
/// Read for one answer, about a second.
constexpr std::uint64_t kRowsReadMax = 2'000'000;
constexpr std::size_t kTextMax = 200;
constexpr std::string_view kUndated = "undated";

struct Page {
  std::uint64_t limit = kLimitDefault;
  std::uint64_t offset = 0;
};

Result<std::uint64_t> TakeOffset(Query& query) {
  REVOPS_TRY_ASSIGN(const auto text, query.TakeSingle("offset"));
  if (!text) return 0;
  std::uint64_t offset = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), offset);
  if (error != std::errc() || end != text->data() + text->size() || text->empty()) {
    return RefuseParameter("offset", "must be a whole number from 0 on");
  }
  return offset;
}

Result<Page> TakePage(Query& query, bool csv) {
  Page page;
  REVOPS_TRY_ASSIGN(const auto limit, TakeLimit(query, kLimitMax));
  page.limit = limit.value_or(csv ? kLimitMax : kLimitDefault);
  REVOPS_TRY_ASSIGN(page.offset, TakeOffset(query));
  if (page.offset > kReachMax - page.limit) {
    return RefuseParameter("offset", "reaches no further than row " + std::to_string(kReachMax) +
                                         ": narrow the filter instead");
  }
  return page;
}

std::optional<SaleOrder> OrderBy(std::string_view column, const sales::Schema& schema) {
  const auto is_asked = [&](const sales::Column& one) { return sales::Fold(one.name) == column; };
  if (is_asked(schema.columns()[schema.date_column()])) {
    return SaleOrder{SaleOrder::Key::kDate, 0, false};
  }
  if (is_asked(schema.columns()[schema.amount_column()])) {
    return SaleOrder{SaleOrder::Key::kAmount, 0, false};
  }
  for (std::size_t i = 0; i < schema.text_count(); ++i) {
    if (is_asked(schema.text(i))) return SaleOrder{SaleOrder::Key::kText, i, false};
  }
  return std::nullopt;
}

Result<SaleOrder> TakeOrder(Query& query, const sales::Schema& schema) {
  REVOPS_TRY_ASSIGN(const auto text, query.TakeSingle("sort"));
  if (!text) return SaleOrder();
  const bool descending = text->starts_with('-');
  auto order = OrderBy(std::string_view(*text).substr(descending ? 1 : 0), schema);
  if (!order) {
    return RefuseParameter("sort",
                           "must be a column other than the id, in lower case, with '-' in front "
                           "for descending, such as -amount");
  }
  order->descending = descending;
  return *order;
}

Result<std::string> TakeText(Query& query) {
  REVOPS_TRY_ASSIGN(const auto text, query.TakeSingle("q"));
  if (!text) return std::string();
  const std::string_view trimmed = sales::Trim(*text);
  if (trimmed.size() > kTextMax) {
    return RefuseParameter("q", "must not be longer than " + std::to_string(kTextMax) + " bytes");
  }
  return sales::Fold(trimmed);
}

struct Asked {
  bool csv = false;
  Page page;
  SaleQuestion question;
};

Result<Asked> TakeAsked(Query& query, const Exchange& exchange, const Edition& edition) {
  Asked asked;
  REVOPS_TRY_ASSIGN(asked.csv, TakeWantsCsv(query, exchange.request));
  REVOPS_TRY_ASSIGN(asked.page, TakePage(query, asked.csv));
  REVOPS_TRY_ASSIGN(asked.question.order, TakeOrder(query, edition.snapshot->manifest().schema));
  REVOPS_TRY_ASSIGN(asked.question.text, TakeText(query));
  REVOPS_TRY_ASSIGN(asked.question.filter, TakeFilter(query, edition.snapshot->manifest().schema,
                                                      edition.snapshot->definitions()));
  REVOPS_TRY(query.RefuseRest());
  // One more shows whether there are more.
  asked.question.rows_max = asked.page.offset + asked.page.limit + 1;
  return asked;
}

bool MayHold(const snapshot::Part& part, const sales::Filter& filter) {
  if (!filter.from && !filter.to) return true;
  if (part.month == kUndated) return false;
  if (filter.from && part.month < filter.from->ToMonth()) return false;
  return !filter.to || part.month <= filter.to->ToMonth();
}

bool is_by_date(const SaleOrder& order) { return order.key == SaleOrder::Key::kDate; }

/// The parts that may hold rows of the answer, so ordered that by date the first ones have the
/// first rows.
std::vector<const snapshot::Part*> PartsFor(const snapshot::Manifest& manifest,
                                            const SaleQuestion& question) {
  std::vector<const snapshot::Part*> parts;
  for (const snapshot::Part& part : manifest.parts) {
    if (MayHold(part, question.filter)) parts.push_back(&part);
  }
  if (is_by_date(question.order) && !question.order.descending) return parts;
  const bool ends_undated = !parts.empty() && parts.back()->month == kUndated;
  std::reverse(parts.begin(), parts.end() - (ends_undated ? 1 : 0));
  return parts;
}

Result<std::vector<sales::Sale>> Search(const SnapshotCatalog& snapshots,
                                        const snapshot::Snapshot& snapshot,
                                        const SaleQuestion& question) {
  SaleSearch search(question, snapshot.manifest().schema, snapshot.definitions());
  std::uint64_t rows_read = 0;
  for (const snapshot::Part* part : PartsFor(snapshot.manifest(), question)) {
    // Every row of the parts that follow comes after those that were found.
    if (search.is_full() && is_by_date(question.order)) break;
    rows_read += part->rows;
    if (rows_read > kRowsReadMax && rows_read > part->rows) {
      return Fail(ErrorCode::kInvalidArgument,
                  "That takes more than " + std::to_string(kRowsReadMax) +
                      " rows to answer: narrow it with 'from' and 'to'.");
    }
    REVOPS_TRY(snapshots.ReadRows(snapshot, *part, search));
  }
  return search.Take();
}

std::span<const sales::Sale> RowsOf(const Page& page, const std::vector<sales::Sale>& found) {
  const std::span all(found);
  const std::size_t first = std::min<std::size_t>(page.offset, all.size());
  return all.subspan(first, std::min<std::size_t>(page.limit, all.size() - first));
}

std::string SalesJson(const Edition& edition, const Asked& asked,
                      const std::vector<sales::Sale>& found) {
  const std::span<const sales::Sale> rows = RowsOf(asked.page, found);
  std::string body = "{\"data\":[";
  for (const sales::Sale& sale : rows) {
    AppendItem(body);
    AppendSale(body, sale, edition.snapshot->manifest().schema);
  }
  body += ']';
  AppendName(body, "page");
  body += '{';
  AppendNumber(body, "limit", asked.page.limit);
  AppendNumber(body, "offset", asked.page.offset);
  AppendFlag(body, "more", asked.page.offset + rows.size() < found.size());
  body += '}';
  cube::CubeAnswer answer;
  edition.snapshot->cube().Query(asked.question.filter, answer);
  AppendMeta(body, edition, asked.question.filter, answer.totals.total().deals);
  body += '}';
  return body;
}

}  // namespace

Outcome SalesHandler::Sales(const Exchange& exchange) const {
  if (!exchange.may_block) return std::nullopt;
  Result<Query> query = Query::Parse(exchange.request.query);
  if (!query) return exchange.Fail(query.error());
  Target target = FindTarget(snapshots_, exchange, *query);
  if (!target.edition) return std::move(target.refusal);
  const Edition& edition = *target.edition;
  const Result<Asked> asked = TakeAsked(*query, exchange, edition);
  if (!asked) return exchange.Fail(asked.error());
  if (const auto loaded = edition.snapshot->LoadCube(); !loaded) {
    return exchange.Fail(loaded.error());
  }
  const auto found = Search(snapshots_, *edition.snapshot, asked->question);
  if (!found) return exchange.Fail(found.error());
  const snapshot::Snapshot& snapshot = *edition.snapshot;
  Reply reply;
  if (asked->csv) {
    reply = CsvReply(SalesCsv(RowsOf(asked->page, *found), snapshot.manifest().schema,
                              wants_raw(exchange.request)),
                     "sales-" + snapshot.id() + ".csv");
  } else {
    reply.body = SalesJson(edition, *asked, *found);
  }
  reply.cache = CachePolicy::kRevalidate;
  return reply;
}

}  // namespace revops::api
