#pragma once

#include <string>
#include <string_view>

#include "core/sales/normalize.h"

namespace revops::mapping {

/// A column that the file of refused rows has besides those of the file: no part of its shape, so
/// that a mended file can be dropped again.
inline bool is_refused_column(std::string_view name) {
  const std::string folded = sales::Fold(sales::Trim(name));
  return folded == "refused_line" || folded == "refused_because";
}

}  // namespace revops::mapping
