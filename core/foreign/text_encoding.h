#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/foreign/byte_source.h"

namespace revops::foreign {

enum class Encoding { kUtf8, kUtf16Le, kUtf16Be, kWindows1252 };
/// "UTF-8", "UTF-16LE", "UTF-16BE", "windows-1252".
std::string_view ToString(Encoding encoding);

struct TextEncoding {
  Encoding encoding = Encoding::kUtf8;
  std::size_t mark_bytes = 0;  ///< of the byte order mark
  bool has_bad_bytes = false;  ///< of UTF-8: some are none
};

/// Decided on the whole file: UTF-16 by its mark or by its zero bytes; Windows-1252 when almost
/// nothing that is not ASCII is UTF-8 and no bytes occur that it does not have; UTF-8 otherwise.
Result<TextEncoding> FindEncoding(const ByteSource& source);

/// Stands in decoded text for what could not be decoded; never occurs in UTF-8.
inline constexpr char kBadByte = '\xFF';

/// Turns pieces of a text into UTF-8, with kBadByte for what is none.
class Decoder {
 public:
  explicit Decoder(const TextEncoding& encoding) : encoding_(encoding) {}

  /// `piece` itself where nothing has to be changed; else valid until the next call.
  std::string_view Decode(std::string_view piece);
  /// What a text that breaks off leaves.
  std::string_view Finish();

 private:
  void DecodeUtf8(std::string_view piece);
  void DecodeUtf16(std::string_view piece);
  void DecodeWindows1252(std::string_view piece);
  void TakeUnit(std::uint32_t unit);

  TextEncoding encoding_;
  std::string out_;
  std::string kept_;             ///< the beginning of a character
  std::uint32_t surrogate_ = 0;  ///< the first of two; 0: none
};

/// UTF-8 of a character.
void AppendUtf8(std::string& text, std::uint32_t character);

}  // namespace revops::foreign
