#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/sales/definitions.h"
#include "core/warehouse/snowflake/client.h"
#include "core/warehouse/snowflake/dialect.h"
#include "core/warehouse/snowflake/type_map.h"
#include "core/warehouse/warehouse.h"

namespace revops::warehouse {

/// What a read goes by.
struct SnowflakeReadContext {
  std::shared_ptr<const SnowflakeTable> table;
  const sales::Definitions& definitions;
  const Clock& clock;
  Instant began_at;
  std::optional<ChangeToken> token;  ///< read before the state's instant
  TableState state;
  std::stop_token stop;
};

/// The table's change token; nullopt where Snowflake cannot tell (a view over several tables).
Result<std::optional<ChangeToken>> ReadChangeToken(SnowflakeClient& client,
                                                   const StatementBounds& bounds);

/// The server's time.
Result<ServerInstant> ReadServerTime(SnowflakeClient& client, const StatementBounds& bounds);

/// Bounds of a statement of the nightly job.
StatementBounds ReadBounds(const Clock& clock, std::stop_token stop);

/// See SnowflakeWarehouse.
class SnowflakeRead final : public WarehouseRead {
 public:
  SnowflakeRead(SnowflakeClient& client, SnowflakeReadContext context)
      : client_(client), context_(std::move(context)), state_(context_.state) {}

  Instant began_at() const override { return context_.began_at; }
  const sales::Schema& schema() const override { return context_.table->schema; }
  std::optional<ChangeToken> change_token() const override { return context_.token; }
  Result<DayDigests> ReadDayDigests() override;
  Result<void> ReadDays(const DaySelection& days, sales::SaleSink& sink) override;
  Result<std::vector<cube::CubeCell>> AggregateDays(const DaySelection& days) override;

 private:
  /// Runs what `make` writes for a state, on the state of this read.
  template <class Make>
  Result<void> Execute(Make&& make, ResultSink& sink);
  Result<void> CheckToken();

  SnowflakeClient& client_;
  const SnowflakeReadContext context_;
  TableState state_;  ///< without an instant where the table keeps no history
};

}  // namespace revops::warehouse
