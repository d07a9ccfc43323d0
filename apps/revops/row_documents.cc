#include "apps/revops/row_documents.h"

#include <algorithm>
#include <cstdint>
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

Result<std::string_view> TakeRowDocument(std::string_view& bytes) {
  if (bytes.empty()) return std::string_view{};
  const auto broken = [] { return Fail(ErrorCode::kCorrupt, "the rows break off"); };
  if (bytes.size() < kLengthBytes) return broken();
  std::size_t length = 0;
  for (std::size_t i = 0; i < kLengthBytes; ++i) {
    length |= static_cast<std::size_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  }
  bytes.remove_prefix(kLengthBytes);
  if (length == 0 || bytes.size() < length) return broken();
  const std::string_view document = bytes.substr(0, length);
  bytes.remove_prefix(length);
  return document;
}

}  // namespace revops::app
