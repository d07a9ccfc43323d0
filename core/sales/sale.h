#pragma once

#include <compare>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/date.h"
#include "core/base/money.h"
#include "core/base/result.h"
#include "core/sales/schema.h"

namespace revops::sales {

/// One row as it stands in the table; every value may be NULL. Views: valid during the call that
/// receives it.
struct SaleView {
  std::optional<std::string_view> id;  ///< a number in shortest decimal, or text
  std::optional<Date> sold_on;         ///< representable (years 0001–9999), or NULL
  std::optional<Money> amount;
  std::span<const std::optional<std::string_view>> texts;  ///< as Schema::texts()
  /// The table holds a date that is none of the representable ones; sold_on is NULL.
  bool date_unrepresentable = false;
};

/// The same, owning its values.
struct Sale {
  std::optional<std::string> id;
  std::optional<Date> sold_on;
  std::optional<Money> amount;
  std::vector<std::optional<std::string>> texts;
  bool date_unrepresentable = false;

  friend bool operator==(const Sale&, const Sale&) = default;
};

/// `texts` holds the views' storage and must outlive the result.
SaleView ToView(const Sale& sale, std::vector<std::optional<std::string_view>>& texts);
Sale ToSale(const SaleView& view);

/// Receives rows in order; a failure stops the reader, which passes it on.
class SaleSink {
 public:
  virtual ~SaleSink() = default;
  virtual Result<void> Write(std::span<const SaleView> rows) = 0;
};

/// Canonical order: SALE_DATE, SALE_ID (numeric for numeric ids, else bytewise), then the other
/// columns in table order, amounts numerically and texts bytewise; NULL last everywhere.
std::strong_ordering CompareCanonically(const Schema& schema, const SaleView& a, const SaleView& b);

/// Ids as the schema orders them: shortest decimals by value, texts bytewise.
std::strong_ordering CompareIds(const Schema& schema, std::string_view a, std::string_view b);

}  // namespace revops::sales
