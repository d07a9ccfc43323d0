#pragma once

#include "core/cube/answer.h"

namespace revops::cube {

/// Adds the cells that the filter takes to a prepared answer, by scanning the date range.
void ScanCells(const CubeIndex& index, const DateSpan& span, CubeAnswer& answer);

}  // namespace revops::cube
