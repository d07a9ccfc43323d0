#include "core/warehouse/snowflake/credentials.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include "core/base/base64.h"
#include "core/base/logging.h"

namespace revops::warehouse {
namespace {

using std::chrono::minutes;

constexpr minutes kLifetime{59};
constexpr minutes kRenewAfter{50};
constexpr int kKeyBitsMin = 2048;
/// A clock that is off by less is not why a token was refused.
constexpr std::chrono::seconds kClockErrorMin{30};

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeDigest {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

std::string Base64(const std::uint8_t* bytes, std::size_t size) {
  return ToBase64({reinterpret_cast<const char*>(bytes), size});
}

std::string Upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

/// Secret stores keep keys in JSON, where a line end is two characters.
std::string WithLineEnds(std::string_view pem) {
  std::string lines;
  // Growing would leave copies of the key behind.
  lines.reserve(pem.size());
  for (std::size_t i = 0; i < pem.size(); ++i) {
    const char next = pem[i] == '\\' && i + 1 < pem.size() ? pem[i + 1] : '\0';
    const bool is_escaped = next == 'n' || next == 'r';
    if (next != 'r') lines += is_escaped ? '\n' : pem[i];
    if (is_escaped) ++i;
  }
  return lines;
}

int GivePassphrase(char* buffer, int size, int /*writing*/, void* passphrase) {
  const auto& text = *static_cast<const std::string_view*>(passphrase);
  if (text.size() > static_cast<std::size_t>(size)) return 0;
  text.copy(buffer, text.size());
  return static_cast<int>(text.size());
}

Unexpected BadKey(const std::string& why) {
  ERR_clear_error();
  return Fail(ErrorCode::kInvalidArgument, "the private key for Snowflake cannot be used: " + why);
}

std::vector<std::uint8_t> PublicKeyDer(EVP_PKEY* key) {
  std::uint8_t* raw = nullptr;
  const int size = i2d_PUBKEY(key, &raw);
  std::vector<std::uint8_t> der(raw, raw + std::max(size, 0));
  OPENSSL_free(raw);
  return der;
}

class StaticToken final : public Credentials {
 public:
  explicit StaticToken(AuthToken token) : token_(std::move(token)) {}
  Result<AuthToken> Token() override { return token_; }
  bool Renew(const AuthToken& /*refused*/, std::optional<Instant> /*server_now*/) override {
    return false;
  }

 private:
  const AuthToken token_;
};

}  // namespace

std::unique_ptr<Credentials> FixedToken(AuthToken token) {
  return std::make_unique<StaticToken>(std::move(token));
}

struct KeyPairCredentials::Key {
  std::unique_ptr<EVP_PKEY, FreeKey> pkey;

  std::string Fingerprint() const {
    const auto der = PublicKeyDer(pkey.get());
    std::uint8_t digest[SHA256_DIGEST_LENGTH];
    SHA256(der.data(), der.size(), digest);
    return "SHA256:" + Base64(digest, sizeof digest);
  }
};

KeyPairCredentials::KeyPairCredentials(std::unique_ptr<Key> key, const KeyPairIdentity& identity,
                                       const Clock& clock)
    : key_(std::move(key)),
      subject_(Upper(identity.account) + "." + Upper(identity.user)),
      fingerprint_(key_->Fingerprint()),
      clock_(clock) {}

KeyPairCredentials::~KeyPairCredentials() = default;

Result<std::unique_ptr<KeyPairCredentials>> KeyPairCredentials::Open(
    std::string_view pem, std::string_view passphrase, const KeyPairIdentity& identity,
    const Clock& clock) {
  std::string lines = WithLineEnds(pem);
  const bool is_encrypted = lines.find("ENCRYPTED") != std::string::npos;
  if (is_encrypted && passphrase.empty()) return BadKey("it is encrypted: give its passphrase");
  const std::unique_ptr<BIO, FreeBio> bio(
      BIO_new_mem_buf(lines.data(), static_cast<int>(lines.size())));
  auto key = std::make_unique<Key>();
  key->pkey.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, GivePassphrase, &passphrase));
  OPENSSL_cleanse(lines.data(), lines.size());
  if (!key->pkey) {
    return BadKey(is_encrypted ? "its passphrase is wrong, or it is damaged"
                               : "it is no PEM file in PKCS#8 form");
  }
  if (EVP_PKEY_base_id(key->pkey.get()) != EVP_PKEY_RSA) return BadKey("it is no RSA key");
  if (EVP_PKEY_bits(key->pkey.get()) < kKeyBitsMin) return BadKey("it has fewer than 2048 bits");
  return std::unique_ptr<KeyPairCredentials>(
      new KeyPairCredentials(std::move(key), identity, clock));
}

std::string KeyPairCredentials::public_key() const {
  const auto der = PublicKeyDer(key_->pkey.get());
  return Base64(der.data(), der.size());
}

Result<std::string> KeyPairCredentials::Sign(Instant now) const {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch();
  std::string claims = "{\"iss\":";
  AppendJsonString(claims, subject_ + "." + fingerprint_);
  claims += ",\"sub\":";
  AppendJsonString(claims, subject_);
  claims += ",\"iat\":" + std::to_string(seconds.count()) +
            ",\"exp\":" + std::to_string((seconds + kLifetime).count()) + "}";
  const std::string signed_text =
      ToBase64Url(R"({"alg":"RS256","typ":"JWT"})") + "." + ToBase64Url(claims);
  const std::unique_ptr<EVP_MD_CTX, FreeDigest> context(EVP_MD_CTX_new());
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(signed_text.data());
  std::size_t size = 0;
  bool done =
      EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_->pkey.get()) == 1 &&
      EVP_DigestSign(context.get(), nullptr, &size, bytes, signed_text.size()) == 1;
  std::string signature(size, '\0');
  done = done && EVP_DigestSign(context.get(), reinterpret_cast<std::uint8_t*>(signature.data()),
                                &size, bytes, signed_text.size()) == 1;
  ERR_clear_error();
  if (!done) return Fail(ErrorCode::kInternal, "the token for Snowflake could not be signed");
  signature.resize(size);
  return signed_text + "." + ToBase64Url(signature);
}

Result<AuthToken> KeyPairCredentials::Token() {
  const std::scoped_lock lock(mutex_);
  const Instant now = clock_.Now();
  const auto steady_now = clock_.SteadyNow();
  // A wall clock that was set back must not keep a token beyond its end, nor must steady time,
  // which stands still while a machine sleeps.
  const bool is_fresh = !token_.empty() && now < renew_at_ && now >= renew_at_ - kRenewAfter &&
                        steady_now < steady_renew_at_;
  if (!is_fresh) {
    REVOPS_TRY_ASSIGN(std::string token, Sign(now + clock_correction_));
    token_ = TakeSecret(std::move(token));
    renew_at_ = now + kRenewAfter;
    steady_renew_at_ = steady_now + kRenewAfter;
  }
  return AuthToken{"KEYPAIR_JWT", token_};
}

bool KeyPairCredentials::Renew(const AuthToken& refused, std::optional<Instant> server_now) {
  const std::scoped_lock lock(mutex_);
  if (token_ != refused.token) return true;
  if (server_now) {
    const auto error = *server_now - clock_.Now();
    clock_correction_ = std::chrono::abs(error) > kClockErrorMin ? error : error.zero();
  }
  token_ = Secret();
  return true;
}

}  // namespace revops::warehouse
