#include "core/sales/ledger.h"

namespace revops::sales {
namespace {

constexpr std::array<std::string_view, kLedgerReasonCount> kNames = {
    "amount_missing",        "amount_zero",   "amount_negative",      "region_unknown",
    "product_unknown",       "stage_missing", "stage_unlisted",       "status_unknown",
    "date_missing",          "date_future",   "date_unrepresentable", "duplicate_identical",
    "duplicate_conflicting", "id_missing",
};

/// Into the storage that is there: this is done for every row.
void Assign(const std::optional<std::string_view>& text, std::optional<std::string>& kept) {
  if (!text) {
    kept.reset();
  } else if (kept) {
    kept->assign(*text);
  } else {
    kept.emplace(*text);
  }
}

}  // namespace

std::string_view ToString(LedgerReason reason) { return kNames[static_cast<std::size_t>(reason)]; }

std::optional<LedgerReason> ParseLedgerReason(std::string_view text) {
  for (std::size_t i = 0; i < kLedgerReasonCount; ++i) {
    if (kNames[i] == text) return static_cast<LedgerReason>(i);
  }
  return std::nullopt;
}

Ledger& Ledger::operator+=(const Ledger& other) {
  for (std::size_t i = 0; i < kLedgerReasonCount; ++i) {
    entries[i].rows += other.entries[i].rows;
    entries[i].amount += other.entries[i].amount;
  }
  return *this;
}

LedgerBuilder::LedgerBuilder(const Schema& schema, Normalizer& normalizer)
    : schema_(schema), normalizer_(normalizer) {}

void LedgerBuilder::Add(const SaleView& row) {
  CountAmount(row);
  CountLabels(row);
  if (!row.sold_on) Count(LedgerReason::kDateMissing, row);
  if (row.date_unrepresentable) Count(LedgerReason::kDateUnrepresentable, row);
  CountDuplicate(row);
}

void LedgerBuilder::Count(LedgerReason reason, const SaleView& row) {
  LedgerEntry& entry = ledger_[reason];
  ++entry.rows;
  if (row.amount) entry.amount += *row.amount;
}

void LedgerBuilder::CountAmount(const SaleView& row) {
  if (!row.amount) {
    Count(LedgerReason::kAmountMissing, row);
  } else if (row.amount->cents() == 0) {
    Count(LedgerReason::kAmountZero, row);
  } else if (row.amount->cents() < 0) {
    Count(LedgerReason::kAmountNegative, row);
  }
}

void LedgerBuilder::CountLabels(const SaleView& row) {
  const auto label = [&](std::size_t dimension) {
    return normalizer_.Label(dimension, row.texts[schema_.dimensions()[dimension]]);
  };
  if (!label(schema_.region_dimension())) Count(LedgerReason::kRegionUnknown, row);
  if (!label(schema_.product_dimension())) Count(LedgerReason::kProductUnknown, row);
  const auto stage = label(schema_.stage_dimension());
  if (!stage) {
    Count(LedgerReason::kStageMissing, row);
  } else if (normalizer_.is_unlisted_stage(*stage)) {
    Count(LedgerReason::kStageUnlisted, row);
  }
  if (label(schema_.status_dimension()) == ToString(Status::kUnknown)) {
    Count(LedgerReason::kStatusUnknown, row);
  }
}

void LedgerBuilder::CountDuplicate(const SaleView& row) {
  if (!row.id) {
    Count(LedgerReason::kIdMissing, row);
    return;
  }
  if (previous_ && previous_->id == row.id && previous_->sold_on == row.sold_on) {
    const SaleView previous = ToView(*previous_, previous_texts_);
    const bool is_identical = CompareCanonically(schema_, previous, row) == 0;
    Count(is_identical ? LedgerReason::kDuplicateIdentical : LedgerReason::kDuplicateConflicting,
          row);
    if (is_identical) return;
  }
  Remember(row);
}

void LedgerBuilder::Remember(const SaleView& row) {
  if (!previous_) {
    previous_ = ToSale(row);
    return;
  }
  Assign(row.id, previous_->id);
  previous_->sold_on = row.sold_on;
  previous_->amount = row.amount;
  for (std::size_t i = 0; i < row.texts.size(); ++i) Assign(row.texts[i], previous_->texts[i]);
}

}  // namespace revops::sales
