#pragma once

#include <string>

#include "core/sales/sale.h"
#include "core/sales/schema.h"

namespace revops::api {

/// Appends the row as an object, its columns in table order: {"sale_id":"1","product":…}.
void AppendSale(std::string& out, const sales::Sale& sale, const sales::Schema& schema);

}  // namespace revops::api
