#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/date.h"

namespace revops::sales {

/// Values of one dimension; nullopt stands for the unknown group. An empty `include` takes all;
/// `exclude` is subtracted after that. Values are labels: already trimmed, aliased, folded.
struct Selection {
  std::vector<std::optional<std::string>> include;
  std::vector<std::optional<std::string>> exclude;

  bool is_everything() const { return include.empty() && exclude.empty(); }
  friend bool operator==(const Selection&, const Selection&) = default;
};

/// Which sales count: SALE_DATE in [from, to) and every dimension's selection. A bound that is set
/// leaves out undated sales.
struct Filter {
  std::optional<Date> from;
  std::optional<Date> to;
  std::vector<Selection> selections;  ///< as Schema::dimensions(); may be shorter

  bool is_everything() const;
  friend bool operator==(const Filter&, const Filter&) = default;
};

}  // namespace revops::sales
