#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/foreign/zip_archive.h"

namespace revops::foreign {

struct SheetPart {
  std::string name;
  std::string member;  ///< of the archive
  bool is_hidden = false;
};

struct WorkbookParts {
  std::vector<SheetPart> sheets;
  bool counts_from_1904 = false;
  std::string texts_member;   ///< empty: there are no shared texts
  std::string styles_member;  ///< empty: there are no styles
};

/// Errors: kInvalidArgument for what is no workbook without macros, with what to do.
Result<WorkbookParts> ReadWorkbook(ZipArchive& archive);

/// By style of a cell, what its numbers are.
struct CellStyles {
  std::vector<bool> are_dates;
  std::vector<std::string> currencies;  ///< that they are shown with; empty: none
};
Result<CellStyles> ReadCellStyles(ZipArchive& archive, const std::string& member);

/// Texts that cells refer to by number.
class SharedTexts {
 public:
  static constexpr std::size_t kBytesMax = std::size_t{256} << 20U;
  static Result<SharedTexts> Read(ZipArchive& archive, const std::string& member);

  std::optional<std::string_view> At(std::size_t index) const {
    if (index >= ends_.size()) return std::nullopt;
    const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
    return std::string_view(bytes_).substr(begin, ends_[index] - begin);
  }

 private:
  friend class SharedTextsHandler;
  std::string bytes_;
  std::vector<std::uint32_t> ends_;
};

/// "_x000D_" stands for a character that XML cannot hold (ECMA-376 22.9.2.19).
void AppendUnescaped(std::string& out, std::string_view text);

/// Digits alone; nullopt for anything else or more than 9 of them.
std::optional<std::size_t> ParseIndex(std::string_view text);

}  // namespace revops::foreign
