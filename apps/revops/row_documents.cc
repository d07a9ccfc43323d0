#include "apps/revops/row_documents.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/snapshot/csv.h"

namespace revops::app {
namespace {

constexpr std::size_t kDocumentBytes = std::size_t{1} << 19U;
constexpr std::size_t kLengthBytes = 4;

std::size_t SizeOf(const sales::Sale& row) {
  std::size_t size = 64;
  for (const auto& text : row.texts) size += text ? text->size() : 0;
  return size;
}

std::string LengthOf(std::string_view document) {
  std::string bytes;
  for (unsigned shift = 0; shift < 32; shift += 8) {
    bytes.push_back(static_cast<char>((document.size() >> shift) & 0xFFU));
  }
  return bytes;
}

}  // namespace

RowDocumentWriter::RowDocumentWriter(const sales::Schema& schema, Write write)
    : schema_(schema), write_(std::move(write)) {}

Result<void> RowDocumentWriter::Add(const sales::Sale& row) {
  if (size_bytes_ + SizeOf(row) > kDocumentBytes) REVOPS_TRY(Flush());
  size_bytes_ += SizeOf(row);
  rows_.push_back(row);
  return {};
}

Result<void> RowDocumentWriter::Finish() { return Flush(); }

Result<void> RowDocumentWriter::Flush() {
  if (rows_.empty()) return {};
  std::vector<std::optional<std::string_view>> texts_a;
  std::vector<std::optional<std::string_view>> texts_b;
  std::sort(rows_.begin(), rows_.end(), [&](const sales::Sale& a, const sales::Sale& b) {
    return sales::CompareCanonically(schema_, sales::ToView(a, texts_a),
                                     sales::ToView(b, texts_b)) < 0;
  });
  std::string document = snapshot::CsvHeader(schema_);
  snapshot::CsvRowWriter writer(schema_);
  for (const sales::Sale& row : rows_) writer.AppendRow(document, sales::ToView(row, texts_a));
  rows_.clear();
  size_bytes_ = 0;
  REVOPS_TRY(write_(LengthOf(document)));
  return write_(document);
}

Result<void> RowDocumentReader::ReadWhole(std::span<char> out) {
  while (!out.empty()) {
    REVOPS_TRY_ASSIGN(const std::size_t got, file_.ReadAt(at_, out));
    if (got == 0) return Fail(ErrorCode::kCorrupt, "the rows break off");
    at_ += got;
    out = out.subspan(got);
  }
  return {};
}

Result<std::string_view> RowDocumentReader::Next() {
  if (at_ == file_.size()) return std::string_view{};
  std::array<char, kLengthBytes> bytes{};
  REVOPS_TRY(ReadWhole(bytes));
  std::size_t length = 0;
  for (std::size_t i = 0; i < kLengthBytes; ++i) {
    length |= static_cast<std::size_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  }
  if (length == 0 || length > file_.size() - at_) {
    return Fail(ErrorCode::kCorrupt, "the rows break off");
  }
  document_.resize(length);
  REVOPS_TRY(ReadWhole(document_));
  return document_;
}

}  // namespace revops::app
