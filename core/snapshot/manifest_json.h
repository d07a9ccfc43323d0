#pragma once

#include <string_view>

#include "core/base/json_document.h"
#include "core/base/json_writer.h"
#include "core/cube/tally.h"
#include "core/sales/ledger.h"
#include "core/snapshot/manifest.h"

namespace revops::snapshot {

/// Whether `text` is a SHA-256 in 64 lower-case hex digits.
bool is_sha256(std::string_view text);
/// "20261122T020000Z-1a2b3c4d".
bool is_manifest_id(std::string_view text);

void WriteTotals(JsonWriter& json, const cube::StatusTotals& totals);
cube::StatusTotals ReadTotals(const JsonValue& value);
/// Reasons with rows only.
void WriteLedger(JsonWriter& json, const sales::Ledger& ledger);
sales::Ledger ReadLedger(const JsonValue& parent);

}  // namespace revops::snapshot
