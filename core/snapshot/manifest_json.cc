#include "core/snapshot/manifest_json.h"

#include <algorithm>

namespace revops::snapshot {
namespace {

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace

bool is_sha256(std::string_view text) { return text.size() == 64 && is_hex(text); }

bool is_manifest_id(std::string_view text) {
  constexpr std::string_view kShape = "00000000T000000Z-";
  if (text.size() != kShape.size() + 8 || !is_hex(text.substr(kShape.size()))) return false;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    const bool is_digit = text[i] >= '0' && text[i] <= '9';
    if (kShape[i] == '0' ? !is_digit : text[i] != kShape[i]) return false;
  }
  return true;
}

void WriteTotals(JsonWriter& json, const cube::StatusTotals& totals) {
  json.Begin('{');
  for (const sales::Status status : sales::kStatuses) {
    json.Key(sales::ToString(status)).Begin('{');
    json.Key("deals").Count(totals[status].deals);
    json.Key("priced").Count(totals[status].priced);
    json.Key("amount").Amount(totals[status].amount);
    json.End('}');
  }
  json.End('}');
}

cube::StatusTotals ReadTotals(const JsonValue& value) {
  cube::StatusTotals totals;
  for (const sales::Status status : sales::kStatuses) {
    const JsonValue tally = value.Object(sales::ToString(status));
    totals[status] = {tally.Count("deals"), tally.Count("priced"), tally.Amount("amount")};
    if (totals[status].priced > totals[status].deals) {
      tally.Refuse("has more priced rows than rows");
    }
  }
  return totals;
}

void WriteLedger(JsonWriter& json, const sales::Ledger& ledger) {
  json.Begin('{');
  for (std::size_t i = 0; i < sales::kLedgerReasonCount; ++i) {
    const auto reason = static_cast<sales::LedgerReason>(i);
    if (ledger[reason] == sales::LedgerEntry()) continue;
    json.Key(sales::ToString(reason)).Begin('{');
    json.Key("rows").Count(ledger[reason].rows);
    json.Key("amount").Amount(ledger[reason].amount);
    json.End('}');
  }
  json.End('}');
}

sales::Ledger ReadLedger(const JsonValue& parent) {
  sales::Ledger ledger;
  for (const auto& [name, entry] : parent.Map("ledger")) {
    const auto reason = sales::ParseLedgerReason(name);
    if (reason) ledger[*reason] = {entry.Count("rows"), entry.Amount("amount")};
  }
  return ledger;
}

}  // namespace revops::snapshot
