#include "core/cube/prefix_sums.h"

#include <algorithm>
#include <utility>

#include "core/cube/accumulator.h"

namespace revops::cube {
namespace {

/// The combinations of codes that occur, and which one each cell has.
struct Combinations {
  std::vector<std::vector<std::uint32_t>> codes;  ///< by dimension
  std::vector<std::uint32_t> of_cell;
  std::size_t count = 0;
};

Combinations CombinationsOf(const CubeColumns& columns) {
  Combinations combinations;
  combinations.codes.resize(columns.codes.size());
  CellTable table(columns.codes.size());
  std::vector<std::uint32_t> key(columns.codes.size());
  for (std::size_t cell = 0; cell < columns.cell_count(); ++cell) {
    for (std::size_t i = 0; i < key.size(); ++i) key[i] = columns.codes[i][cell];
    combinations.of_cell.push_back(table.CellOf(std::nullopt, key));
    if (combinations.of_cell.back() < combinations.count) continue;
    ++combinations.count;
    for (std::size_t i = 0; i < key.size(); ++i) combinations.codes[i].push_back(key[i]);
  }
  return combinations;
}

Tally operator-(const Tally& a, const Tally& b) {
  return {a.deals - b.deals, a.priced - b.priced, a.amount - b.amount};
}

}  // namespace

std::optional<PrefixSums> PrefixSums::Build(const CubeIndex& index) {
  const CubeColumns& columns = index.columns;
  Combinations combinations = CombinationsOf(columns);
  const std::size_t boundary_count = columns.dates.size() + 2;  // the undated come last
  if (combinations.count > kEntriesMax / boundary_count) return std::nullopt;

  PrefixSums sums;
  sums.combination_count_ = combinations.count;
  sums.codes_ = std::move(combinations.codes);
  sums.sums_.resize(boundary_count * combinations.count);
  for (std::size_t cell = 0; cell < columns.cell_count(); ++cell) {
    const std::size_t boundary = columns.date_codes[cell] + 1;
    sums.sums_[boundary * combinations.count + combinations.of_cell[cell]] = {
        columns.rows[cell], columns.priced[cell], Money::FromCents(columns.cents[cell])};
  }
  for (std::size_t i = combinations.count; i < sums.sums_.size(); ++i) {
    sums.sums_[i] += sums.sums_[i - combinations.count];
  }
  for (std::uint32_t month = 0; month < index.months.size(); ++month) {
    const auto first =
        std::lower_bound(index.month_of_date.begin(), index.month_of_date.end(), month);
    sums.month_starts_.push_back(static_cast<std::uint32_t>(first - index.month_of_date.begin()));
  }
  sums.month_starts_.push_back(index.undated_code() + 1);
  return sums;
}

bool PrefixSums::pays_off(const CubeIndex& index) const {
  return combination_count_ * (index.months.size() + 1) < index.columns.cell_count();
}

Tally PrefixSums::Between(std::size_t combination, std::uint32_t begin, std::uint32_t end) const {
  return sums_[end * combination_count_ + combination] -
         sums_[begin * combination_count_ + combination];
}

void PrefixSums::Add(const CubeIndex& index, const DateSpan& span, CubeAnswer& answer) const {
  const std::uint32_t undated = index.undated_code();
  for (std::size_t i = 0; i < combination_count_; ++i) {
    const auto code_of = [&](std::size_t dimension) { return codes_[dimension][i]; };
    const std::size_t admitted = Admission::Of(answer, code_of);
    if (admitted == Admission::kNowhere) continue;
    Tally tally = Between(i, span.begin, span.end);
    if (span.undated) tally += Between(i, undated, undated + 1);
    if (tally.deals == 0) continue;
    const sales::Status status = index.status_of(code_of);
    AddCell(answer, admitted, status, tally, code_of);
    if (admitted == Admission::kEverywhere) AddMonths(index, span, i, status, answer);
  }
}

void PrefixSums::AddMonths(const CubeIndex& index, const DateSpan& span, std::size_t combination,
                           sales::Status status, CubeAnswer& answer) const {
  const std::uint32_t undated = index.undated_code();
  for (std::size_t month = 0; month + 1 < index.months.size(); ++month) {
    const std::uint32_t begin = std::max(span.begin, month_starts_[month]);
    const std::uint32_t end = std::min(span.end, month_starts_[month + 1]);
    if (begin < end) answer.months[month].totals[status] += Between(combination, begin, end);
  }
  if (span.undated) {
    answer.months.back().totals[status] += Between(combination, undated, undated + 1);
  }
}

}  // namespace revops::cube
