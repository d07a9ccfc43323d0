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

namespace revops::warehouse {

enum class ForeignFormat { kCsv, kParquet, kJsonLines };

/// A line that is no row: of a CSV file.
struct RejectedLine {
  std::uint64_t line = 0;  ///< of the file, where it begins; counted from 1
  std::string reason;
};

/// A value that is no plain one: an object or a list of JSON.
struct Misfit {
  std::string column;  ///< empty: the whole row is no object
  std::string reason;
};

/// A file that somebody else wrote, read by an in-memory database of its own. A hostile file can
/// crash the process: use it in one that may die.
class ForeignFile {
 public:
  /// `misfit` is null where all values are plain ones.
  using Receive = std::function<Result<void>(
      std::span<const std::optional<std::string_view>> values, const Misfit* misfit)>;

  /// `before_reading` is called when the database runs and nothing of the file has been read; this
  /// class has started no thread by then.
  /// Errors: kInvalidArgument when it is no file of that format; what `before_reading` fails with.
  static Result<std::unique_ptr<ForeignFile>> Open(
      const std::string& path, ForeignFormat format,
      const std::function<Result<void>()>& before_reading);
  ~ForeignFile();

  /// The names as they stand in the file, in its order (JSON: in order of first appearance).
  const std::vector<std::string>& columns() const;

  /// All rows in the file's order, as text; `wanted` are indexes into columns().
  /// Errors: kInvalidArgument when the file breaks off, does not decode, or has a column that holds
  /// something other than plain values.
  Result<void> Read(const std::vector<std::size_t>& wanted, const Receive& receive);

  /// What Read could not read, in order; each line once with all that is wrong with it.
  Result<std::vector<RejectedLine>> rejected_lines();

  /// Of a CSV file: the lines where the rows that Read gave begin; `rows` are their numbers in
  /// order, counted from 1.
  Result<std::vector<std::uint64_t>> LinesOf(const std::vector<std::uint64_t>& rows);

 private:
  struct Impl;
  explicit ForeignFile(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace revops::warehouse
