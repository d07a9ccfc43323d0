#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "core/sales/normalize.h"
#include "core/snapshot/part.h"
#include "core/snapshot/test_rows.h"

namespace revops::snapshot {
namespace {

cube::CubeColumns CubeOf(const std::vector<sales::Sale>& rows) {
  sales::Normalizer normalizer(sales::Schema::FctSales(), {});
  cube::CubeBuilder builder(sales::Schema::FctSales(), normalizer);
  std::vector<std::optional<std::string_view>> texts;
  for (const sales::Sale& row : rows) builder.Add(sales::ToView(row, texts));
  return builder.Finish();
}

/// Refused, or read as the cube whose bytes these are.
bool is_safe(std::string_view bytes) {
  const auto cube = DecodeCube(bytes);
  return cube ? EncodeCube(*cube) == bytes : cube.error().code == ErrorCode::kCorrupt;
}

TEST(CubeCodec, ReadsBackAnyCube) {
  EXPECT_TRUE(rc::check([] {
    const cube::CubeColumns cube = CubeOf(*AnyRows());
    const auto read = DecodeCube(EncodeCube(cube));
    RC_ASSERT(read);
    RC_ASSERT(*read == cube);
  }));
}

TEST(CubeCodec, SurvivesEveryTruncationAndMutation) {
  const std::string bytes = EncodeCube(CubeOf(AwkwardRows()));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(DecodeCube(std::string_view(bytes).substr(0, size))) << size;
  }
  EXPECT_FALSE(DecodeCube(bytes + '\0'));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const int mask : {0x01, 0x80, 0xFF}) {
      std::string mutated = bytes;
      mutated[i] = static_cast<char>(mutated[i] ^ mask);
      EXPECT_TRUE(is_safe(mutated)) << i;
    }
  }
}

TEST(CubeCodec, AllocatesNothingForCountsThatCannotCome) {
  std::string bytes = EncodeCube(CubeOf(AwkwardRows()));
  for (const std::size_t count_at : {8U, 12U, 16U, 20U}) {
    std::string mutated = bytes;
    mutated.replace(count_at, 4, "\xFF\xFF\xFF\x7F");
    EXPECT_FALSE(DecodeCube(mutated));
  }
}

}  // namespace
}  // namespace revops::snapshot
