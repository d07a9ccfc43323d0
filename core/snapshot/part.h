#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/cube/cube.h"
#include "core/sales/definitions.h"
#include "core/sales/ledger.h"
#include "core/sales/sale.h"
#include "core/sales/schema.h"
#include "core/snapshot/manifest.h"

namespace revops::snapshot {

/// An object on its way into the store: compressed, named by what it is uncompressed.
struct EncodedObject {
  ObjectRef ref;
  std::string bytes;  ///< zstd
};

/// Compresses and names content.
EncodedObject EncodeObject(std::string_view content, std::string_view extension);
/// Errors: kCorrupt unless the bytes decompress to content with that hash and size.
Result<std::string> DecodeObject(std::string_view bytes, const ObjectRef& ref);

/// A part with its objects, ready to be published.
struct EncodedPart {
  Part part;
  std::vector<EncodedObject> objects;
};

/// Cuts a stream of rows in canonical order into parts: one a SALE_DATE month, one for the undated.
/// Holds one month's compressed objects and cube at a time, not its rows.
class PartWriter final : public sales::SaleSink {
 public:
  using Receive = std::function<Result<void>(EncodedPart)>;

  /// Errors of Write: kInvalidArgument for an amount of more than 18 digits; kInternal when rows
  ///                  come out of order or no part can hold them (a date that is not representable,
  ///                  a numeric id that is not in shortest decimal); whatever `receive` fails with.
  PartWriter(const sales::Schema& schema, const sales::Definitions& definitions, Receive receive);
  ~PartWriter() override;

  Result<void> Write(std::span<const sales::SaleView> rows) override;
  /// Hands over the last part. Once, after the last row.
  Result<void> Finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// A part of a snapshot that holds no rows: from pushed-down cells of one month.
EncodedPart EncodeCubePart(std::string month, const sales::Schema& schema,
                           const cube::CubeColumns& cube, const sales::Definitions& definitions);

/// Reads canonical CSV back, in its order, in batches.
/// Errors: kCorrupt for anything that PartWriter would not have written.
Result<void> ReadRows(std::string_view csv, const sales::Schema& schema, sales::SaleSink& sink);

/// The cube object's bytes; contracts/snapshot-format.md describes them.
std::string EncodeCube(const cube::CubeColumns& cube);
Result<cube::CubeColumns> DecodeCube(std::string_view bytes);

using LoadObject = std::function<Result<std::string>(const ObjectRef&)>;

/// Rows that share their id with a row of another month, complete for the whole snapshot; reads
/// row objects only for ids that occur in several months. `load` fetches a decoded object.
/// Of an id's rows in a month that is not its first one, the first counts; nothing does when a part
/// holds no rows.
Result<sales::LedgerEntry> CountDuplicatesAcrossMonths(const sales::Schema& schema,
                                                       const std::vector<Part>& parts,
                                                       const LoadObject& load);

/// What the ledger of a whole snapshot is made from.
struct LedgerInputs {
  const sales::Schema& schema;
  const std::vector<Part>& parts;
  const cube::CubeColumns& cube;  ///< of the whole snapshot
  Date business_date;
};
/// Manifest::ledger: the parts' sums, dates after the business date, ids that months share.
Result<sales::Ledger> CompleteLedger(const LedgerInputs& inputs, const LoadObject& load);

/// Manifest::totals of a cube.
cube::StatusTotals TotalsOf(const sales::Schema& schema, const cube::CubeColumns& cube);

}  // namespace revops::snapshot
