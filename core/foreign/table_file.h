#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace revops::foreign {

inline constexpr std::size_t kColumnsMax = 1000;
inline constexpr std::size_t kNameBytesMax = 1000;
inline constexpr std::size_t kRowBytesMax = std::size_t{16} << 20U;

/// What is known of a file before its rows are read.
struct FileDescription {
  std::string format;             ///< "csv", "xlsx", "parquet", "jsonl"
  std::string encoding;           ///< of text: "UTF-8", "UTF-16LE", "UTF-16BE", "windows-1252"
  std::string delimiter;          ///< of CSV
  std::string sheet;              ///< of a workbook: its name
  std::uint64_t header_line = 0;  ///< counted from 1; 0: the format has none
  std::vector<std::string> columns;
  /// By column: why its values cannot be taken; empty: they can.
  std::vector<std::string> column_faults;
};

/// A row as the file has it; valid during the call that receives it.
struct FileRow {
  std::uint64_t number = 0;  ///< the line where it begins, or its row in a sheet; counted from 1
  std::span<const std::optional<std::string_view>> values;  ///< by column
  std::string_view fault;                                   ///< why it is no row; empty: it is one
  std::span<const std::size_t> misfits;  ///< columns that hold an object or a list here
};

/// A file that somebody else wrote, as a table of texts. Hostile files can crash what reads them:
/// use it in a process that may die.
class TableFile {
 public:
  using Receive = std::function<Result<void>(const FileRow&)>;

  virtual ~TableFile() = default;
  virtual const FileDescription& description() const = 0;

  /// All rows in the file's order. May be called again, which reads the file again.
  /// Errors: kInvalidArgument when the file breaks off or does not decode; what `receive` fails
  ///         with.
  virtual Result<void> Read(const Receive& receive) = 0;

  /// What would surprise a person, a sentence each; complete after Read.
  virtual std::vector<std::string> findings() const = 0;
};

}  // namespace revops::foreign
