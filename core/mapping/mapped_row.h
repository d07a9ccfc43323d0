#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/mapping/mapping.h"
#include "core/mapping/rates.h"
#include "core/mapping/total_rows.h"
#include "core/sales/sale.h"
#include "core/sales/schema.h"

namespace revops::mapping {

/// Why a row of a foreign file is not taken.
struct Refusal {
  std::string column;  ///< of the table: "AMOUNT"
  std::string reason;
};

/// Reads the texts of a foreign file as its mapping says, and holds them to the types and lengths
/// of the sales table, which the embedded engine does not enforce by itself.
class MappedRowReader {
 public:
  /// `rates`: turn amounts that name another currency into theirs; nullptr, or of another currency
  /// than the mapping's: such amounts are refused.
  /// Errors: kInvalidArgument naming the columns that the mapping wants and the file lacks.
  static Result<MappedRowReader> Make(const Mapping& mapping,
                                      const std::vector<std::string>& file_columns,
                                      const RateTable* rates);

  const sales::Schema& schema() const { return schema_; }
  /// The columns of the file that are read, ascending.
  const std::vector<std::size_t>& file_columns() const { return file_columns_; }

  /// `values` by file_columns(), row after row as the file has them. Returns why the row is
  /// refused, the first column's reason and then those of others; nullopt: `row` holds it.
  std::optional<Refusal> Read(std::span<const std::optional<std::string_view>> values,
                              sales::Sale& row);

  /// How many rows were turned into the report currency, by the currency that they name.
  const std::map<std::string, std::uint64_t>& converted() const { return converted_; }

 private:
  MappedRowReader() : schema_(sales::Schema::FctSales()) {}

  /// Where values stand in file_columns_: `sources` by column of the schema.
  void Place(std::vector<std::optional<std::size_t>> sources, std::optional<std::size_t> currency);
  /// Of a value that is no text, and is there. `currency` becomes what the amount carries, unless
  /// the row has said it.
  std::optional<std::string> ReadValue(std::size_t column, std::string_view text, sales::Sale& row,
                                       std::string& currency) const;
  std::optional<std::string> ReadId(std::string_view text, sales::Sale& row) const;
  std::optional<std::string> ReadAmount(std::string_view text, sales::Sale& row,
                                        std::string& currency) const;
  std::optional<std::string> ReadText(std::size_t column,
                                      const std::optional<std::string_view>& value,
                                      std::optional<std::string>& into) const;
  /// What only the whole row tells.
  std::optional<Refusal> Finish(const std::string& currency, sales::Sale& row);
  std::optional<std::string> TurnIntoCurrency(const std::string& currency, sales::Sale& row);

  Mapping mapping_;
  bool is_strict_ = false;  ///< as files with FCT_SALES's own columns have always been read
  sales::Schema schema_;
  std::vector<std::size_t> file_columns_;
  std::vector<std::optional<std::size_t>> places_;  ///< by column of the schema, in file_columns_
  std::optional<std::size_t> currency_place_;
  std::optional<std::string> currency_;  ///< that all amounts end up in
  const RateTable* rates_ = nullptr;
  std::map<std::string, std::uint64_t> converted_;
  TotalRows totals_;
};

}  // namespace revops::mapping
