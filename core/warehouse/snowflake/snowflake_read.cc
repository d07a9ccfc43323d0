#include "core/warehouse/snowflake/snowflake_read.h"

#include <utility>

#include "core/sales/sale.h"
#include "core/warehouse/snowflake/sinks.h"
#include "core/warehouse/snowflake/type_map.h"

namespace revops::warehouse {
namespace {

constexpr std::chrono::hours kStatementMax{1};

std::optional<std::uint64_t> ToCount(std::optional<std::string_view> text) {
  const auto number = text ? DecodeInteger(*text) : std::nullopt;
  if (!number || *number < 0 || *number > INT64_MAX) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

/// A day or NULL; nullopt: neither.
std::optional<std::optional<Date>> ToDay(std::optional<std::string_view> text) {
  if (!text) return std::optional<Date>();
  const auto days = DecodeDays(*text);
  if (!days || !Date::FromDays(*days).is_representable()) return std::nullopt;
  return std::optional(Date::FromDays(*days));
}

class DigestSink final : public ResultSink {
 public:
  std::vector<DayDigest> days;

  Result<void> Begin(const std::vector<ResultColumn>& columns) override {
    if (columns.size() == 3 && columns[0].type == "date") return {};
    return UnexpectedResult("other columns than day, rows, digest");
  }

  Result<void> Take(const ResultCells& cells) override {
    for (std::size_t row = 0; row < cells.row_count(); ++row) {
      const auto day = ToDay(cells.at(row, 0));
      const auto rows = ToCount(cells.at(row, 1));
      const auto digest = cells.at(row, 2);
      if (!day || !rows || !digest || !DecodeInteger(*digest)) return UnexpectedResult("a digest");
      const bool ascends = days.empty() || !*day || days.back().sold_on < *day;
      if (!ascends || (!days.empty() && !days.back().sold_on)) {
        return UnexpectedResult("days that do not ascend");
      }
      days.push_back({*day, *rows, std::string(*digest)});
    }
    return {};
  }
};

/// Passes rows on, and sees to it that a partition which came twice or in another's place does not
/// pass for the right one: rows ascend in canonical order.
class RowSink final : public ResultSink {
 public:
  RowSink(const SnowflakeTable& table, sales::SaleSink& sink)
      : table_(table), sink_(sink), reader_(table.schema) {}

  Result<void> Begin(const std::vector<ResultColumn>& columns) override {
    if (columns.size() == table_.names.size() && fits(table_, columns)) return {};
    return UnexpectedResult("other columns than the table's");
  }

  Result<void> Take(const ResultCells& cells) override {
    REVOPS_TRY_ASSIGN(const auto rows, reader_.Read(cells));
    if (rows.empty()) return {};
    const bool follows = !last_ || !is_after(sales::ToView(*last_, texts_), rows.front());
    bool ascends = follows;
    for (std::size_t i = 1; ascends && i < rows.size(); ++i) {
      ascends = !is_after(rows[i - 1], rows[i]);
    }
    if (!ascends) return UnexpectedResult("rows that are not in order");
    last_ = sales::ToSale(rows.back());
    return sink_.Write(rows);
  }

 private:
  bool is_after(const sales::SaleView& a, const sales::SaleView& b) const {
    return sales::CompareCanonically(table_.schema, a, b) > 0;
  }

  const SnowflakeTable& table_;
  sales::SaleSink& sink_;
  SaleReader reader_;
  std::optional<sales::Sale> last_;
  std::vector<std::optional<std::string_view>> texts_;
};

class CellSink final : public ResultSink {
 public:
  explicit CellSink(std::size_t dimensions) : dimensions_(dimensions) {}

  std::vector<cube::CubeCell> found;

  Result<void> Begin(const std::vector<ResultColumn>& columns) override {
    if (columns.size() == dimensions_ + 4 && columns[0].type == "date") return {};
    return UnexpectedResult("other columns than day, labels, totals");
  }

  Result<void> Take(const ResultCells& cells) override {
    for (std::size_t row = 0; row < cells.row_count(); ++row) {
      const auto day = ToDay(cells.at(row, 0));
      const auto rows = ToCount(cells.at(row, dimensions_ + 1));
      const auto priced = ToCount(cells.at(row, dimensions_ + 2));
      const auto amount = cells.at(row, dimensions_ + 3);
      const auto money = amount ? DecodeMoney(*amount) : Money();
      if (!day || !rows || !priced || !money) return UnexpectedResult("totals");
      cube::CubeCell cell{*day, {}, {*rows, *priced, *money}};
      for (std::size_t i = 1; i <= dimensions_; ++i) {
        const auto label = cells.at(row, i);
        cell.labels.push_back(label ? std::optional<std::string>(*label) : std::nullopt);
      }
      found.push_back(std::move(cell));
    }
    return {};
  }

 private:
  const std::size_t dimensions_;
};

/// The table keeps no history, or none from that instant.
bool has_no_history(const Error& error) { return error.code == ErrorCode::kUnsupported; }

}  // namespace

StatementBounds ReadBounds(const Clock& clock, std::stop_token stop) {
  return {clock.SteadyNow() + kStatementMax, std::move(stop)};
}

Result<std::optional<ChangeToken>> ReadChangeToken(SnowflakeClient& client,
                                                   const StatementBounds& bounds) {
  OneRow one(1);
  const auto done = client.Execute(ChangeTokenQuery(), one, bounds);
  if (!done && done.error().code == ErrorCode::kInternal) return std::optional<ChangeToken>();
  REVOPS_TRY(done);
  REVOPS_TRY_ASSIGN(const auto row, std::move(one).row());
  return row[0];
}

Result<ServerInstant> ReadServerTime(SnowflakeClient& client, const StatementBounds& bounds) {
  OneRow one(1);
  REVOPS_TRY(client.Execute(TimeQuery(), one, bounds));
  REVOPS_TRY_ASSIGN(const auto row, std::move(one).row());
  auto instant = row[0] ? DecodeInstant(*row[0]) : std::nullopt;
  if (!instant) return UnexpectedResult("no time");
  return *std::move(instant);
}

Result<void> SnowflakeRead::CheckToken() {
  REVOPS_TRY_ASSIGN(const auto token,
                    ReadChangeToken(client_, ReadBounds(context_.clock, context_.stop)));
  if (token && token == context_.token) return {};
  if (!token || !context_.token) {
    return Fail(ErrorCode::kUnsupported,
                "FCT_SALES keeps no history and has no change token, so that it cannot be read "
                "consistently: use a table with DATA_RETENTION_TIME_IN_DAYS of at least 1");
  }
  return Fail(ErrorCode::kUnavailable,
              "FCT_SALES was written to while it was being read, and keeps no history to read "
              "from: set DATA_RETENTION_TIME_IN_DAYS to at least 1, or refresh at a quiet time",
              std::string(kWrittenMeanwhile));
}

template <class Make>
Result<void> SnowflakeRead::Execute(Make&& make, ResultSink& sink) {
  const auto bounds = ReadBounds(context_.clock, context_.stop);
  auto done = client_.Execute(make(state_), sink, bounds);
  if (!done && !state_.at.empty() && has_no_history(done.error())) {
    state_.at.clear();
    done = client_.Execute(make(state_), sink, bounds);
  }
  REVOPS_TRY(done);
  return state_.at.empty() ? CheckToken() : Result<void>();
}

Result<DayDigests> SnowflakeRead::ReadDayDigests() {
  DigestSink sink;
  REVOPS_TRY(Execute(
      [&](const TableState& state) { return DayDigestsQuery(*context_.table, state); }, sink));
  return DayDigests{"snowflake-hash-agg-1", std::move(sink.days)};
}

Result<void> SnowflakeRead::ReadDays(const DaySelection& days, sales::SaleSink& sink) {
  RowSink rows(*context_.table, sink);
  return Execute(
      [&](const TableState& state) { return ReadDaysQuery(*context_.table, state, days); }, rows);
}

Result<std::vector<cube::CubeCell>> SnowflakeRead::AggregateDays(const DaySelection& days) {
  CellSink sink(schema().dimension_count());
  REVOPS_TRY(Execute(
      [&](const TableState& state) {
        return AggregateDaysQuery(*context_.table, state, context_.definitions, days);
      },
      sink));
  return std::move(sink.found);
}

}  // namespace revops::warehouse
