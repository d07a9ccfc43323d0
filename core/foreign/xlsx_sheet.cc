#include "core/foreign/xlsx_sheet.h"

#include <charconv>
#include <utility>

#include "core/foreign/number_format.h"
#include "core/foreign/table_file.h"
#include "core/foreign/xml_reader.h"

namespace revops::foreign {
namespace {

constexpr std::size_t kSheetColumnsMax = 16'384;
constexpr std::size_t kRawBytesMax = std::size_t{1} << 20U;

/// "BC23" → column 54, row 23; parts that are not there stay as they are.
struct Place {
  std::size_t column = 0;  ///< counted from 0
  std::uint64_t row = 0;   ///< counted from 1
};
std::optional<Place> ParsePlace(std::string_view text) {
  std::size_t letters = 0;
  std::size_t column = 0;
  while (letters < text.size() && text[letters] >= 'A' && text[letters] <= 'Z' && letters < 3) {
    column = column * 26 + static_cast<std::size_t>(text[letters++] - 'A' + 1);
  }
  const auto row = ParseIndex(text.substr(letters));
  if (letters == 0 || column > kSheetColumnsMax || !row) return std::nullopt;
  return Place{column - 1, *row};
}

class SheetHandler final : public XmlHandler {
 public:
  SheetHandler(const SheetContext& context, std::uint64_t header_row,
               const std::function<Result<bool>(const SheetRow&)>& receive)
      : context_(context), header_row_(header_row), receive_(receive) {}

  void Start(std::string_view name, const XmlAttributes& attributes) override {
    if (name == "c") {
      StartCell(attributes);
    } else if (name == "row") {
      StartRow(attributes);
    } else if (name == "v" || name == "t") {
      is_text_ = spoken_ == 0;
    } else if (name == "f") {
      has_formula_ = true;
    } else if (name == "rPh") {
      ++spoken_;
    } else if (name == "mergeCell") {
      NoteMerged(attributes.Get("ref"));
    }
  }

  void End(std::string_view name) override {
    if (name == "v" || name == "t") {
      is_text_ = false;
    } else if (name == "c") {
      EndCell();
    } else if (name == "row") {
      EndRow();
    } else if (name == "rPh" && spoken_ > 0) {
      --spoken_;
    }
  }

  void Text(std::string_view text) override {
    if (is_text_ && raw_.size() < kRawBytesMax) raw_ += text;
  }

  Result<bool> Continue() override { return std::exchange(state_, Result<bool>(goes_on_)); }

  SheetNotes TakeNotes() { return std::move(notes_); }

 private:
  struct Cell {
    std::size_t begin = 0;
    std::size_t size = 0;
    std::optional<std::string_view> shared;
    bool is_filled = false;
  };

  void StartRow(const XmlAttributes& attributes) {
    const auto number = ParseIndex(attributes.Get("r"));
    row_ = number && *number > 0 ? *number : row_ + 1;
    const std::string_view hidden = attributes.Get("hidden");
    if (hidden == "1" || hidden == "true") ++notes_.hidden_rows;
    cells_.clear();
    texts_.clear();
    column_ = 0;
  }

  void StartCell(const XmlAttributes& attributes) {
    if (const auto place = ParsePlace(attributes.Get("r"))) column_ = place->column;
    type_ = attributes.Get("t");
    style_ = ParseIndex(attributes.Get("s")).value_or(0);
    is_date_ = style_ < context_.styles.are_dates.size() && context_.styles.are_dates[style_];
    has_formula_ = false;
    raw_.clear();
  }

  void EndCell() {
    const std::size_t column = column_++;
    if (has_formula_ && raw_.empty() && type_ != "str") ++notes_.formulas_without_value;
    if (column >= kSheetColumnsMax || raw_.empty()) return;
    if (cells_.size() <= column) cells_.resize(column + 1);
    Cell& cell = cells_[column];
    if (type_ == "s") {
      const auto index = ParseIndex(raw_);
      if (index) cell.shared = context_.texts.At(*index);
      cell.is_filled = cell.shared && !cell.shared->empty();
      return;
    }
    if (type_ == "e") {
      ++notes_.error_cells;
      return;
    }
    if (type_.empty() || type_ == "n") NoteCurrency(column);
    cell.begin = texts_.size();
    AppendValue();
    cell.size = texts_.size() - cell.begin;
    cell.is_filled = true;
  }

  void AppendValue() {
    if (type_ == "inlineStr" || type_ == "str") {
      AppendUnescaped(texts_, raw_);
    } else if (type_ == "b") {
      texts_ += raw_ == "1" ? "true" : "false";
    } else if (type_ == "d" || !is_date_) {
      texts_ += raw_;
    } else {
      double number = 0;
      const auto [end, error] = std::from_chars(raw_.data(), raw_.data() + raw_.size(), number);
      const bool is_number = error == std::errc() && end == raw_.data() + raw_.size();
      const auto date =
          is_number ? ToIsoDate(number, context_.counts_from_1904) : std::optional<std::string>();
      texts_ += date.value_or(raw_);
    }
  }

  void EndRow() {
    if (!state_ || !goes_on_) return;
    std::size_t size = cells_.size();
    while (size > 0 && !cells_[size - 1].is_filled) --size;
    values_.assign(size, std::nullopt);
    for (std::size_t i = 0; i < size; ++i) {
      const Cell& cell = cells_[i];
      if (!cell.is_filled) continue;
      values_[i] =
          cell.shared ? *cell.shared : std::string_view(texts_).substr(cell.begin, cell.size);
    }
    state_ = receive_({row_, values_});
    goes_on_ = state_ && *state_;
  }

  void NoteCurrency(std::size_t column) {
    if (style_ >= context_.styles.currencies.size()) return;
    const std::string& currency = context_.styles.currencies[style_];
    if (currency.empty() || !notes_.mixed_currencies.empty()) return;
    if (currencies_.size() <= column) currencies_.resize(column + 1);
    if (currencies_[column].empty()) currencies_[column] = currency;
    if (currencies_[column] == currency) return;
    notes_.mixed_currencies = currencies_[column] + " and " + currency;
  }

  void NoteMerged(std::string_view range) {
    const auto colon = range.find(':');
    if (colon == std::string_view::npos) return;
    const auto last = ParsePlace(range.substr(colon + 1));
    if (!last || last->row <= header_row_) return;
    if (++notes_.merged_ranges == 1) notes_.first_merged = range;
  }

  const SheetContext& context_;
  std::uint64_t header_row_;
  const std::function<Result<bool>(const SheetRow&)>& receive_;
  Result<bool> state_ = true;
  bool goes_on_ = true;
  SheetNotes notes_;
  std::uint64_t row_ = 0;
  std::size_t column_ = 0;
  std::string type_;
  std::size_t style_ = 0;
  bool is_date_ = false;
  bool has_formula_ = false;
  bool is_text_ = false;
  int spoken_ = 0;
  std::string raw_;
  std::string texts_;  ///< of the row's cells
  std::vector<Cell> cells_;
  std::vector<std::string> currencies_;  ///< by column, the first that numbers are shown with
  std::vector<std::optional<std::string_view>> values_;
};

}  // namespace

Result<SheetNotes> ReadSheet(ZipArchive& archive, const std::string& member,
                             const SheetContext& context, std::uint64_t header_row,
                             const std::function<Result<bool>(const SheetRow&)>& receive) {
  SheetHandler handler(context, header_row, receive);
  REVOPS_TRY(ReadXml(archive, member, handler));
  return handler.TakeNotes();
}

}  // namespace revops::foreign
