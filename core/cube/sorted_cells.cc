#include "core/cube/sorted_cells.h"

#include <algorithm>

namespace revops::cube {
namespace {

void ScanDates(const CubeIndex& index, std::uint32_t begin, std::uint32_t end, CubeAnswer& answer) {
  const CubeColumns& columns = index.columns;
  const auto position = [&](std::uint32_t date_code) {
    return static_cast<std::size_t>(
        std::lower_bound(columns.date_codes.begin(), columns.date_codes.end(), date_code) -
        columns.date_codes.begin());
  };
  const std::size_t last = position(end);
  for (std::size_t cell = position(begin); cell < last; ++cell) {
    const auto code_of = [&](std::size_t dimension) { return columns.codes[dimension][cell]; };
    const std::size_t admitted = Admission::Of(answer, code_of);
    if (admitted == Admission::kNowhere) continue;
    const sales::Status status = index.status_of(code_of);
    const Tally tally{columns.rows[cell], columns.priced[cell],
                      Money::FromCents(columns.cents[cell])};
    AddCell(answer, admitted, status, tally, code_of);
    if (admitted == Admission::kEverywhere) {
      answer.months[index.month_of_date[columns.date_codes[cell]]].totals[status] += tally;
    }
  }
}

}  // namespace

void ScanCells(const CubeIndex& index, const DateSpan& span, CubeAnswer& answer) {
  ScanDates(index, span.begin, span.end, answer);
  if (span.undated) ScanDates(index, index.undated_code(), index.undated_code() + 1, answer);
}

}  // namespace revops::cube
