#include <algorithm>
#include <string_view>

#include "core/cube/cube.h"

namespace revops::cube {
namespace {

/// Far above every real total, far below overflow when cubes are merged.
constexpr std::uint64_t kRowsMax = std::uint64_t{1} << 50U;
constexpr Int128 kCentsMax = Int128{1} << 100U;

bool have_equal_sizes(const CubeColumns& cube) {
  const std::size_t count = cube.cell_count();
  return cube.date_codes.size() == count && cube.priced.size() == count &&
         cube.cents.size() == count && cube.codes.size() == cube.dictionaries.size() &&
         std::all_of(cube.codes.begin(), cube.codes.end(),
                     [count](const auto& codes) { return codes.size() == count; });
}

/// Each value is less than the next.
template <class T>
bool ascends(const std::vector<T>& values) {
  return std::adjacent_find(values.begin(), values.end(),
                            [](const T& a, const T& b) { return !(a < b); }) == values.end();
}

/// Codes reach from 0 to `code_max`, and each but `optional_code` occurs.
bool are_complete(const std::vector<std::uint32_t>& codes, std::size_t code_max,
                  std::size_t optional_code) {
  if (code_max > codes.size()) return false;  // some code cannot occur
  std::vector<bool> occurs(code_max + 1);
  occurs[optional_code] = true;
  for (const std::uint32_t code : codes) {
    if (code > code_max) return false;
    occurs[code] = true;
  }
  return std::find(occurs.begin(), occurs.end(), false) == occurs.end();
}

bool have_valid_codes(const CubeColumns& cube) {
  if (!are_complete(cube.date_codes, cube.dates.size(), cube.dates.size())) return false;
  for (std::size_t i = 0; i < cube.codes.size(); ++i) {
    if (!are_complete(cube.codes[i], cube.dictionaries[i].values.size(), 0)) return false;
  }
  return true;
}

/// Whether the cell sorts after the one before it.
bool follows(const CubeColumns& cube, std::size_t cell) {
  if (cube.date_codes[cell - 1] != cube.date_codes[cell]) {
    return cube.date_codes[cell - 1] < cube.date_codes[cell];
  }
  for (const auto& codes : cube.codes) {
    if (codes[cell - 1] != codes[cell]) return codes[cell - 1] < codes[cell];
  }
  return false;
}

bool are_sorted(const CubeColumns& cube) {
  for (std::size_t cell = 1; cell < cube.cell_count(); ++cell) {
    if (!follows(cube, cell)) return false;
  }
  return true;
}

bool are_plausible(const CubeColumns& cube) {
  std::uint64_t rows = 0;
  Int128 magnitude = 0;
  for (std::size_t i = 0; i < cube.cell_count(); ++i) {
    const Int128 cents = cube.cents[i];
    if (cube.rows[i] == 0 || cube.rows[i] > kRowsMax || cube.priced[i] > cube.rows[i]) return false;
    if (cube.priced[i] == 0 && cents != 0) return false;
    if (cents > kCentsMax || cents < -kCentsMax) return false;
    rows += cube.rows[i];
    magnitude += cents < 0 ? -cents : cents;
    if (rows > kRowsMax || magnitude > kCentsMax) return false;
  }
  return true;
}

Unexpected Corrupt(std::string_view what) {
  return Fail(ErrorCode::kCorrupt, "the cube's " + std::string(what));
}

}  // namespace

Result<void> Validate(const CubeColumns& cube) {
  if (!have_equal_sizes(cube)) return Corrupt("columns differ in length");
  if (!ascends(cube.dates)) return Corrupt("dates do not ascend");
  for (const Date date : cube.dates) {
    if (!date.is_representable()) return Corrupt("dates leave the years 0001-9999");
  }
  for (const Dictionary& dictionary : cube.dictionaries) {
    if (!ascends(dictionary.values)) return Corrupt("dictionary values do not ascend");
  }
  if (!have_valid_codes(cube)) return Corrupt("codes do not fit its dictionaries");
  if (!are_sorted(cube)) return Corrupt("cells are out of order");
  if (!are_plausible(cube)) return Corrupt("totals are impossible");
  return {};
}

}  // namespace revops::cube
