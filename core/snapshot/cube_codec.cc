// Layout (contracts/snapshot-format.md): little-endian, no padding.
//   "REVCUBE1" · u32 dimensions D · u32 dates N · u64 cells C · N × i32 days since 1970-01-01
//   D × { name, u32 values, values × text }, a text being u32 size and its bytes
//   columns: C × u32 date code · D × (C × u32 code) · C × u64 rows · C × u64 priced
//            · C × i128 cents
#include <type_traits>

#include "core/snapshot/part.h"

namespace revops::snapshot {
namespace {

constexpr std::string_view kMagic = "REVCUBE1";
constexpr std::uint32_t kDimensionsMax = 64;

__extension__ using UInt128 = unsigned __int128;

template <class Integer>
using Bits =
    std::conditional_t<sizeof(Integer) == 16, UInt128,
                       std::conditional_t<sizeof(Integer) == 8, std::uint64_t, std::uint32_t>>;

template <class Integer>
void Append(std::string& out, Integer value) {
  auto bits = static_cast<Bits<Integer>>(value);
  for (std::size_t i = 0; i < sizeof(Integer); ++i) {
    out.push_back(static_cast<char>(static_cast<unsigned char>(bits & 0xFFU)));
    bits >>= 8U;
  }
}

void AppendText(std::string& out, std::string_view text) {
  Append(out, static_cast<std::uint32_t>(text.size()));
  out += text;
}

template <class Integer>
void AppendColumn(std::string& out, const std::vector<Integer>& column) {
  for (const Integer value : column) Append(out, value);
}

/// Reads off the front; what does not fit makes it fail for good and yields zeros.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : rest_(bytes) {}

  bool has_failed() const { return has_failed_; }
  bool is_at_end() const { return rest_.empty(); }

  std::string_view Take(std::uint64_t size) {
    if (size > rest_.size()) {
      has_failed_ = true;
      rest_ = {};
      return {};
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(taken.size());
    return taken;
  }

  template <class Integer>
  Integer Number() {
    const std::string_view bytes = Take(sizeof(Integer));
    Bits<Integer> bits = 0;
    for (std::size_t i = bytes.size(); i > 0; --i) {
      bits = (bits << 8U) | static_cast<unsigned char>(bytes[i - 1]);
    }
    return static_cast<Integer>(bits);
  }

  std::string Text() { return std::string(Take(Number<std::uint32_t>())); }

  /// Whether `count` values of `size` bytes can still come: asked before room is made for them.
  bool HasRoomFor(std::uint64_t count, std::uint64_t size) {
    if (count > rest_.size() / size) has_failed_ = true;
    return !has_failed_;
  }

  template <class Integer>
  std::vector<Integer> Column(std::uint64_t count) {
    std::vector<Integer> column;
    if (!HasRoomFor(count, sizeof(Integer))) return column;
    column.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i) column.push_back(Number<Integer>());
    return column;
  }

 private:
  std::string_view rest_;
  bool has_failed_ = false;
};

cube::Dictionary TakeDictionary(Cursor& cursor) {
  cube::Dictionary dictionary;
  dictionary.name = cursor.Text();
  const auto count = cursor.Number<std::uint32_t>();
  if (!cursor.HasRoomFor(count, sizeof(std::uint32_t))) return dictionary;
  dictionary.values.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i) dictionary.values.push_back(cursor.Text());
  return dictionary;
}

Unexpected NotACube(std::string_view what) {
  return Fail(ErrorCode::kCorrupt, "a cube object " + std::string(what));
}

Result<void> CheckDates(const std::vector<Date>& dates) {
  for (const Date date : dates) {
    if (!date.is_representable()) return NotACube("has a date outside 0001-9999");
  }
  return {};
}

}  // namespace

std::string EncodeCube(const cube::CubeColumns& cube) {
  std::string out(kMagic);
  Append(out, static_cast<std::uint32_t>(cube.dictionaries.size()));
  Append(out, static_cast<std::uint32_t>(cube.dates.size()));
  Append(out, std::uint64_t{cube.cell_count()});
  for (const Date date : cube.dates) Append(out, date.days());
  for (const cube::Dictionary& dictionary : cube.dictionaries) {
    AppendText(out, dictionary.name);
    Append(out, static_cast<std::uint32_t>(dictionary.values.size()));
    for (const std::string& value : dictionary.values) AppendText(out, value);
  }
  AppendColumn(out, cube.date_codes);
  for (const auto& codes : cube.codes) AppendColumn(out, codes);
  AppendColumn(out, cube.rows);
  AppendColumn(out, cube.priced);
  AppendColumn(out, cube.cents);
  return out;
}

Result<cube::CubeColumns> DecodeCube(std::string_view bytes) {
  Cursor cursor(bytes);
  if (cursor.Take(kMagic.size()) != kMagic) return NotACube("does not begin as one");
  const auto dimensions = cursor.Number<std::uint32_t>();
  const auto dates = cursor.Number<std::uint32_t>();
  const auto cells = cursor.Number<std::uint64_t>();
  if (dimensions > kDimensionsMax) return NotACube("has too many dimensions");
  cube::CubeColumns cube;
  for (const std::int32_t days : cursor.Column<std::int32_t>(dates)) {
    cube.dates.push_back(Date::FromDays(days));
  }
  for (std::uint32_t i = 0; i < dimensions; ++i) {
    cube.dictionaries.push_back(TakeDictionary(cursor));
  }
  cube.date_codes = cursor.Column<std::uint32_t>(cells);
  for (std::uint32_t i = 0; i < dimensions; ++i) {
    cube.codes.push_back(cursor.Column<std::uint32_t>(cells));
  }
  cube.rows = cursor.Column<std::uint64_t>(cells);
  cube.priced = cursor.Column<std::uint64_t>(cells);
  cube.cents = cursor.Column<Int128>(cells);
  if (cursor.has_failed() || !cursor.is_at_end()) return NotACube("has another size than it says");
  REVOPS_TRY(CheckDates(cube.dates));
  REVOPS_TRY(cube::Validate(cube));
  return cube;
}

}  // namespace revops::snapshot
