#include "core/store/s3/checksum.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include <openssl/evp.h>

#include "core/base/base64.h"
#include "core/base/check.h"

namespace revops::store {
namespace {

constexpr std::size_t kMd5Digits = 32;
/// Base64 of 32 bytes; a checksum of parts has "-N" behind it.
constexpr std::size_t kSha256Letters = 44;
constexpr std::size_t kETagMax = 1024;

using Digest = std::array<std::uint8_t, EVP_MAX_MD_SIZE>;

/// nullopt where this OpenSSL does not offer it (MD5 under FIPS).
std::optional<std::pair<Digest, unsigned>> DigestOf(std::string_view bytes, const EVP_MD* kind) {
  Digest digest{};
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, kind, nullptr) != 1) {
    return std::nullopt;
  }
  return std::pair(digest, size);
}

std::string Hex(const Digest& digest, unsigned size) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < size; ++i) text += {kHex[digest[i] >> 4U], kHex[digest[i] & 15U]};
  return text;
}

bool is_md5(std::string_view etag) {
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return etag.size() == kMd5Digits + 2 && std::all_of(etag.begin() + 1, etag.end() - 1, is_digit);
}

/// Whether the ETag of a whole object is its MD5.
bool etag_is_of_content(const net::ClientResponse& response) {
  const auto encryption = response.header("x-amz-server-side-encryption");
  return (!encryption || *encryption == "AES256") &&
         !response.header("x-amz-server-side-encryption-customer-algorithm");
}

Unexpected Damaged() {
  return Fail(ErrorCode::kCorrupt, "S3: the object's bytes do not have their checksum",
              "s3:checksum");
}

}  // namespace

std::string ChecksumOf(std::string_view bytes) {
  const auto digest = DigestOf(bytes, EVP_sha256());
  REVOPS_CHECK(digest.has_value());
  return ToBase64({reinterpret_cast<const char*>(digest->first.data()), digest->second});
}

Result<void> CheckBody(const net::ClientResponse& response) {
  const auto checksum = response.header("x-amz-checksum-sha256");
  if (checksum && checksum->size() == kSha256Letters) {
    if (*checksum == ChecksumOf(response.body)) return {};
    return Damaged();
  }
  const std::string etag = ETagOf(response);
  if (!is_md5(etag) || !etag_is_of_content(response)) return {};
  const auto md5 = DigestOf(response.body, EVP_md5());
  if (!md5 || etag == "\"" + Hex(md5->first, md5->second) + "\"") return {};
  return Damaged();
}

std::string ETagOf(const net::ClientResponse& response) {
  std::string etag(response.header("etag").value_or(""));
  if (!etag.starts_with('"')) etag = "\"" + etag + "\"";
  return is_etag(etag) ? etag : std::string();
}

bool is_etag(std::string_view text) {
  const auto fits = [](char c) { return c > ' ' && c <= '~' && c != '"'; };
  return text.size() > 2 && text.size() <= kETagMax && text.front() == '"' && text.back() == '"' &&
         std::all_of(text.begin() + 1, text.end() - 1, fits);
}

}  // namespace revops::store
