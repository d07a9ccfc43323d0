#include "core/foreign/xlsx_file.h"

#include <algorithm>
#include <utility>

#include "core/foreign/header.h"
#include "core/foreign/xlsx_sheet.h"

namespace revops::foreign {
namespace {

using Values = std::span<const std::optional<std::string_view>>;

std::size_t FilledCount(Values values) {
  return static_cast<std::size_t>(std::count_if(
      values.begin(), values.end(), [](const auto& value) { return value && !value->empty(); }));
}

std::string Counted(std::uint64_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

/// The first rows of a sheet, kept.
struct SheetHead {
  std::vector<RowForm> forms;
  std::vector<std::uint64_t> numbers;
  std::vector<std::vector<std::optional<std::string>>> rows;
};

class XlsxFile final : public TableFile {
 public:
  Result<void> Open(const ByteSource& source) {
    REVOPS_TRY_ASSIGN(archive_, ZipArchive::Open(source));
    REVOPS_TRY_ASSIGN(parts_, ReadWorkbook(*archive_));
    REVOPS_TRY_ASSIGN(styles_, ReadCellStyles(*archive_, parts_.styles_member));
    REVOPS_TRY_ASSIGN(texts_, SharedTexts::Read(*archive_, parts_.texts_member));
    return ChooseSheet();
  }

  const FileDescription& description() const override { return description_; }

  std::vector<std::string> findings() const override {
    std::vector<std::string> all = findings_;
    all.insert(all.end(), row_findings_.begin(), row_findings_.end());
    return all;
  }

  Result<void> Read(const Receive& receive) override {
    row_findings_.clear();
    std::uint64_t beyond = 0;
    std::uint64_t last = description_.header_line;
    FooterFilter footer(description_.columns.size(), [&](std::uint64_t number, Values values) {
      return receive({number, values, {}, {}});
    });
    std::vector<std::optional<std::string_view>> fitted;
    const auto take = [&](const SheetRow& row) -> Result<bool> {
      if (row.number <= description_.header_line) return true;
      if (row.number > std::exchange(last, row.number) + 1) footer.TakeBlank();
      Fit(row.values, fitted);
      beyond += FilledCount(row.values) - FilledCount(fitted);
      if (FilledCount(fitted) == 0) {
        footer.TakeBlank();
        return true;
      }
      auto taken = footer.Take(row.number, fitted);
      return taken ? Result<bool>(true) : Fail(taken.error());
    };
    REVOPS_TRY_ASSIGN(const SheetNotes notes, ReadSheet(*archive_, sheet_->member, Context(),
                                                        description_.header_line, take));
    if (auto sentence = footer.Finish()) row_findings_.push_back(*std::move(sentence));
    Tell(notes, beyond);
    return {};
  }

 private:
  SheetContext Context() const { return {texts_, styles_, parts_.counts_from_1904}; }

  /// The columns that have names.
  void Fit(Values values, std::vector<std::optional<std::string_view>>& fitted) const {
    fitted.assign(description_.columns.size(), std::nullopt);
    for (std::size_t i = 0; i < fitted.size() && i + offset_ < values.size(); ++i) {
      fitted[i] = values[i + offset_];
    }
  }

  Result<SheetHead> ReadHead(const SheetPart& sheet) {
    SheetHead head;
    const auto take = [&head](const SheetRow& row) -> Result<bool> {
      head.forms.push_back({row.values.size(), FilledCount(row.values)});
      head.numbers.push_back(row.number);
      auto& kept = head.rows.emplace_back();
      for (const auto& value : row.values) {
        kept.push_back(value ? std::optional<std::string>(*value) : std::nullopt);
      }
      return head.rows.size() < kHeadRowsMax;
    };
    REVOPS_TRY_ASSIGN([[maybe_unused]] const SheetNotes notes,
                      ReadSheet(*archive_, sheet.member, Context(), 0, take));
    return head;
  }

  /// What speaks for a sheet: names and rows below them, and so many names that it is no cover
  /// page.
  static int ScoreOf(const SheetHead& head, std::size_t header) {
    constexpr std::size_t kCoverColumnsMax = 2;
    const auto below = head.forms.begin() + static_cast<std::ptrdiff_t>(header) + 1;
    const bool has_rows =
        std::any_of(below, head.forms.end(), [](const RowForm& form) { return form.filled > 0; });
    if (!has_rows) return 1;
    return head.forms[header].filled > kCoverColumnsMax ? 3 : 2;
  }

  /// The first of those for which most speaks.
  Result<void> ChooseSheet() {
    std::optional<SheetHead> chosen;
    std::size_t header = 0;
    int best = 0;
    for (const SheetPart& sheet : parts_.sheets) {
      REVOPS_TRY_ASSIGN(SheetHead head, ReadHead(sheet));
      const auto found = FindHeader(head.forms);
      if (!found) continue;
      const int score = ScoreOf(head, *found);
      if (score <= best) continue;
      best = score;
      chosen = std::move(head);
      header = *found;
      sheet_ = &sheet;
    }
    if (!chosen) {
      return Fail(ErrorCode::kInvalidArgument, "the workbook has no sheet with a line of names");
    }
    return TakeHeader(*chosen, header);
  }

  Result<void> TakeHeader(const SheetHead& head, std::size_t header) {
    std::vector<std::optional<std::string_view>> names;
    for (const auto& value : head.rows[header]) {
      if (names.empty() && !value) {
        ++offset_;
      } else {
        names.push_back(value);
      }
    }
    description_.format = "xlsx";
    description_.sheet = sheet_->name;
    description_.header_line = head.numbers[header];
    REVOPS_TRY_ASSIGN(description_.columns, NameColumns(names, findings_));
    description_.column_faults.resize(description_.columns.size());
    if (sheet_->is_hidden) findings_.push_back("the sheet " + sheet_->name + " is hidden");
    std::string others;
    for (const SheetPart& sheet : parts_.sheets) {
      // Dynamics 365 keeps its own notes in one; people do not know that it is there.
      if (&sheet == sheet_ || sheet.is_hidden || others.size() > 200) continue;
      others += (others.empty() ? "" : ", ") + sheet.name;
    }
    if (!others.empty()) {
      findings_.push_back("the sheet " + sheet_->name + " is read; the workbook also has " +
                          others + ", which is not");
    }
    return {};
  }

  void Tell(const SheetNotes& notes, std::uint64_t beyond) {
    const auto add = [this](std::string sentence) { row_findings_.push_back(std::move(sentence)); };
    if (notes.merged_ranges > 0) {
      add(Counted(notes.merged_ranges, "range of cells is", "ranges of cells are") + " merged (" +
          notes.first_merged + "); only the first cell of each has the value");
    }
    if (notes.formulas_without_value > 0) {
      add(Counted(notes.formulas_without_value, "formula has", "formulas have") +
          " no value in the file and count as empty; open the workbook and save it again");
    }
    if (notes.error_cells > 0) {
      add(Counted(notes.error_cells, "cell holds an error", "cells hold errors") +
          " such as #N/A and count as empty");
    }
    if (!notes.mixed_currencies.empty()) {
      add("numbers of one column are shown as " + notes.mixed_currencies +
          ", which is not read: a column that names the currency of each row would be");
    }
    if (notes.hidden_rows > 0) {
      add(Counted(notes.hidden_rows, "row is", "rows are") + " hidden and taken all the same");
    }
    if (beyond > 0) {
      add(Counted(beyond, "cell stands", "cells stand") +
          " beside the columns that have names and are left out");
    }
  }

  std::unique_ptr<ZipArchive> archive_;
  WorkbookParts parts_;
  CellStyles styles_;
  SharedTexts texts_;
  const SheetPart* sheet_ = nullptr;
  std::size_t offset_ = 0;  ///< empty columns before the first name
  FileDescription description_;
  std::vector<std::string> findings_;
  std::vector<std::string> row_findings_;  ///< of the last Read
};

}  // namespace

Result<std::unique_ptr<TableFile>> OpenXlsx(const ByteSource& source) {
  auto file = std::make_unique<XlsxFile>();
  REVOPS_TRY(file->Open(source));
  return std::unique_ptr<TableFile>(std::move(file));
}

}  // namespace revops::foreign
