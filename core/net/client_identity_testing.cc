#include "core/net/client_identity_testing.h"

#include <unistd.h>

#include <array>
#include <fstream>
#include <memory>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <zlib.h>

#include "core/base/check.h"

namespace revops::net {
namespace {

constexpr long kDay = 24L * 60 * 60;

template <auto kFree>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;

std::string Text(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_ctrl(bio, BIO_CTRL_INFO, 0, static_cast<void*>(&data));
  return {data, static_cast<std::size_t>(size)};
}

std::string Pem(X509* certificate) {
  const Bio bio(BIO_new(BIO_s_mem()));
  REVOPS_CHECK(PEM_write_bio_X509(bio.get(), certificate) == 1);
  return Text(bio.get());
}

std::string Pem(EVP_PKEY* key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  REVOPS_CHECK(PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) ==
               1);
  return Text(bio.get());
}

Certificate ReadCertificate(const std::string& pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return Certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
}

Key ReadKey(const std::string& pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return Key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
}

void AddExtension(X509* certificate, X509* issuer, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str());
  REVOPS_CHECK(extension != nullptr);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

struct Wanted {
  std::string common_name;
  std::string names;
  bool is_authority = false;
  TestAuthority::Validity validity = TestAuthority::Validity::kNow;
};

void SetValidity(X509* certificate, TestAuthority::Validity validity) {
  long from = -kDay;
  if (validity == TestAuthority::Validity::kOver) from = -3 * kDay;
  if (validity == TestAuthority::Validity::kNotYet) from = kDay;
  X509_gmtime_adj(X509_getm_notBefore(certificate), from);
  X509_gmtime_adj(X509_getm_notAfter(certificate), from + 2 * kDay);
}

/// Signed by `issuer`, or by itself where there is none.
TestIdentity Make(const Wanted& wanted, const TestIdentity* issuer) {
  static long serial = 1;
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), ++serial);
  SetValidity(certificate.get(), wanted.validity);
  X509_set_pubkey(certificate.get(), key.get());
  const auto* const name = reinterpret_cast<const unsigned char*>(wanted.common_name.c_str());
  X509_NAME* const subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, name, -1, -1, 0);
  const Certificate signer = issuer == nullptr ? nullptr : ReadCertificate(issuer->certificate);
  const Key signer_key = issuer == nullptr ? nullptr : ReadKey(issuer->key);
  X509* const by = signer == nullptr ? certificate.get() : signer.get();
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(by));
  if (wanted.is_authority) {
    AddExtension(certificate.get(), by, NID_basic_constraints, "critical,CA:TRUE");
    AddExtension(certificate.get(), by, NID_key_usage, "critical,keyCertSign");
  } else {
    AddExtension(certificate.get(), by, NID_subject_alt_name, wanted.names);
  }
  EVP_PKEY* const by_key = signer_key == nullptr ? key.get() : signer_key.get();
  REVOPS_CHECK(X509_sign(certificate.get(), by_key, EVP_sha256()) > 0);
  return {Pem(certificate.get()), Pem(key.get())};
}

}  // namespace

TestAuthority::TestAuthority()
    : own_(
          Make({.common_name = "authority of tests", .names = {}, .is_authority = true}, nullptr)) {
  file_ = (std::filesystem::temp_directory_path() / "revops-ca-XXXXXX").string();
  const int fd = ::mkstemp(file_.data());
  REVOPS_CHECK(fd >= 0);
  ::close(fd);
  std::ofstream(file_) << own_.certificate;
}

TestAuthority::~TestAuthority() {
  std::error_code ignored;
  std::filesystem::remove(file_, ignored);
}

TestIdentity TestAuthority::Issue(const std::string& names, Validity validity) const {
  return Make(
      {.common_name = "localhost", .names = names, .is_authority = false, .validity = validity},
      &own_);
}

TestIdentity SelfSigned(const std::string& names) {
  return Make({.common_name = "localhost", .names = names}, nullptr);
}

std::string Gzip(const std::string& bytes) {
  constexpr int kGzip = 16 + MAX_WBITS;
  constexpr int kMemory = 8;
  z_stream stream{};
  REVOPS_CHECK(deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzip, kMemory,
                            Z_DEFAULT_STRATEGY) == Z_OK);
  std::string packed(deflateBound(&stream, bytes.size()), '\0');
  std::string input = bytes;
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  REVOPS_CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

}  // namespace revops::net
