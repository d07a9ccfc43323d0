#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace revops::warehouse {

/// What keeps a file from being comma-separated text in UTF-8, as its beginning shows: UTF-16,
/// another separator, a column that is named twice. One sentence; nullopt: nothing.
std::optional<std::string> FindCsvHeadFault(const std::string& path);

/// A record of a CSV file: what stands between two line ends outside quotes, blank lines included.
struct CsvRecord {
  std::uint64_t line = 0;  ///< of the file where it begins, counted from 1
  bool is_blank = false;
};

/// Gives every record in order, and says in one sentence with the line where the text is at fault:
/// a quote that is never closed, text after a closing quote, a NUL. nullopt: nothing is wrong.
std::optional<std::string> ScanCsv(const std::string& path,
                                   const std::function<void(const CsvRecord&)>& receive);

}  // namespace revops::warehouse
