#include "core/warehouse/duckdb/duckdb_read.h"

#include <string>
#include <utility>

#include "core/base/money.h"
#include "core/warehouse/duckdb/dialect.h"
#include "core/warehouse/duckdb/duckdb_database.h"

namespace revops::warehouse {
namespace {

constexpr std::uint64_t kRowsSortedAtOnce = 500'000;

std::vector<ColumnView> ColumnsOf(const Chunk& chunk) {
  std::vector<ColumnView> columns;
  const std::size_t count = duckdb_data_chunk_get_column_count(chunk.get());
  for (std::size_t i = 0; i < count; ++i) columns.emplace_back(chunk, i);
  return columns;
}

std::uint64_t ReadCount(const ColumnView& column, std::size_t row) {
  return static_cast<std::uint64_t>(column.at<std::int64_t>(row));
}

/// Joins neighbouring days of the selection until a piece has enough rows.
class PieceBuilder {
 public:
  explicit PieceBuilder(const DaySelection& days) : days_(days) {}

  void Add(Date day, std::uint64_t rows) {
    while (range_ < days_.ranges.size() && days_.ranges[range_].end <= day) {
      ++range_;
      Close();
    }
    if (rows_ > 0 && rows_ + rows > kRowsSortedAtOnce) Close();
    if (rows_ == 0) start_ = day;
    end_ = day + 1;
    rows_ += rows;
  }

  std::vector<DaySelection> Finish() {
    Close();
    if (days_.undated) pieces_.push_back({{}, true});
    return std::move(pieces_);
  }

 private:
  void Close() {
    if (rows_ > 0) pieces_.push_back({{{start_, end_}}, false});
    rows_ = 0;
  }

  const DaySelection& days_;
  std::size_t range_ = 0;
  Date start_;
  Date end_;
  std::uint64_t rows_ = 0;
  std::vector<DaySelection> pieces_;
};

/// One row of AggregateDaysQuery.
cube::CubeCell ReadCell(const std::vector<ColumnView>& columns, std::size_t row) {
  const std::size_t dimensions = columns.size() - 4;
  cube::CubeCell cell;
  cell.sold_on = ReadDate(columns[0], row);
  for (std::size_t i = 1; i <= dimensions; ++i) {
    cell.labels.push_back(
        columns[i].is_null(row) ? std::nullopt : std::optional(std::string(columns[i].text(row))));
  }
  cell.tally.deals = ReadCount(columns[dimensions + 1], row);
  cell.tally.priced = ReadCount(columns[dimensions + 2], row);
  const ColumnView& amount = columns[dimensions + 3];
  if (!amount.is_null(row)) cell.tally.amount = Money::FromCents(amount.integer(row));
  return cell;
}

}  // namespace

DuckDbRead::DuckDbRead(std::unique_ptr<Session> session, DuckDbReadContext context)
    : session_(std::move(session)), context_(std::move(context)), reader_(context_.table.schema) {}

Result<DayDigests> DuckDbRead::ReadDayDigests() {
  DayDigests digests;
  digests.algorithm = "duckdb-" + DuckDbVersion() + "-hash-sum-1";
  REVOPS_TRY_ASSIGN(Rows rows, session_->Query(DayDigestsQuery(context_.table)));
  while (true) {
    REVOPS_TRY_ASSIGN(const auto chunk, rows.Fetch());
    if (!chunk) return digests;
    const auto columns = ColumnsOf(*chunk);
    for (std::size_t row = 0; row < chunk->size(); ++row) {
      digests.days.push_back({ReadDate(columns[0], row), ReadCount(columns[1], row),
                              ToDecimal(columns[2].integer(row))});
    }
  }
}

Result<std::vector<DaySelection>> DuckDbRead::Split(const DaySelection& days) {
  PieceBuilder pieces(days);
  REVOPS_TRY_ASSIGN(Rows rows,
                    session_->Query(CountDaysQuery(context_.table, {days.ranges, false})));
  while (true) {
    REVOPS_TRY_ASSIGN(const auto chunk, rows.Fetch());
    if (!chunk) return pieces.Finish();
    const auto columns = ColumnsOf(*chunk);
    for (std::size_t row = 0; row < chunk->size(); ++row) {
      const auto day = ReadDate(columns[0], row);
      REVOPS_CHECK(day.has_value());
      pieces.Add(*day, ReadCount(columns[1], row));
    }
  }
}

Result<void> DuckDbRead::ReadDays(const DaySelection& days, sales::SaleSink& sink) {
  REVOPS_TRY_ASSIGN(const auto pieces, Split(days));
  for (const DaySelection& piece : pieces) REVOPS_TRY(ReadPiece(piece, sink));
  return {};
}

Result<void> DuckDbRead::ReadPiece(const DaySelection& piece, sales::SaleSink& sink) {
  REVOPS_TRY_ASSIGN(Rows rows, session_->Query(ReadDaysQuery(context_.table, piece)));
  while (true) {
    REVOPS_TRY_ASSIGN(const auto chunk, rows.Fetch());
    if (!chunk) return {};
    REVOPS_TRY(sink.Write(reader_.Read(*chunk)));
  }
}

Result<std::vector<cube::CubeCell>> DuckDbRead::AggregateDays(const DaySelection& days) {
  std::vector<cube::CubeCell> cells;
  REVOPS_TRY_ASSIGN(
      Rows rows, session_->Query(AggregateDaysQuery(context_.table, context_.definitions, days)));
  while (true) {
    REVOPS_TRY_ASSIGN(const auto chunk, rows.Fetch());
    if (!chunk) return cells;
    const auto columns = ColumnsOf(*chunk);
    for (std::size_t row = 0; row < chunk->size(); ++row) cells.push_back(ReadCell(columns, row));
  }
}

}  // namespace revops::warehouse
