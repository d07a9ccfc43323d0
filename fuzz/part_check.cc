#include "fuzz/part_check.h"

#include <optional>
#include <string>

#include <zstd.h>

#include "core/base/check.h"
#include "core/base/sha256.h"
#include "core/cube/cube.h"
#include "core/snapshot/csv.h"
#include "core/snapshot/part.h"

namespace revops::fuzz {
namespace {

constexpr std::size_t kContentMax = std::size_t{1} << 18U;

const sales::Schema& Schema() { return sales::Schema::FctSales(); }

/// Writes the rows that it receives as parts, and keeps what those parts hold.
class PartCollector final : public sales::SaleSink {
 public:
  PartCollector()
      : writer_(Schema(), sales::Definitions(),
                [this](snapshot::EncodedPart part) { return Keep(part); }) {}

  Result<void> Write(std::span<const sales::SaleView> rows) override {
    rows_ += rows.size();
    REVOPS_CHECK(writer_.Write(rows).has_value());
    return {};
  }

  /// The rows of all parts, under one header.
  std::string Finish() {
    REVOPS_CHECK(writer_.Finish().has_value());
    REVOPS_CHECK(rows_ == rows_of_parts_);
    return csv_;
  }

 private:
  Result<void> Keep(const snapshot::EncodedPart& part) {
    rows_of_parts_ += part.part.rows;
    for (const snapshot::EncodedObject& object : part.objects) {
      const auto content = snapshot::DecodeObject(object.bytes, object.ref);
      REVOPS_CHECK(content.has_value());
      if (object.ref == part.part.rows_object) csv_ += content->substr(header_.size());
      if (object.ref == part.part.cube_object) {
        REVOPS_CHECK(snapshot::DecodeCube(*content).has_value());
      }
    }
    return {};
  }

  std::string header_ = snapshot::CsvHeader(Schema());
  std::string csv_ = header_;
  std::uint64_t rows_ = 0;
  std::uint64_t rows_of_parts_ = 0;
  snapshot::PartWriter writer_;
};

/// The content of zstd frames, if it is small.
std::optional<std::string> DecompressAtOnce(std::string_view bytes) {
  std::string content(kContentMax, '\0');
  const std::size_t size =
      ZSTD_decompress(content.data(), content.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(size) != 0) return std::nullopt;
  content.resize(size);
  return content;
}

/// Accepted or kCorrupt, and never with other content than that of the name.
bool decodes(std::string_view bytes, const std::string& hash, std::uint64_t size) {
  const auto content = snapshot::DecodeObject(bytes, {hash, "csv.zst", size});
  REVOPS_CHECK(content || content.error().code == ErrorCode::kCorrupt);
  REVOPS_CHECK(!content || (content->size() == size && Sha256::Hex(*content) == hash));
  return content.has_value();
}

cube::Tally TotalOf(const cube::CubeColumns& columns) {
  cube::Tally total;
  for (const cube::CubeCell& cell : cube::ToCells(columns)) total += cell.tally;
  return total;
}

}  // namespace

void CheckPart(std::string_view csv) {
  PartCollector parts;
  const auto read = snapshot::ReadRows(csv, Schema(), parts);
  if (read) {
    REVOPS_CHECK(parts.Finish() == csv);
  } else {
    REVOPS_CHECK(read.error().code == ErrorCode::kCorrupt);
  }
}

void CheckObject(std::string_view bytes) {
  const auto expected = DecompressAtOnce(bytes);
  const std::string hash = Sha256::Hex(expected.value_or(""));
  const std::uint64_t size = expected ? expected->size() : 0;
  decodes(bytes, hash, size);
  REVOPS_CHECK(!decodes(bytes, hash, size + 1));
  REVOPS_CHECK(!decodes(bytes, hash, std::uint64_t{1} << 53U));
  REVOPS_CHECK(!decodes(bytes, std::string(64, '0'), size));
  if (size > 0) REVOPS_CHECK(!decodes(bytes, hash, size - 1));
}

void CheckCube(std::string_view bytes) {
  auto columns = snapshot::DecodeCube(bytes);
  if (!columns) {
    REVOPS_CHECK(columns.error().code == ErrorCode::kCorrupt);
    return;
  }
  REVOPS_CHECK(snapshot::EncodeCube(*columns) == bytes);
  cube::Tally total = TotalOf(*columns);
  const cube::CubeColumns* const twice[] = {&*columns, &*columns};
  const cube::CubeColumns merged = cube::Merge(twice);
  cube::CubeAnswer answer;
  sales::Filter filter;
  filter.selections.resize(columns->dictionaries.size());
  cube::Cube(*std::move(columns)).Query(filter, answer);
  REVOPS_CHECK(answer.totals.total() == total);
  total += total;
  REVOPS_CHECK(TotalOf(merged) == total);
}

}  // namespace revops::fuzz
