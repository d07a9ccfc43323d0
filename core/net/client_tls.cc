// OpenSSL over a BIO of our own: OpenSSL's socket BIO would raise SIGPIPE, and a write that fails
// there would end the whole session, although the peer's answer may already have arrived.

#include "core/net/client_tls.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "core/base/check.h"
#include "core/net/client_origin.h"

namespace revops::net {
namespace {

constexpr std::string_view kOrigin = "net:tls";

/// Where systems keep the certificates that they trust, for a build whose own OpenSSL was
/// configured for another system.
constexpr const char* kSystemCaFiles[] = {
    "/etc/ssl/certs/ca-certificates.crt",  // Debian, Ubuntu, Alpine
    "/etc/pki/tls/certs/ca-bundle.crt",    // Amazon Linux, Fedora
    "/etc/ssl/cert.pem",
};

template <auto kFree>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using ContextPtr = std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>>;
using SessionPtr = std::unique_ptr<SSL, Freed<SSL_free>>;
using MethodPtr = std::unique_ptr<BIO_METHOD, Freed<BIO_meth_free>>;

/// What OpenSSL's side of the socket has seen.
struct Wire {
  int fd = -1;
  /// Received and not yet asked for: a handshake is read in pieces of a few bytes.
  std::array<char, 4096> received;
  std::string_view unread;
  bool is_ended = false;         ///< nothing more can be read
  bool is_write_broken = false;  ///< nothing more can be written
};

Wire& WireOf(BIO* bio) { return *static_cast<Wire*>(BIO_get_data(bio)); }

int Take(Wire& wire, std::span<char> space) {
  const std::size_t size = wire.unread.copy(space.data(), space.size());
  wire.unread.remove_prefix(size);
  return static_cast<int>(size);
}

int WireRead(BIO* bio, char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  Wire& wire = WireOf(bio);
  const std::span<char> space(bytes, static_cast<std::size_t>(size));
  if (!wire.unread.empty()) return Take(wire, space);
  const bool is_small = space.size() < wire.received.size();
  const ClientIo io = ReceiveFrom(wire.fd, is_small ? std::span<char>(wire.received) : space);
  if (io.kind == ClientIo::Kind::kMoved) {
    if (!is_small) return static_cast<int>(io.size);
    wire.unread = {wire.received.data(), io.size};
    return Take(wire, space);
  }
  if (io.kind == ClientIo::Kind::kBlocked) {
    BIO_set_retry_read(bio);
    return -1;
  }
  wire.is_ended = true;
  return io.kind == ClientIo::Kind::kClosed ? 0 : -1;
}

int WireWrite(BIO* bio, const char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const ClientIo io = SendTo(WireOf(bio).fd, {bytes, static_cast<std::size_t>(size)});
  if (io.kind == ClientIo::Kind::kMoved) return static_cast<int>(io.size);
  if (io.kind != ClientIo::Kind::kBlocked) WireOf(bio).is_write_broken = true;
  BIO_set_retry_write(bio);
  return -1;
}

long WireControl(BIO* bio, int command, long /*number*/, void* /*pointer*/) {
  if (command == BIO_CTRL_FLUSH) return 1;
  return command == BIO_CTRL_EOF && WireOf(bio).is_ended ? 1 : 0;
}

MethodPtr MakeWireMethod() {
  // OpenSSL has some hundred of these numbers to give away.
  static const int index = BIO_get_new_index();
  MethodPtr method(BIO_meth_new(index | BIO_TYPE_SOURCE_SINK, "revops"));
  REVOPS_CHECK(method != nullptr);
  BIO_meth_set_read(method.get(), WireRead);
  BIO_meth_set_write(method.get(), WireWrite);
  BIO_meth_set_ctrl(method.get(), WireControl);
  return method;
}

/// The newest reason of this thread's queue, which is emptied.
std::string TakeReason() {
  const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return reason == nullptr ? "the connection ended" : reason;
}

/// The context and the method that its sessions read and write with.
struct Shared {
  MethodPtr method;
  ContextPtr context;
};

class TlsStream final : public ClientStream {
 public:
  TlsStream(ClientFd fd, std::shared_ptr<const Shared> shared)
      : ClientStream(std::move(fd)), shared_(std::move(shared)) {}

  ~TlsStream() override {
    if (is_open_ && !wire_.is_write_broken) SSL_shutdown(session_.get());
    ERR_clear_error();
  }

  bool Prepare(const HttpOrigin& origin);
  /// 0 once hands are shaken, the events to wait for, or -1.
  int ShakeHands();
  bool is_certificate_refused() const { return SSL_get_verify_result(session_.get()) != X509_V_OK; }
  const char* certificate_problem() const {
    return X509_verify_cert_error_string(SSL_get_verify_result(session_.get()));
  }

  ClientIo Read(std::span<char> space) override;
  ClientIo Write(std::string_view bytes) override;

 private:
  ClientIo Conclude(int result);

  std::shared_ptr<const Shared> shared_;
  Wire wire_;
  SessionPtr session_;
  bool is_open_ = false;
};

bool TlsStream::Prepare(const HttpOrigin& origin) {
  session_.reset(SSL_new(shared_->context.get()));
  wire_.fd = fd();
  BIO* const bio = BIO_new(shared_->method.get());
  if (session_ == nullptr || bio == nullptr) {
    BIO_free(bio);
    return false;
  }
  BIO_set_data(bio, &wire_);
  BIO_set_init(bio, 1);
  SSL_set_bio(session_.get(), bio, bio);
  X509_VERIFY_PARAM* const expected = SSL_get0_param(session_.get());
  if (IsAddress(origin.host)) {
    return X509_VERIFY_PARAM_set1_ip_asc(expected, origin.host.c_str()) == 1;
  }
  X509_VERIFY_PARAM_set_hostflags(
      expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  if (X509_VERIFY_PARAM_set1_host(expected, origin.host.c_str(), origin.host.size()) != 1) {
    return false;
  }
// OpenSSL's is a macro with a cast of C in it.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast"
  return SSL_set_tlsext_host_name(session_.get(), origin.host.c_str()) == 1;
#pragma GCC diagnostic pop
}

int TlsStream::ShakeHands() {
  ERR_clear_error();
  const int result = SSL_connect(session_.get());
  is_open_ = result == 1;
  if (is_open_) return 0;
  const int error = SSL_get_error(session_.get(), result);
  if (error == SSL_ERROR_WANT_READ) return POLLIN;
  return error == SSL_ERROR_WANT_WRITE && !wire_.is_write_broken ? POLLOUT : -1;
}

/// OpenSSL counts in ints; what is more waits for the next call.
int AtOnce(std::size_t size) {
  return static_cast<int>(std::min<std::size_t>(size, std::numeric_limits<int>::max()));
}

ClientIo TlsStream::Conclude(int result) {
  if (result > 0) return ClientIo::Moved(static_cast<std::size_t>(result));
  switch (SSL_get_error(session_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return ClientIo::Blocked(POLLIN);
    case SSL_ERROR_WANT_WRITE:
      if (wire_.is_write_broken) return {ClientIo::Kind::kBroken, 0, 0};
      return ClientIo::Blocked(POLLOUT);
    case SSL_ERROR_ZERO_RETURN:
      return {ClientIo::Kind::kClosed, 0, 0};
    default:
      is_open_ = false;
      return {wire_.is_ended ? ClientIo::Kind::kBroken : ClientIo::Kind::kFailed, 0, 0};
  }
}

ClientIo TlsStream::Read(std::span<char> space) {
  ERR_clear_error();
  return Conclude(SSL_read(session_.get(), space.data(), AtOnce(space.size())));
}

ClientIo TlsStream::Write(std::string_view bytes) {
  ERR_clear_error();
  return Conclude(SSL_write(session_.get(), bytes.data(), AtOnce(bytes.size())));
}

bool SetUp(SSL_CTX* context) {
  constexpr std::array<unsigned char, 9> kProtocols = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_read_ahead(context, 1);  // one recv for a record, not two
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
         SSL_CTX_set_alpn_protos(context, kProtocols.data(), kProtocols.size()) == 0;
}

bool IsReadable(const char* path) { return ::access(path, R_OK) == 0; }

/// Whether certificates lie there under the hashes of their names, which is how one is found.
/// Amazon Linux has the folder that BoringSSL looks into, and none by that name.
bool HasCertificates(const char* folder) {
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
    if (entry.path().extension() == ".0") return true;
  }
  return false;
}

void TrustTheSystem(SSL_CTX* context) {
  SSL_CTX_set_default_verify_paths(context);
  const bool is_told = std::getenv(X509_get_default_cert_file_env()) != nullptr ||
                       std::getenv(X509_get_default_cert_dir_env()) != nullptr;
  if (is_told || IsReadable(X509_get_default_cert_file()) ||
      HasCertificates(X509_get_default_cert_dir())) {
    return;
  }
  for (const char* const file : kSystemCaFiles) {
    if (SSL_CTX_load_verify_locations(context, file, nullptr) == 1) return;
  }
}

}  // namespace

struct ClientTls::Impl {
  std::shared_ptr<const Shared> shared;
};

ClientTls::ClientTls(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

ClientTls::~ClientTls() = default;

Result<std::unique_ptr<ClientTls>> ClientTls::Make(const std::string& ca_file) {
  auto shared = std::make_shared<Shared>();
  shared->method = MakeWireMethod();
  shared->context.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX* const context = shared->context.get();
  if (context == nullptr || !SetUp(context)) {
    return Fail(ErrorCode::kInternal, "cannot set up TLS: " + TakeReason(), std::string(kOrigin));
  }
  if (ca_file.empty()) {
    TrustTheSystem(context);
  } else if (SSL_CTX_load_verify_locations(context, ca_file.c_str(), nullptr) != 1) {
    return Fail(ErrorCode::kInvalidArgument,
                "cannot read certificates from " + ca_file + ": " + TakeReason(),
                std::string(kOrigin));
  }
  ERR_clear_error();
  return std::unique_ptr<ClientTls>(new ClientTls(std::make_unique<Impl>(Impl{std::move(shared)})));
}

Result<std::unique_ptr<ClientStream>> ClientTls::Connect(ClientFd socket, const HttpOrigin& origin,
                                                         const ClientPatience& patience,
                                                         ClientPatience::Time until) const {
  const std::string peer = Describe(origin);
  auto stream = std::make_unique<TlsStream>(std::move(socket), impl_->shared);
  if (!stream->Prepare(origin)) {
    return Fail(ErrorCode::kUnavailable, "cannot start TLS with " + peer + ": " + TakeReason(),
                std::string(kOrigin));
  }
  while (true) {
    const int events = stream->ShakeHands();
    if (events == 0) return std::unique_ptr<ClientStream>(std::move(stream));
    if (events < 0) break;
    auto outcome = patience.Check(until);
    if (outcome == ClientPatience::Outcome::kReady) {
      outcome = patience.Wait(stream->fd(), static_cast<short>(events), until);
    }
    if (outcome != ClientPatience::Outcome::kReady) {
      return patience.GaveUp(outcome, until, "no TLS handshake with " + peer + " in time", kOrigin);
    }
  }
  if (stream->is_certificate_refused()) {
    ERR_clear_error();
    return Fail(ErrorCode::kPermissionDenied,
                "the certificate of " + peer + " does not hold: " + stream->certificate_problem(),
                std::string(kOrigin));
  }
  return Fail(ErrorCode::kUnavailable, "no TLS with " + peer + ": " + TakeReason(),
              std::string(kOrigin));
}

}  // namespace revops::net
