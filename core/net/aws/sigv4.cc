#include "core/net/aws/sigv4.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "core/base/check.h"
#include "core/base/http.h"
#include "core/base/sha256.h"
#include "core/net/aws/canonical_request.h"

namespace revops::net {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::size_t kDateDigits = 8;
constexpr std::string_view kOwnFields[] = {"x-amz-date", "x-amz-content-sha256",
                                           "x-amz-security-token", "authorization"};

using Mac = std::array<std::uint8_t, 32>;

Mac HmacOf(const void* key, std::size_t key_bytes, std::string_view text) {
  Mac mac{};
  unsigned size = 0;
  // An int in OpenSSL, a size_t in BoringSSL: this becomes either.
  const auto length = static_cast<std::uint16_t>(key_bytes);
  REVOPS_CHECK(length == key_bytes);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  REVOPS_CHECK(HMAC(EVP_sha256(), key, length, bytes, text.size(), mac.data(), &size));
  return mac;
}

Mac HmacOf(const Mac& key, std::string_view text) { return HmacOf(key.data(), key.size(), text); }

std::string Hex(const Mac& mac) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : mac) text += {kHex[byte >> 4U], kHex[byte & 15U]};
  return text;
}

bool IsOwnField(std::string_view name) {
  return std::any_of(std::begin(kOwnFields), std::end(kOwnFields),
                     [name](std::string_view own) { return EqualsIgnoreCase(own, name); });
}

}  // namespace

std::string AuthorizationValue(const CanonicalRequest& request, const AwsCredentials& credentials,
                               const SigningScope& scope, Instant now) {
  const std::string time = ToCompact(now);
  const std::string day = time.substr(0, kDateDigits);
  const std::string scope_text = day + "/" + scope.region + "/" + scope.service + "/aws4_request";
  const std::string to_sign =
      std::string(kAlgorithm) + "\n" + time + "\n" + scope_text + "\n" + Sha256::Hex(request.text);
  std::string start = "AWS4" + credentials.secret_access_key;
  Mac key = HmacOf(start.data(), start.size(), day);
  OPENSSL_cleanse(start.data(), start.size());
  for (const std::string_view part :
       {std::string_view(scope.region), std::string_view(scope.service),
        std::string_view("aws4_request")}) {
    key = HmacOf(key, part);
  }
  const std::string signature = Hex(HmacOf(key, to_sign));
  OPENSSL_cleanse(key.data(), key.size());
  return std::string(kAlgorithm) + " Credential=" + credentials.access_key_id + "/" + scope_text +
         ", SignedHeaders=" + request.signed_fields + ", Signature=" + signature;
}

void SignRequest(ClientRequest& request, const AwsCredentials& credentials,
                 const SigningScope& scope, Instant now) {
  const bool is_s3 = scope.service == "s3";
  std::erase_if(request.headers, [](const auto& field) { return IsOwnField(field.first); });
  CanonicalForm form;
  form.keeps_path = is_s3;
  form.payload_hash = Sha256::Hex(request.body);
  form.is_signed = [](std::string_view name) {
    return name == "content-type" || name.starts_with("x-amz-");
  };
  request.headers.emplace_back("X-Amz-Date", ToCompact(now));
  if (is_s3) request.headers.emplace_back("X-Amz-Content-Sha256", form.payload_hash);
  if (!credentials.session_token.empty()) {
    request.headers.emplace_back("X-Amz-Security-Token", credentials.session_token);
  }
  request.headers.emplace_back(
      "Authorization", AuthorizationValue(ToCanonical(request, form), credentials, scope, now));
}

}  // namespace revops::net
