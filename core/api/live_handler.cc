#include "core/api/live_handler.h"

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "core/api/answer_parts.h"
#include "core/api/json.h"
#include "core/api/query.h"
#include "core/api/sale_csv.h"
#include "core/api/sale_json.h"
#include "core/base/money.h"
#include "core/sales/normalize.h"
#include "core/sales/window.h"

namespace revops::api {
namespace {

constexpr std::uint64_t kRowsDefault = 1000;
constexpr std::uint64_t kRowsMax = 5000;
constexpr std::size_t kBodyMax = 5'000'000;
// Totals, page and meta come after the rows.
constexpr std::size_t kBodyTail = 4096;
constexpr std::chrono::seconds kDeadline{25};

struct LastMonthQuestion {
  std::uint64_t limit = kRowsDefault;
  bool csv = false;
};

/// What the answer says besides rows and totals.
struct LiveMeta {
  Instant computed_at;
  Date business_date;
  std::string_view zone;
  int definitions_version = 1;
  DateRange window;
};

Result<LastMonthQuestion> TakeLastMonth(const HttpRequest& request) {
  REVOPS_TRY_ASSIGN(Query query, Query::Parse(request.query));
  LastMonthQuestion question;
  REVOPS_TRY_ASSIGN(const auto limit, TakeLimit(query, kRowsMax));
  question.limit = limit.value_or(kRowsDefault);
  REVOPS_TRY_ASSIGN(question.csv, TakeWantsCsv(query, request));
  REVOPS_TRY(query.RefuseRest());
  return question;
}

void AppendMeta(std::string& out, const LiveRows& rows, const LiveMeta& meta) {
  AppendName(out, "meta");
  out += '{';
  AppendText(out, "source", "live");
  AppendInstant(out, "data_as_of", rows.began_at);
  AppendInstant(out, "computed_at", meta.computed_at);
  AppendDate(out, "business_date", meta.business_date);
  AppendText(out, "zone", meta.zone);
  AppendNumber(out, "definitions_version", static_cast<std::uint64_t>(meta.definitions_version));
  AppendWindow(out, {meta.window, meta.zone, true});
  AppendNumber(out, "rows", rows.totals.total().deals);
  out += '}';
}

std::string LastMonthJson(const LiveRows& rows, std::uint64_t limit, const LiveMeta& meta) {
  std::string body = "{\"data\":[";
  std::size_t listed = 0;
  for (const sales::Sale& sale : rows.rows) {
    const std::size_t size_before = body.size();
    AppendItem(body);
    AppendSale(body, sale, rows.schema);
    if (body.size() > kBodyMax - kBodyTail) {
      body.resize(size_before);
      break;
    }
    ++listed;
  }
  body += ']';
  AppendTotalsMember(body, rows.totals);
  AppendName(body, "page");
  body += '{';
  AppendNumber(body, "limit", limit);
  AppendFlag(body, "more", rows.totals.total().deals > listed);
  body += '}';
  AppendMeta(body, rows, meta);
  body += '}';
  return body;
}

/// Whatever the port fails with is the warehouse's doing, never the asker's.
Error AsVendors(Error error) {
  if (error.origin.empty()) error.origin = "warehouse";
  return error;
}

}  // namespace

/// What is left of a request while its rows are on their way.
struct LiveHandler::Pending {
  std::shared_ptr<const Edition> edition;  ///< owns the zone of `meta`
  LastMonthQuestion question;
  LiveMeta meta;
  bool raw = false;
  std::string_view request_id;
};

Outcome LiveHandler::LastMonth(const Exchange& exchange) {
  const Result<LastMonthQuestion> asked = TakeLastMonth(exchange.request);
  if (!asked) return exchange.Fail(asked.error());
  auto pending = std::make_shared<Pending>();
  pending->edition = exchange.edition;
  pending->question = *asked;
  pending->raw = wants_raw(exchange.request);
  pending->request_id = exchange.request.request_id;
  const Edition* edition = pending->edition.get();
  const TimeZone& zone = edition ? edition->zone : zone_;
  LiveMeta& meta = pending->meta;
  meta.business_date = zone.DateAt(clock_.Now());
  meta.zone = zone.name();
  meta.definitions_version =
      edition ? edition->snapshot->definitions().version : definitions_.version;
  meta.window = sales::Last30Days(meta.business_date);
  Reply reply;
  reply.later = [this, pending = std::move(pending)](auto resume, const auto& stop) {
    const LiveQuestion question{pending->meta.window, pending->question.limit,
                                clock_.SteadyNow() + kDeadline, stop};
    coalescer_.Read(question, [this, pending, resume = std::move(resume)](const LiveAnswer& rows) {
      resume([this, pending, rows] { return Make(*pending, rows); });
    });
  };
  return reply;
}

Problem LiveHandler::BudgetSpent(const Error& error) const {
  return {503, "budget_exhausted", error.message, true,
          static_cast<int>(coalescer_.budget().free_in().count())};
}

Reply LiveHandler::Make(const Pending& pending, const LiveAnswer& rows) const {
  if (!rows && rows.error().origin == kLiveBudgetOrigin) {
    return ToReply(BudgetSpent(rows.error()), pending.request_id);
  }
  if (!rows) return ToReply(AsVendors(rows.error()), pending.request_id);
  LiveMeta meta = pending.meta;
  meta.computed_at = clock_.Now();
  if (pending.question.csv) {
    return CsvReply(SalesCsv((*rows)->rows, (*rows)->schema, pending.raw),
                    "last-month-sales-" + meta.business_date.ToString() + ".csv");
  }
  Reply reply;
  reply.body = LastMonthJson(**rows, pending.question.limit, meta);
  return reply;
}

}  // namespace revops::api
