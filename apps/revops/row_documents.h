#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/foreign/byte_source.h"
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

/// Reads the documents of a file one after another; only one of them is in memory.
class RowDocumentReader {
 public:
  explicit RowDocumentReader(const foreign::ByteSource& file) : file_(file) {}

  /// The next one, valid until the next call; empty at the end.
  /// Errors: kCorrupt when it breaks off; the source's.
  Result<std::string_view> Next();

 private:
  Result<void> ReadWhole(std::span<char> out);

  const foreign::ByteSource& file_;
  std::uint64_t at_ = 0;
  std::string document_;
};

}  // namespace revops::app
