#include <utility>

#include "core/sales/normalize.h"
#include "core/snapshot/part.h"

namespace revops::snapshot {
namespace {

/// The ledger as far as cells tell it: reasons that hang on one row's amount or id are not in them.
class CellLedger {
 public:
  CellLedger(const sales::Schema& schema, const sales::Definitions& definitions,
             const cube::CubeColumns& cube)
      : schema_(schema), cube_(cube), normalizer_(schema, definitions) {}

  sales::Ledger Count() {
    for (std::size_t cell = 0; cell < cube_.cell_count(); ++cell) CountCell(cell);
    return ledger_;
  }

 private:
  void CountCell(std::size_t cell) {
    const std::uint64_t unpriced = cube_.rows[cell] - cube_.priced[cell];
    ledger_[sales::LedgerReason::kAmountMissing].rows += unpriced;
    if (code(schema_.region_dimension(), cell) == 0) {
      Add(sales::LedgerReason::kRegionUnknown, cell);
    }
    if (code(schema_.product_dimension(), cell) == 0) {
      Add(sales::LedgerReason::kProductUnknown, cell);
    }
    if (code(schema_.stage_dimension(), cell) == 0) {
      Add(sales::LedgerReason::kStageMissing, cell);
    } else if (normalizer_.is_unlisted_stage(label(schema_.stage_dimension(), cell))) {
      Add(sales::LedgerReason::kStageUnlisted, cell);
    }
    if (label(schema_.status_dimension(), cell) == sales::ToString(sales::Status::kUnknown)) {
      Add(sales::LedgerReason::kStatusUnknown, cell);
    }
    if (cube_.date_codes[cell] >= cube_.dates.size()) Add(sales::LedgerReason::kDateMissing, cell);
  }

  std::uint32_t code(std::size_t dimension, std::size_t cell) const {
    return cube_.codes[dimension][cell];
  }
  std::string_view label(std::size_t dimension, std::size_t cell) const {
    const std::uint32_t value = code(dimension, cell);
    return value == 0 ? std::string_view{} : cube_.dictionaries[dimension].values[value - 1];
  }
  void Add(sales::LedgerReason reason, std::size_t cell) {
    ledger_[reason].rows += cube_.rows[cell];
    ledger_[reason].amount += Money::FromCents(cube_.cents[cell]);
  }

  const sales::Schema& schema_;
  const cube::CubeColumns& cube_;
  sales::Normalizer normalizer_;
  sales::Ledger ledger_;
};

}  // namespace

EncodedPart EncodeCubePart(std::string month, const sales::Schema& schema,
                           const cube::CubeColumns& cube, const sales::Definitions& definitions) {
  EncodedPart encoded;
  encoded.part.month = std::move(month);
  for (const std::uint64_t rows : cube.rows) encoded.part.rows += rows;
  encoded.part.ledger = CellLedger(schema, definitions, cube).Count();
  encoded.objects.push_back(EncodeObject(EncodeCube(cube), "cube.zst"));
  encoded.part.cube_object = encoded.objects.back().ref;
  return encoded;
}

cube::StatusTotals TotalsOf(const sales::Schema& schema, const cube::CubeColumns& cube) {
  const auto& values = cube.dictionaries[schema.status_dimension()].values;
  std::vector<sales::Status> statuses = {sales::Status::kUnknown};
  for (const std::string& value : values) {
    statuses.push_back(sales::ParseStatus(value).value_or(sales::Status::kUnknown));
  }
  cube::StatusTotals totals;
  for (std::size_t i = 0; i < cube.cell_count(); ++i) {
    const std::uint32_t code = cube.codes[schema.status_dimension()][i];
    totals[statuses[code]] +=
        cube::Tally{cube.rows[i], cube.priced[i], Money::FromCents(cube.cents[i])};
  }
  return totals;
}

}  // namespace revops::snapshot
