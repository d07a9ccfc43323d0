#pragma once

#include <string>
#include <vector>

#include <rapidcheck.h>

#include "core/base/date.h"
#include "core/cube/tally.h"
#include "core/sales/definitions.h"
#include "core/sales/sale.h"
#include "core/warehouse/warehouse.h"

namespace revops::warehouse {

/// A row of the eight columns; fields are set where they matter.
sales::Sale MakeSale(const std::string& id, Date sold_on);

/// Rows with NULLs, blanks, nasty texts, repeated ids and equal rows, around `today`.
rc::Gen<std::vector<sales::Sale>> AnyRows(Date today);
/// Definitions with aliases for some of those texts.
sales::Definitions NastyDefinitions();

/// What a read of the rows must give: those selected, in canonical order.
std::vector<sales::Sale> SelectedInOrder(std::vector<sales::Sale> rows, const DaySelection& days);
/// What a live question must give, made the slow way.
RecentSales RecentByModel(const std::vector<sales::Sale>& rows, DateRange window,
                          std::uint64_t rows_max, const sales::Definitions& definitions);

}  // namespace revops::warehouse
