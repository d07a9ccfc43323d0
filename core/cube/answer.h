#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/cube/cube.h"
#include "core/sales/filter.h"

namespace revops::cube {

/// A cube's columns with what every query needs of them.
struct CubeIndex {
  explicit CubeIndex(CubeColumns of);

  /// `code_of(dimension)` is a cell's code.
  template <class CodeOf>
  sales::Status status_of(CodeOf code_of) const {
    return status_dimension ? statuses[code_of(*status_dimension)] : sales::Status::kUnknown;
  }
  std::size_t dimension_count() const { return columns.dictionaries.size(); }
  /// The date code of undated cells.
  std::uint32_t undated_code() const { return static_cast<std::uint32_t>(columns.dates.size()); }

  CubeColumns columns;
  std::vector<sales::Status> statuses;  ///< by code of the status dimension
  std::optional<std::size_t> status_dimension;
  std::vector<std::optional<Date>> months;   ///< first days of the months that occur, then undated
  std::vector<std::uint32_t> month_of_date;  ///< by date code: index into months
};

/// Date codes that a filter's bounds take.
struct DateSpan {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool undated = false;
};
DateSpan SpanOf(const CubeIndex& index, const sales::Filter& filter);

/// Gives the answer a group for every code, marked as selected or not, and every month; all empty.
void PrepareAnswer(const CubeIndex& index, const sales::Filter& filter, CubeAnswer& answer);
/// Leaves only the groups and months that have rows.
void FinishAnswer(CubeAnswer& answer);

/// Where a cell counts: under the whole filter, in one dimension's own totals, or nowhere.
class Admission {
 public:
  static constexpr std::size_t kEverywhere = static_cast<std::size_t>(-1);
  static constexpr std::size_t kNowhere = static_cast<std::size_t>(-2);

  /// `code_of(dimension)` is the cell's code.
  template <class CodeOf>
  static std::size_t Of(const CubeAnswer& answer, CodeOf code_of) {
    std::size_t admitted = kEverywhere;
    for (std::size_t i = 0; i < answer.dimensions.size(); ++i) {
      if (answer.dimensions[i][code_of(i)].selected) continue;
      if (admitted != kEverywhere) return kNowhere;
      admitted = i;
    }
    return admitted;
  }
};

/// Adds a cell's tally to the answer's totals and groups (months are the engine's).
template <class CodeOf>
void AddCell(CubeAnswer& answer, std::size_t admitted, sales::Status status, const Tally& tally,
             CodeOf code_of) {
  if (admitted != Admission::kEverywhere) {
    answer.dimensions[admitted][code_of(admitted)].totals[status] += tally;
    return;
  }
  answer.totals[status] += tally;
  for (std::size_t i = 0; i < answer.dimensions.size(); ++i) {
    answer.dimensions[i][code_of(i)].totals[status] += tally;
  }
}

}  // namespace revops::cube
