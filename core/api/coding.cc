#include "core/api/coding.h"

#include <algorithm>
#include <bit>

#include <brotli/encode.h>
#include <zlib.h>

#include "core/base/check.h"
#include "core/base/http.h"

namespace revops::api {
namespace {

constexpr std::string_view kSpace = " \t";
// Above it brotli's better levels cost more at a start than they save on the wire.
constexpr std::size_t kSmallBody = 256 * 1024;

std::string_view TrimSpace(std::string_view text) {
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

/// The part before `separator`; `rest` keeps what follows.
std::string_view Cut(std::string_view& rest, char separator) {
  const auto at = rest.find(separator);
  const std::string_view part = rest.substr(0, at);
  rest = at == std::string_view::npos ? std::string_view() : rest.substr(at + 1);
  return TrimSpace(part);
}

/// "0.25" → 250; nullopt when it is no qvalue.
std::optional<int> ParseQuality(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  if (text.size() > 1 && text[1] != '.') return std::nullopt;
  int thousandths = (text[0] - '0') * 1000;
  int unit = 100;
  for (const char c : text.substr(text.size() > 1 ? 2 : 1)) {
    if (c < '0' || c > '9') return std::nullopt;
    thousandths += (c - '0') * unit;
    unit /= 10;
  }
  return thousandths <= 1000 ? std::optional(thousandths) : std::nullopt;
}

struct WeightedItem {
  std::string_view name;
  int quality = 1000;  ///< thousandths
};

/// The next item of a list such as "br;q=0.5, gzip"; a malformed weight gives an empty name.
WeightedItem NextItem(std::string_view& rest) {
  std::string_view item = Cut(rest, ',');
  WeightedItem result{Cut(item, ';'), 1000};
  while (!item.empty()) {
    const std::string_view parameter = Cut(item, ';');
    if (parameter.size() < 2 || !EqualsIgnoreCase(parameter.substr(0, 2), "q=")) continue;
    const std::optional<int> quality = ParseQuality(parameter.substr(2));
    if (!quality) return {};
    result.quality = *quality;
  }
  return result;
}

/// Fills in the qualities that a field names; -1: not named.
struct NamedQualities {
  std::array<int, kCodingCount> of = {-1, -1, -1};
  int any = -1;

  explicit NamedQualities(std::string_view field) {
    while (!field.empty()) {
      const WeightedItem item = NextItem(field);
      if (item.name == "*") any = item.quality;
      for (std::size_t i = 0; i < kCodingCount; ++i) {
        if (EqualsIgnoreCase(item.name, ToString(kCodings[i]))) of[i] = item.quality;
      }
    }
  }

  /// Identity is taken unless it is refused, but only when nothing else is.
  int Quality(std::size_t index) const {
    if (of[index] >= 0) return of[index];
    if (any >= 0) return any;
    return kCodings[index] == Coding::kIdentity ? 1 : 0;
  }
};

std::string EncodeGzip(std::string_view body) {
  z_stream stream{};
  constexpr int kGzipWindow = 15 + 16;
  REVOPS_CHECK(deflateInit2(&stream, 6, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, body.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REVOPS_CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string EncodeBrotli(std::string_view body) {
  std::size_t size = BrotliEncoderMaxCompressedSize(body.size());
  REVOPS_CHECK(size > 0);
  std::string out(size, '\0');
  // 9 spreads over a table of a megabyte and takes five times as long, for the same size.
  const int quality = body.size() <= kSmallBody ? 8 : 5;
  // With a larger window than the body needs, the encoder takes 32 MB for its tables.
  const int window = std::clamp(static_cast<int>(std::bit_width(body.size())),
                                BROTLI_MIN_WINDOW_BITS, BROTLI_DEFAULT_WINDOW);
  REVOPS_CHECK(BrotliEncoderCompress(quality, window, BROTLI_MODE_TEXT, body.size(),
                                     reinterpret_cast<const std::uint8_t*>(body.data()), &size,
                                     reinterpret_cast<std::uint8_t*>(out.data())) == BROTLI_TRUE);
  out.resize(size);
  return out;
}

}  // namespace

std::string_view ToString(Coding coding) {
  switch (coding) {
    case Coding::kBrotli:
      return "br";
    case Coding::kGzip:
      return "gzip";
    case Coding::kIdentity:
      break;
  }
  return "identity";
}

std::optional<Coding> NegotiateCoding(std::string_view accept_encoding, unsigned offered) {
  const NamedQualities named(accept_encoding);
  std::optional<Coding> best;
  int best_quality = 0;
  for (std::size_t i = 0; i < kCodingCount; ++i) {
    if ((offered & (1U << i)) == 0 || named.Quality(i) <= best_quality) continue;
    best = kCodings[i];
    best_quality = named.Quality(i);
  }
  return best;
}

bool prefers_csv(std::string_view accept) {
  int csv = 0;
  int json = 0;
  while (!accept.empty()) {
    const WeightedItem item = NextItem(accept);
    if (EqualsIgnoreCase(item.name, "text/csv")) csv = item.quality;
    if (EqualsIgnoreCase(item.name, "application/json")) json = item.quality;
  }
  return csv > json;
}

bool MatchesETag(std::string_view if_none_match, std::string_view etag) {
  if (TrimSpace(if_none_match) == "*") return true;
  while (true) {
    const auto open = if_none_match.find('"');
    if (open == std::string_view::npos) return false;
    const auto close = if_none_match.find('"', open + 1);
    if (close == std::string_view::npos) return false;
    if (if_none_match.substr(open, close - open + 1) == etag) return true;
    if_none_match.remove_prefix(close + 1);
  }
}

std::string Encode(Coding coding, std::string_view body) {
  switch (coding) {
    case Coding::kBrotli:
      return EncodeBrotli(body);
    case Coding::kGzip:
      return EncodeGzip(body);
    case Coding::kIdentity:
      break;
  }
  return std::string(body);
}

}  // namespace revops::api
