#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace revops::api {

/// Content codings, in the order of our preference.
enum class Coding { kBrotli, kGzip, kIdentity };
inline constexpr std::size_t kCodingCount = 3;
inline constexpr std::array<Coding, kCodingCount> kCodings = {Coding::kBrotli, Coding::kGzip,
                                                              Coding::kIdentity};

/// "br", "gzip", "identity".
std::string_view ToString(Coding coding);

/// The best coding of `offered` (a bit a coding, 1 << index) that an Accept-Encoding field takes:
/// highest q first, then our preference. nullopt when it takes none of them. RFC 9110, 12.5.3.
/// Malformed items count as absent. Does not allocate.
std::optional<Coding> NegotiateCoding(std::string_view accept_encoding, unsigned offered);

/// Whether an Accept field prefers text/csv to JSON: it names it, with a higher q than JSON.
bool prefers_csv(std::string_view accept);

/// Whether an If-None-Match field names the ETag (with its quotes), by weak comparison, or is "*".
bool MatchesETag(std::string_view if_none_match, std::string_view etag);

std::string Encode(Coding coding, std::string_view body);

}  // namespace revops::api
