#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/base/money.h"
#include "core/sales/normalize.h"
#include "core/sales/sale.h"

namespace revops::sales {

/// Why a row is remarkable; a row may have several reasons. In the order of answers.
enum class LedgerReason {
  kAmountMissing,
  kAmountZero,
  kAmountNegative,
  kRegionUnknown,
  kProductUnknown,
  kStageMissing,
  kStageUnlisted,
  kStatusUnknown,
  kDateMissing,  ///< no date as read: the unrepresentable ones count here as well
  kDateFuture,
  kDateUnrepresentable,
  kDuplicateIdentical,    ///< repeats another row wholly; the first of them does not count
  kDuplicateConflicting,  ///< shares its id with a different row; the first of them does not count
  kIdMissing,
};
inline constexpr std::size_t kLedgerReasonCount = 14;

/// "amount_missing" ….
std::string_view ToString(LedgerReason reason);
std::optional<LedgerReason> ParseLedgerReason(std::string_view text);

struct LedgerEntry {
  std::uint64_t rows = 0;
  Money amount;

  friend bool operator==(const LedgerEntry&, const LedgerEntry&) = default;
};

/// Rows and amount by reason; ledgers of disjoint sets of rows add up.
struct Ledger {
  std::array<LedgerEntry, kLedgerReasonCount> entries;

  LedgerEntry& operator[](LedgerReason reason) { return entries[static_cast<std::size_t>(reason)]; }
  const LedgerEntry& operator[](LedgerReason reason) const {
    return entries[static_cast<std::size_t>(reason)];
  }
  Ledger& operator+=(const Ledger& other);
  friend bool operator==(const Ledger&, const Ledger&) = default;
};

/// Counts rows that arrive in canonical order (duplicates are found because equal ids of one date
/// are neighbours). Reasons that need more than one date or the business date — the future, ids
/// that occur on several dates — are not counted here.
class LedgerBuilder {
 public:
  LedgerBuilder(const Schema& schema, Normalizer& normalizer);

  void Add(const SaleView& row);
  const Ledger& ledger() const { return ledger_; }

 private:
  void Count(LedgerReason reason, const SaleView& row);
  void CountAmount(const SaleView& row);
  void CountLabels(const SaleView& row);
  void CountDuplicate(const SaleView& row);
  void Remember(const SaleView& row);

  const Schema& schema_;
  Normalizer& normalizer_;
  Ledger ledger_;
  std::optional<Sale> previous_;  ///< the last row with an id, its strings reused
  std::vector<std::optional<std::string_view>> previous_texts_;
};

}  // namespace revops::sales
