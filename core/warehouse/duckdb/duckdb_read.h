#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/sales/definitions.h"
#include "core/warehouse/duckdb/row_reader.h"
#include "core/warehouse/duckdb/session.h"
#include "core/warehouse/duckdb/type_map.h"
#include "core/warehouse/warehouse.h"

namespace revops::warehouse {

struct DuckDbReadContext {
  SalesTable table;
  sales::Definitions definitions;
  Instant began_at;
  std::optional<ChangeToken> change_token;
  std::optional<std::string> origin;
};

/// A read inside one transaction, which its session holds open.
class DuckDbRead final : public WarehouseRead {
 public:
  DuckDbRead(std::unique_ptr<Session> session, DuckDbReadContext context);

  Instant began_at() const override { return context_.began_at; }
  const sales::Schema& schema() const override { return context_.table.schema; }
  std::optional<std::string> origin() const override { return context_.origin; }
  std::optional<ChangeToken> change_token() const override { return context_.change_token; }
  Result<DayDigests> ReadDayDigests() override;
  Result<void> ReadDays(const DaySelection& days, sales::SaleSink& sink) override;
  Result<std::vector<cube::CubeCell>> AggregateDays(const DaySelection& days) override;

 private:
  /// The selection in pieces of few enough rows to be sorted in little memory.
  Result<std::vector<DaySelection>> Split(const DaySelection& days);
  Result<void> ReadPiece(const DaySelection& piece, sales::SaleSink& sink);

  std::unique_ptr<Session> session_;
  DuckDbReadContext context_;
  RowReader reader_;
};

}  // namespace revops::warehouse
