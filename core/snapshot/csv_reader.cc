#include <array>
#include <deque>
#include <span>
#include <utility>
#include <vector>

#include "core/snapshot/csv.h"
#include "core/snapshot/part.h"

namespace revops::snapshot {
namespace {

constexpr std::size_t kBatchRows = 1024;

Unexpected NotCanonical(std::uint64_t row, std::string_view what) {
  return Fail(ErrorCode::kCorrupt,
              "row " + std::to_string(row) + " of a part is not canonical: " + std::string(what));
}

/// "150000.00": nullopt for every other spelling of the same amount.
std::optional<Money> ParseCanonicalAmount(std::string_view text) {
  const std::string_view whole = text.substr(0, text.find('.'));
  if (whole.size() + 3 != text.size()) return std::nullopt;
  const auto amount = Money::Parse(text);
  if (!amount || !is_amount_in_range(*amount)) return std::nullopt;
  const bool is_small_negative = whole == "-0" && amount->cents() != 0;
  if (!is_small_negative && !is_shortest_decimal(whole)) return std::nullopt;
  return amount;
}

/// Reads rows into a batch whose storage is reused.
class RowReader {
 public:
  RowReader(std::string_view csv, const sales::Schema& schema, sales::SaleSink& sink)
      : rest_(csv), schema_(schema), sink_(sink), texts_(kBatchRows * schema.text_count()) {
    batch_.reserve(kBatchRows);
  }

  Result<void> Run() {
    const std::string header = CsvHeader(schema_);
    if (!rest_.starts_with(header)) return NotCanonical(0, "another header");
    rest_.remove_prefix(header.size());
    while (!rest_.empty()) {
      REVOPS_TRY(ReadRow());
      if (batch_.size() == kBatchRows) REVOPS_TRY(Flush());
    }
    return Flush();
  }

 private:
  Result<void> ReadRow() {
    ++row_number_;
    const std::size_t first_text = batch_.size() * schema_.text_count();
    sales::SaleView row;
    std::size_t text = first_text;
    for (std::size_t i = 0; i < schema_.columns().size(); ++i) {
      const auto field = TakeCsvField(rest_, unescaped_);
      if (!field) return NotCanonical(row_number_, "quoting");
      if (field->ends_row != (i + 1 == schema_.columns().size())) {
        return NotCanonical(row_number_, "number of fields");
      }
      const bool is_text =
          i != schema_.id_column() && i != schema_.date_column() && i != schema_.amount_column();
      if (is_text) {
        texts_[text++] = field->value;
      } else if (field->value && !SetTyped(row, i, *field->value)) {
        return NotCanonical(row_number_, "a value of column " + schema_.columns()[i].name);
      }
    }
    row.texts = std::span(texts_).subspan(first_text, schema_.text_count());
    return Append(row);
  }

  bool SetTyped(sales::SaleView& row, std::size_t column, std::string_view text) const {
    if (column == schema_.id_column()) {
      row.id = text;
      return !schema_.has_numeric_ids() || is_numeric_id(text);
    }
    if (column == schema_.date_column()) {
      row.sold_on = Date::Parse(text);
      return row.sold_on.has_value();
    }
    row.amount = ParseCanonicalAmount(text);
    return row.amount.has_value();
  }

  Result<void> Append(const sales::SaleView& row) {
    if (const auto before = Previous();
        before && sales::CompareCanonically(schema_, *before, row) > 0) {
      return NotCanonical(row_number_, "order");
    }
    batch_.push_back(row);
    return {};
  }

  std::optional<sales::SaleView> Previous() {
    if (!batch_.empty()) return batch_.back();
    if (last_) return sales::ToView(*last_, last_texts_);
    return std::nullopt;
  }

  Result<void> Flush() {
    if (batch_.empty()) return {};
    REVOPS_TRY(sink_.Write(batch_));
    last_ = sales::ToSale(batch_.back());
    batch_.clear();
    unescaped_.clear();
    return {};
  }

  std::string_view rest_;
  const sales::Schema& schema_;
  sales::SaleSink& sink_;
  std::vector<std::optional<std::string_view>> texts_;
  std::vector<sales::SaleView> batch_;
  std::deque<std::string> unescaped_;
  std::optional<sales::Sale> last_;
  std::vector<std::optional<std::string_view>> last_texts_;
  std::uint64_t row_number_ = 0;
};

}  // namespace

Result<void> ReadRows(std::string_view csv, const sales::Schema& schema, sales::SaleSink& sink) {
  return RowReader(csv, schema, sink).Run();
}

}  // namespace revops::snapshot
