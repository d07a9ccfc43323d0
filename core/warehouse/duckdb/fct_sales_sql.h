#pragma once

namespace revops::warehouse {

/// The text of contracts/fct_sales.sql.
extern const char* const kFctSalesSql;

}  // namespace revops::warehouse
