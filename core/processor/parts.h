#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/cube/cube.h"
#include "core/processor/progress.h"
#include "core/sales/definitions.h"
#include "core/sales/schema.h"
#include "core/snapshot/manifest.h"
#include "core/snapshot/part.h"
#include "core/snapshot/publish.h"
#include "core/warehouse/warehouse.h"

namespace revops::processor {

/// The parts of the snapshot in the making, with their cubes. Objects are written as they come, so
/// that one month at a time is in memory.
class Parts {
 public:
  struct Context {
    const sales::Schema& schema;
    const sales::Definitions& definitions;
    snapshot::Publication& publication;
    const snapshot::LoadObject& load;  ///< an object of the base snapshot
    Progress& progress;
  };

  explicit Parts(Context context) : context_(context) {}

  /// Takes a part of the base snapshot as it is.
  Result<void> Share(const snapshot::Part& part);
  /// Makes a part anew under other definitions, from the rows that the base snapshot holds.
  Result<void> Renormalize(const snapshot::Part& part);
  /// Reads the days' rows from the warehouse.
  Result<void> ReadRows(warehouse::WarehouseRead& read, const warehouse::DaySelection& days);
  /// Reads the days' totals alone.
  Result<void> ReadTotals(warehouse::WarehouseRead& read, const warehouse::DaySelection& days);

  /// Ascending by month, undated last.
  std::vector<snapshot::Part> parts() const;
  /// One cube over all.
  cube::CubeColumns MergeCubes() const;
  std::uint64_t written_count() const { return written_count_; }
  std::uint64_t shared_count() const { return entries_.size() - written_count_; }

 private:
  struct Entry {
    snapshot::Part part;
    cube::CubeColumns cube;
  };

  Result<void> Add(snapshot::EncodedPart encoded);

  Context context_;
  std::map<std::string, Entry> entries_;
  std::uint64_t written_count_ = 0;
};

}  // namespace revops::processor
