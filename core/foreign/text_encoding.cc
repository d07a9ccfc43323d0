#include "core/foreign/text_encoding.h"

#include <algorithm>
#include <array>
#include <vector>

namespace revops::foreign {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 16U;
/// So many times as many bytes as characters of UTF-8: in Windows-1252 the latter are accidents.
constexpr std::uint64_t kWindowsMin = 10;

/// 0x80 to 0x9F; 0: Windows-1252 has no such character.
constexpr std::array<std::uint16_t, 32> kWindows1252 = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

std::uint8_t Byte(char c) { return static_cast<std::uint8_t>(c); }

/// How many bytes the character has that begins so; 0: none begins so.
std::size_t LengthOf(std::uint8_t first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return 2;
  if (first >= 0xE0 && first <= 0xEF) return 3;
  return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
}

/// Whether `next` may stand at `index` of a character that begins with `first` (RFC 3629).
bool may_follow(std::uint8_t first, std::size_t index, std::uint8_t next) {
  if (next < 0x80 || next > 0xBF) return false;
  if (index != 1) return true;
  if (first == 0xE0) return next >= 0xA0;
  if (first == 0xED) return next < 0xA0;
  if (first == 0xF0) return next >= 0x90;
  return first != 0xF4 || next < 0x90;
}

/// The characters of a text that claims to be UTF-8, one after the other, over pieces.
class Utf8Splitter {
 public:
  /// `good` gets the bytes of one character that is not ASCII, `bad` one byte that is none.
  template <class Ascii, class Good, class Bad>
  void Take(std::string_view piece, Ascii ascii, Good good, Bad bad) {
    for (std::size_t i = 0; i < piece.size();) {
      if (kept_.empty()) {
        std::size_t end = i;
        while (end < piece.size() && Byte(piece[end]) < 0x80) ++end;
        if (end > i) ascii(piece.substr(i, end - i));
        i = end;
        if (i == piece.size()) return;
        if (LengthOf(Byte(piece[i])) == 0) {
          bad(piece[i++]);
        } else {
          kept_.push_back(piece[i++]);
        }
      } else if (may_follow(Byte(kept_[0]), kept_.size(), Byte(piece[i]))) {
        kept_.push_back(piece[i++]);
        if (kept_.size() != LengthOf(Byte(kept_[0]))) continue;
        good(std::string_view(kept_));
        kept_.clear();
      } else {
        for (const char c : kept_) bad(c);
        kept_.clear();
      }
    }
  }
  explicit Utf8Splitter(std::string& kept) : kept_(kept) {}

 private:
  std::string& kept_;
};

/// Spreadsheets write a byte order mark; without one every other byte of English text is NUL.
std::optional<TextEncoding> FindUtf16(std::string_view head) {
  if (head.starts_with("\xFF\xFE")) return TextEncoding{Encoding::kUtf16Le, 2, false};
  if (head.starts_with("\xFE\xFF")) return TextEncoding{Encoding::kUtf16Be, 2, false};
  const std::string_view first = head.substr(0, 8);
  if (first.size() != 8 || std::count(first.begin(), first.end(), '\0') != 4) return std::nullopt;
  for (std::size_t i = 0; i < 8; i += 2) {
    if ((first[i] == '\0') != (first[0] == '\0')) return std::nullopt;
  }
  return TextEncoding{first[0] == '\0' ? Encoding::kUtf16Be : Encoding::kUtf16Le, 0, false};
}

}  // namespace

std::string_view ToString(Encoding encoding) {
  switch (encoding) {
    case Encoding::kUtf8:
      return "UTF-8";
    case Encoding::kUtf16Le:
      return "UTF-16LE";
    case Encoding::kUtf16Be:
      return "UTF-16BE";
    case Encoding::kWindows1252:
      break;
  }
  return "windows-1252";
}

Result<TextEncoding> FindEncoding(const ByteSource& source) {
  std::vector<char> piece(kPieceBytes);
  std::string kept;
  Utf8Splitter splitter(kept);
  TextEncoding found;
  std::uint64_t good = 0;
  std::uint64_t bad = 0;
  bool can_be_windows = true;
  for (std::uint64_t at = 0;;) {
    REVOPS_TRY_ASSIGN(const std::size_t got, source.ReadAt(at, piece));
    if (got == 0) break;
    std::string_view text(piece.data(), got);
    if (at == 0) {
      if (const auto utf16 = FindUtf16(text)) return *utf16;
      if (text.starts_with("\xEF\xBB\xBF")) found.mark_bytes = 3;
      text.remove_prefix(found.mark_bytes);
    }
    at += got;
    splitter.Take(
        text, [](std::string_view) {}, [&](std::string_view) { ++good; },
        [&](char c) {
          ++bad;
          if (Byte(c) < 0xA0 && kWindows1252[Byte(c) - 0x80U] == 0) can_be_windows = false;
        });
  }
  bad += kept.size();
  if (bad == 0) return found;
  if (found.mark_bytes == 0 && can_be_windows && bad > good * kWindowsMin) {
    found.encoding = Encoding::kWindows1252;
  } else {
    found.has_bad_bytes = true;
  }
  return found;
}

void AppendUtf8(std::string& text, std::uint32_t character) {
  const auto add = [&text](std::uint32_t byte) { text.push_back(static_cast<char>(byte)); };
  if (character < 0x80) {
    add(character);
  } else if (character < 0x800) {
    add(0xC0U | character >> 6U);
    add(0x80U | (character & 0x3FU));
  } else if (character < 0x10000) {
    add(0xE0U | character >> 12U);
    add(0x80U | (character >> 6U & 0x3FU));
    add(0x80U | (character & 0x3FU));
  } else {
    add(0xF0U | character >> 18U);
    add(0x80U | (character >> 12U & 0x3FU));
    add(0x80U | (character >> 6U & 0x3FU));
    add(0x80U | (character & 0x3FU));
  }
}

std::string_view Decoder::Decode(std::string_view piece) {
  out_.clear();
  switch (encoding_.encoding) {
    case Encoding::kUtf8:
      if (!encoding_.has_bad_bytes) return piece;
      DecodeUtf8(piece);
      break;
    case Encoding::kWindows1252:
      DecodeWindows1252(piece);
      break;
    case Encoding::kUtf16Le:
    case Encoding::kUtf16Be:
      DecodeUtf16(piece);
  }
  return out_;
}

std::string_view Decoder::Finish() {
  out_.clear();
  if (!kept_.empty() || surrogate_ != 0) out_.push_back(kBadByte);
  kept_.clear();
  surrogate_ = 0;
  return out_;
}

void Decoder::DecodeUtf8(std::string_view piece) {
  const auto add = [this](std::string_view text) { out_ += text; };
  Utf8Splitter(kept_).Take(piece, add, add, [this](char) { out_.push_back(kBadByte); });
}

void Decoder::DecodeWindows1252(std::string_view piece) {
  for (const char c : piece) {
    const std::uint8_t byte = Byte(c);
    if (byte < 0x80) {
      out_.push_back(c);
    } else {
      AppendUtf8(out_, byte < 0xA0 ? kWindows1252[byte - 0x80U] : byte);
    }
  }
}

void Decoder::DecodeUtf16(std::string_view piece) {
  for (const char c : piece) {
    kept_.push_back(c);
    if (kept_.size() < 2) continue;
    const bool is_little = encoding_.encoding == Encoding::kUtf16Le;
    const std::uint32_t high = Byte(kept_[is_little ? 1 : 0]);
    const std::uint32_t low = Byte(kept_[is_little ? 0 : 1]);
    kept_.clear();
    TakeUnit(high << 8U | low);
  }
}

void Decoder::TakeUnit(std::uint32_t unit) {
  const bool is_second = unit >= 0xDC00 && unit <= 0xDFFF;
  if (surrogate_ != 0 && is_second) {
    AppendUtf8(out_, 0x10000U + ((surrogate_ - 0xD800U) << 10U) + (unit - 0xDC00U));
    surrogate_ = 0;
    return;
  }
  if (surrogate_ != 0 || is_second) out_.push_back(kBadByte);
  surrogate_ = unit >= 0xD800 && unit < 0xDC00 ? unit : 0;
  if (surrogate_ == 0 && !is_second) AppendUtf8(out_, unit);
}

}  // namespace revops::foreign
