#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/sales/sale.h"
#include "core/sales/schema.h"

namespace revops::app {

/// Rows on their way from the import worker to the warehouse: documents of canonical CSV
/// (contracts/snapshot-format.md), each sorted by itself and at most half a MiB long or one row,
/// each after its length as u32 little endian.
class RowDocumentWriter {
 public:
  using Write = std::function<Result<void>(std::string_view)>;

  RowDocumentWriter(const sales::Schema& schema, Write write);

  Result<void> Add(const sales::Sale& row);
  /// Writes what is left. Once.
  Result<void> Finish();

 private:
  Result<void> Flush();

  sales::Schema schema_;
  Write write_;
  std::vector<sales::Sale> rows_;
  std::size_t size_bytes_ = 0;
};

/// Takes one document off the front of `bytes`; empty at the end.
/// Errors: kCorrupt when it breaks off.
Result<std::string_view> TakeRowDocument(std::string_view& bytes);

}  // namespace revops::app
