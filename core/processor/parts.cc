#include "core/processor/parts.h"

#include <algorithm>
#include <utility>

#include "core/processor/changes.h"

namespace revops::processor {
namespace {

/// Passes rows on, counts them, and stops when asked to.
class CountingSink final : public sales::SaleSink {
 public:
  CountingSink(sales::SaleSink& next, Progress& progress) : next_(next), progress_(progress) {}

  Result<void> Write(std::span<const sales::SaleView> rows) override {
    REVOPS_TRY(progress_.CheckStop());
    REVOPS_TRY(next_.Write(rows));
    progress_.Advance(rows.size());
    return {};
  }

 private:
  sales::SaleSink& next_;
  Progress& progress_;
};

/// The cube among a part's objects.
Result<cube::CubeColumns> CubeOf(const snapshot::EncodedPart& encoded) {
  const auto object = std::find_if(
      encoded.objects.begin(), encoded.objects.end(),
      [&](const auto& candidate) { return candidate.ref == encoded.part.cube_object; });
  if (object == encoded.objects.end()) {
    return Fail(ErrorCode::kInternal, "a part came without its cube");
  }
  REVOPS_TRY_ASSIGN(const std::string bytes, snapshot::DecodeObject(object->bytes, object->ref));
  return snapshot::DecodeCube(bytes);
}

}  // namespace

Result<void> Parts::Share(const snapshot::Part& part) {
  REVOPS_TRY(context_.progress.CheckStop());
  REVOPS_TRY_ASSIGN(const std::string bytes, context_.load(part.cube_object));
  REVOPS_TRY_ASSIGN(cube::CubeColumns cube, snapshot::DecodeCube(bytes));
  entries_.insert_or_assign(part.month, Entry{part, std::move(cube)});
  context_.progress.Advance(1);
  return {};
}

Result<void> Parts::Renormalize(const snapshot::Part& part) {
  REVOPS_TRY(context_.progress.CheckStop());
  REVOPS_TRY_ASSIGN(const std::string csv, context_.load(*part.rows_object));
  // The rows object shows a date that no snapshot can hold as none; only the ledger remembers.
  const auto unrepresentable = part.ledger[sales::LedgerReason::kDateUnrepresentable];
  snapshot::PartWriter writer(
      context_.schema, context_.definitions, [&](snapshot::EncodedPart encoded) {
        encoded.part.ledger[sales::LedgerReason::kDateUnrepresentable] = unrepresentable;
        return Add(std::move(encoded));
      });
  REVOPS_TRY(snapshot::ReadRows(csv, context_.schema, writer));
  REVOPS_TRY(writer.Finish());
  context_.progress.Advance(1);
  return {};
}

Result<void> Parts::ReadRows(warehouse::WarehouseRead& read, const warehouse::DaySelection& days) {
  snapshot::PartWriter writer(
      context_.schema, context_.definitions,
      [this](snapshot::EncodedPart encoded) { return Add(std::move(encoded)); });
  CountingSink sink(writer, context_.progress);
  REVOPS_TRY(read.ReadDays(days, sink));
  return writer.Finish();
}

Result<void> Parts::ReadTotals(warehouse::WarehouseRead& read,
                               const warehouse::DaySelection& days) {
  REVOPS_TRY_ASSIGN(std::vector<cube::CubeCell> cells, read.AggregateDays(days));
  std::map<std::string, std::vector<cube::CubeCell>> by_month;
  for (cube::CubeCell& cell : cells) {
    by_month[MonthName(cell.sold_on)].push_back(std::move(cell));
  }
  for (const auto& [month, month_cells] : by_month) {
    REVOPS_TRY(context_.progress.CheckStop());
    snapshot::EncodedPart encoded = snapshot::EncodeCubePart(
        month, context_.schema, cube::FromCells(context_.schema, month_cells),
        context_.definitions);
    context_.progress.Advance(encoded.part.rows);
    REVOPS_TRY(Add(std::move(encoded)));
  }
  return {};
}

Result<void> Parts::Add(snapshot::EncodedPart encoded) {
  for (const snapshot::EncodedObject& object : encoded.objects) {
    REVOPS_TRY(context_.progress.CheckStop());
    REVOPS_TRY(context_.publication.Put(object));
  }
  REVOPS_TRY_ASSIGN(cube::CubeColumns cube, CubeOf(encoded));
  const std::string month = encoded.part.month;
  entries_.insert_or_assign(month, Entry{std::move(encoded.part), std::move(cube)});
  ++written_count_;
  return {};
}

std::vector<snapshot::Part> Parts::parts() const {
  std::vector<snapshot::Part> parts;
  for (const auto& [month, entry] : entries_) parts.push_back(entry.part);
  return parts;
}

cube::CubeColumns Parts::MergeCubes() const {
  if (entries_.empty()) return cube::FromCells(context_.schema, {});
  std::vector<const cube::CubeColumns*> cubes;
  for (const auto& [month, entry] : entries_) cubes.push_back(&entry.cube);
  return cube::Merge(cubes);
}

}  // namespace revops::processor
