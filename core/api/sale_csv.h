#pragma once

#include <span>
#include <string>

#include "core/sales/sale.h"
#include "core/sales/schema.h"

namespace revops::api {

/// The rows as CSV under the columns' names in lower case, in table order. `raw`: see CsvWriter.
std::string SalesCsv(std::span<const sales::Sale> rows, const sales::Schema& schema, bool raw);

}  // namespace revops::api
