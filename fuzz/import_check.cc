#include "fuzz/import_check.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "apps/revops/row_documents.h"
#include "core/base/check.h"
#include "core/mapping/mapped_row.h"
#include "core/mapping/mapping.h"
#include "core/snapshot/part.h"
#include "fuzz/part_check.h"

namespace revops::fuzz {
namespace {

using Values = std::vector<std::optional<std::string_view>>;

const sales::Schema& Schema() { return sales::Schema::FctSales(); }

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = text.find(separator);
    pieces.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return pieces;
}

/// The columns that are read.
Values ToValues(std::string_view line, const std::vector<std::size_t>& columns) {
  Values values;
  for (const std::string_view piece : Split(line, ',')) {
    values.push_back(piece == "\\N" ? std::nullopt : std::optional(piece));
  }
  values.resize(Schema().columns().size());
  Values read;
  for (const std::size_t column : columns) read.push_back(values[column]);
  return read;
}

void CheckRefusal(const mapping::Refusal& refusal) {
  const auto& columns = Schema().columns();
  REVOPS_CHECK(std::any_of(columns.begin(), columns.end(), [&](const sales::Column& column) {
    return column.name == refusal.column;
  }));
  REVOPS_CHECK(!refusal.reason.empty());
}

class Collector final : public sales::SaleSink {
 public:
  Result<void> Write(std::span<const sales::SaleView> rows) override {
    for (const sales::SaleView& row : rows) sales_.push_back(sales::ToSale(row));
    return {};
  }
  std::vector<sales::Sale>& sales() { return sales_; }

 private:
  std::vector<sales::Sale> sales_;
};

void Sort(std::vector<sales::Sale>& rows) {
  Values a_texts;
  Values b_texts;
  std::sort(rows.begin(), rows.end(), [&](const sales::Sale& a, const sales::Sale& b) {
    return sales::CompareCanonically(Schema(), sales::ToView(a, a_texts),
                                     sales::ToView(b, b_texts)) < 0;
  });
}

void CheckWritten(std::string_view documents, std::vector<sales::Sale> taken) {
  const foreign::MemorySource source(documents);
  app::RowDocumentReader reader(source);
  Collector found;
  while (true) {
    const auto document = reader.Next();
    REVOPS_CHECK(document.has_value());
    if (document->empty()) break;
    REVOPS_CHECK(snapshot::ReadRows(*document, Schema(), found).has_value());
  }
  Sort(found.sales());
  Sort(taken);
  REVOPS_CHECK(found.sales() == taken);
}

}  // namespace

void CheckImportRows(std::string_view bytes) {
  const std::vector<std::string_view> lines = Split(bytes, '\n');
  const std::vector<std::string_view> names = Split(lines.front(), ',');
  const std::vector<std::string> columns(names.begin(), names.end());
  const auto own = mapping::OwnColumns(columns);
  if (!own) return;
  auto reader = mapping::MappedRowReader::Make(*own, columns, nullptr);
  REVOPS_CHECK(reader.has_value());
  const auto& indexes = reader->file_columns();
  REVOPS_CHECK(indexes.size() == Schema().columns().size() && indexes.size() == names.size());
  REVOPS_CHECK(std::set(indexes.begin(), indexes.end()).size() == indexes.size());
  std::string documents;
  app::RowDocumentWriter writer(Schema(), [&](std::string_view piece) -> Result<void> {
    documents += piece;
    return {};
  });
  std::vector<sales::Sale> taken;
  sales::Sale row;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (const auto refusal = reader->Read(ToValues(lines[i], indexes), row)) {
      CheckRefusal(*refusal);
      continue;
    }
    taken.push_back(row);
    REVOPS_CHECK(writer.Add(row).has_value());
  }
  REVOPS_CHECK(writer.Finish().has_value());
  CheckWritten(documents, std::move(taken));
}

void CheckRowDocuments(std::string_view bytes) {
  constexpr std::size_t kLengthBytes = 4;
  const foreign::MemorySource source(bytes);
  app::RowDocumentReader reader(source);
  std::size_t at = 0;
  while (true) {
    const auto document = reader.Next();
    if (!document) {
      REVOPS_CHECK(document.error().code == ErrorCode::kCorrupt);
      return;
    }
    if (document->empty()) {
      REVOPS_CHECK(at == bytes.size());
      return;
    }
    REVOPS_CHECK(*document == bytes.substr(at + kLengthBytes, document->size()));
    at += kLengthBytes + document->size();
    CheckPart(*document);
  }
}

}  // namespace revops::fuzz
