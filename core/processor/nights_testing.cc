#include "core/processor/nights_testing.h"

#include <algorithm>
#include <utility>

#include "core/snapshot/verify.h"

namespace revops::processor {
namespace {

class Collector final : public sales::SaleSink {
 public:
  Result<void> Write(std::span<const sales::SaleView> rows) override {
    for (const sales::SaleView& row : rows) sales.push_back(ToSale(row));
    return {};
  }

  std::vector<sales::Sale> sales;
};

}  // namespace

sales::Sale MakeSale(const std::string& id, const char* date, std::int64_t cents,
                     const std::string& region) {
  sales::Sale sale;
  sale.id = id;
  if (date != nullptr) sale.sold_on = Date::Parse(date);
  sale.amount = Money::FromCents(cents);
  sale.texts = {"Sage 50", region, "Proposal", "Acme Corp", "Open"};
  return sale;
}

Truth TruthOf(const snapshot::Snapshot& snapshot) {
  const snapshot::Manifest& manifest = snapshot.manifest();
  return {manifest.content_hash, manifest.hash_kind, snapshot.cube().columns(),
          manifest.totals,       manifest.ledger,    manifest.business_date,
          manifest.parts,        manifest.views};
}

void Nights::Define(const sales::Definitions& definitions) {
  config.definitions = definitions;
  warehouse.definitions = definitions;
}

Result<RefreshReport> Nights::RefreshInto(store::ObjectStore& target,
                                          const RefreshRequest& request) {
  return processor::Refresh(warehouse, target, clock, config, request);
}

std::shared_ptr<const snapshot::Snapshot> Nights::Current() {
  const auto current = snapshot::OpenCurrent(store, nullptr);
  if (!current || !*current) return nullptr;
  EXPECT_EQ((*current)->degraded, std::nullopt);
  return (*current)->snapshot;
}

snapshot::Pointer Nights::Pointer() { return (*snapshot::ReadPointer(store))->pointer; }

std::vector<sales::Sale> Nights::RowsOf(const snapshot::Manifest& manifest) {
  Collector collector;
  EXPECT_TRUE(snapshot::ReadSnapshotRows(store, manifest, collector));
  return collector.sales;
}

Truth Nights::ScratchTruth() {
  store::MemoryObjectStore scratch(clock);
  const FakeWarehouse::Calls calls = warehouse.calls;
  const auto report = RefreshInto(scratch);
  warehouse.calls = calls;
  if (!report) {
    ADD_FAILURE() << Describe(report.error());
    return {};
  }
  return TruthOf(
      **snapshot::Snapshot::Open(scratch, report->snapshot_id, snapshot::Reading::kWhole));
}

void Nights::ExpectTruth() {
  const auto current = Current();
  ASSERT_TRUE(current);
  EXPECT_TRUE(TruthOf(*current) == ScratchTruth());
  if (current->manifest().hash_kind == snapshot::HashKind::kCube) return;
  std::vector<sales::Sale> expected = warehouse.rows();
  for (sales::Sale& sale : expected) sale.date_unrepresentable = false;
  std::sort(expected.begin(), expected.end(), [&](const sales::Sale& a, const sales::Sale& b) {
    std::vector<std::optional<std::string_view>> a_texts;
    std::vector<std::optional<std::string_view>> b_texts;
    return CompareCanonically(warehouse.schema, ToView(a, a_texts), ToView(b, b_texts)) < 0;
  });
  EXPECT_EQ(RowsOf(current->manifest()), expected);
}

void Nights::ExpectHistory(std::size_t count) {
  const auto verified = snapshot::Verify(store);
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->snapshots, count);
  for (const snapshot::Damage& damage : verified->damages) {
    ADD_FAILURE() << damage.key << ": " << damage.what;
  }
  const auto entries = snapshot::ListSnapshots(store);
  ASSERT_TRUE(entries);
  EXPECT_EQ(entries->size(), count);
  for (const snapshot::SnapshotEntry& entry : *entries) {
    ASSERT_TRUE(snapshot::Snapshot::Open(store, entry.id, snapshot::Reading::kWhole)) << entry.id;
    EXPECT_EQ(RowsOf(entry.manifest).size(), entry.manifest.row_count());
  }
}

}  // namespace revops::processor
