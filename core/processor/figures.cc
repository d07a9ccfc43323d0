#include "core/processor/figures.h"

#include <utility>

#include "core/snapshot/views.h"

namespace revops::processor {
namespace {

Unexpected DoesNotAddUp(const std::string& what) {
  return Fail(ErrorCode::kInternal, what + " do not add up; nothing was published");
}

Result<void> CheckGroups(const FiguresInputs& inputs, const cube::CubeAnswer& answer) {
  for (std::size_t i = 0; i < answer.dimensions.size(); ++i) {
    cube::StatusTotals sum;
    for (const cube::Group& group : answer.dimensions[i]) sum += group.totals;
    if (sum != answer.totals) {
      return DoesNotAddUp("the groups by " + inputs.schema.dimension_name(i));
    }
  }
  cube::StatusTotals sum;
  for (const cube::CubeAnswer::Month& month : answer.months) sum += month.totals;
  if (sum != answer.totals) return DoesNotAddUp("the groups by month");
  return {};
}

Result<void> CheckParts(const FiguresInputs& inputs, const cube::CubeAnswer& answer) {
  std::map<std::string, std::uint64_t> counted;
  std::uint64_t rows = 0;
  for (const snapshot::Part& part : inputs.parts) {
    counted[part.month] += part.rows;
    rows += part.rows;
  }
  if (counted != inputs.rows_by_month) return DoesNotAddUp("the rows read and the rows counted");
  if (rows != answer.totals.total().deals) return DoesNotAddUp("the rows of the parts");
  return {};
}

/// Rows of a dimension's unknown group.
std::uint64_t UnknownRows(const cube::CubeAnswer& answer, std::size_t dimension) {
  const auto& groups = answer.dimensions[dimension];
  return groups.empty() || groups.front().code != 0 ? 0 : groups.front().totals.total().deals;
}

std::uint64_t UndatedRows(const cube::CubeAnswer& answer) {
  if (answer.months.empty() || answer.months.back().first_on) return 0;
  return answer.months.back().totals.total().deals;
}

/// What a figure leaves out stands in the ledger, which counts rows on a way of its own.
Result<void> CheckLedger(const FiguresInputs& inputs, const cube::CubeAnswer& answer,
                         const sales::Ledger& ledger) {
  using enum sales::LedgerReason;
  const cube::Tally total = answer.totals.total();
  const bool adds_up =
      total.priced + ledger[kAmountMissing].rows == total.deals &&
      ledger[kDateMissing].rows == UndatedRows(answer) &&
      ledger[kRegionUnknown].rows == UnknownRows(answer, inputs.schema.region_dimension()) &&
      ledger[kProductUnknown].rows == UnknownRows(answer, inputs.schema.product_dimension()) &&
      ledger[kStageMissing].rows == UnknownRows(answer, inputs.schema.stage_dimension()) &&
      ledger[kStatusUnknown].rows == answer.totals[sales::Status::kUnknown].deals;
  if (!adds_up) return DoesNotAddUp("the ledger's rows");
  for (const sales::LedgerEntry& entry : ledger.entries) {
    if (entry.rows > total.deals) return DoesNotAddUp("the ledger's rows");
  }
  return {};
}

}  // namespace

Result<void> CheckFigures(const FiguresInputs& inputs, const cube::CubeAnswer& answer,
                          const sales::Ledger& ledger) {
  REVOPS_TRY(CheckGroups(inputs, answer));
  REVOPS_TRY(CheckParts(inputs, answer));
  return CheckLedger(inputs, answer, ledger);
}

Result<Figures> ComputeFigures(const FiguresInputs& inputs, cube::CubeColumns columns,
                               const snapshot::LoadObject& load) {
  const cube::Cube cube(std::move(columns));
  Figures figures;
  REVOPS_TRY_ASSIGN(figures.ledger,
                    snapshot::CompleteLedger(
                        {inputs.schema, inputs.parts, cube.columns(), inputs.business_date}, load));
  cube::CubeAnswer answer;
  cube.Query({}, answer);
  figures.totals = answer.totals;
  REVOPS_TRY(CheckFigures(inputs, answer, figures.ledger));
  for (const std::string& name : snapshot::ViewNames(inputs.schema)) {
    std::string json;
    snapshot::AppendView(json, name, answer, {inputs.schema, inputs.definitions, cube});
    figures.views.emplace(name, snapshot::EncodeObject(json, "json.zst"));
  }
  return figures;
}

}  // namespace revops::processor
