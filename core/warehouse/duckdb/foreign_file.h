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
  std::uint64_t line = 0;  ///< counted from 1, the header included
  std::string reason;
};

/// A file that somebody else wrote, read by an in-memory database of its own. A hostile file can
/// crash the process: use it in one that may die.
class ForeignFile {
 public:
  using Receive =
      std::function<Result<void>(std::span<const std::optional<std::string_view>> values)>;

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
  /// Errors: kInvalidArgument when the file breaks off or does not decode.
  Result<void> Read(const std::vector<std::size_t>& wanted, const Receive& receive);

  /// What Read could not read, in order.
  Result<std::vector<RejectedLine>> rejected_lines();

 private:
  struct Impl;
  explicit ForeignFile(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace revops::warehouse
