#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/money.h"
#include "core/base/result.h"
#include "core/mapping/mapping.h"

namespace revops::mapping {

/// A column of the file as people recognise it.
struct FileColumn {
  std::string name;
  std::uint64_t filled = 0;          ///< rows that have a value
  std::vector<std::string> samples;  ///< the first three that differ
  /// What occurs, most frequent first, with rows; nullopt: more than kValuesMax different ones.
  std::optional<std::vector<std::pair<std::string, std::uint64_t>>> values;

  static constexpr std::size_t kValuesMax = 50;
};

/// What only a person can tell, such as the order of 11/12/2026. The mapping holds one of the
/// choices meanwhile; a file with a question is not imported until it is answered.
struct Question {
  std::string about;  ///< the mapping's key: "date_order", "decimal_mark", "currency"
  std::string text;
  std::vector<std::string> choices;  ///< values of that key
};

/// What would surprise: a column that is there twice, formulas, merged cells, amounts in two
/// currencies.
struct Finding {
  bool is_problem = false;  ///< nothing can be imported while it stands
  std::string text;
};

/// A row of the file and what it would become.
struct PreviewRow {
  std::uint64_t number = 0;                        ///< its line (CSV), or its row
  std::vector<std::optional<std::string>> values;  ///< by column of the file
  /// By column of SchemaOf(mapping); empty when it would be refused.
  std::vector<std::optional<std::string>> becomes;
  sales::Status counts_as = sales::Status::kUnknown;
  std::string refused_column;
  std::string refused_because;  ///< empty: it is not refused
};

/// A file as it would be imported under one mapping: what a person looks at before anything is
/// written. Made by the import worker, so everything in it is as untrusted as the file.
struct Inspection {
  std::string format;  ///< "csv", "xlsx", "parquet", "jsonl"
  std::string
      encoding;  ///< "UTF-8", "UTF-16LE", "UTF-16BE", "windows-1252"; empty: the format's own
  std::string delimiter;          ///< of CSV: "," ";" "\t" "|"
  std::string sheet;              ///< of a workbook: its name
  std::uint64_t header_line = 0;  ///< counted from 1; 0: the format has none
  std::uint64_t rows = 0;
  std::vector<FileColumn> columns;
  Mapping mapping;
  std::vector<Question> questions;
  std::vector<Finding> findings;
  std::uint64_t taken = 0;
  std::uint64_t refused = 0;
  Money amount;  ///< of those that would be taken
  std::map<sales::Status, std::uint64_t> by_status;
  std::vector<PreviewRow> preview;

  static constexpr std::size_t kPreviewRowsMax = 20;

  /// Nothing keeps it from being imported.
  bool is_ready() const;
};

/// One JSON object, as the API writes it: the mapping under "mapping".
std::string ToJson(const Inspection& inspection);
/// Errors: kCorrupt for what no worker of ours writes: wrong types, more rows or longer texts than
/// there may be.
Result<Inspection> ParseInspection(std::string_view text);

}  // namespace revops::mapping
