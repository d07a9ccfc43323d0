#include "core/net/client_peer_testing.h"

#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "core/base/check.h"
#include "core/net/client_socket.h"

namespace revops::net {
namespace {

template <auto kFree>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using ContextPtr = std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>>;
using SessionPtr = std::unique_ptr<SSL, Freed<SSL_free>>;

class PlainPeer final : public PeerConnection {
 public:
  explicit PlainPeer(int fd) : PeerConnection(fd) {}

 private:
  std::size_t ReadSome(char* space, std::size_t size) override {
    const ssize_t moved = ::recv(fd(), space, size, 0);
    return moved > 0 ? static_cast<std::size_t>(moved) : 0;
  }
  std::size_t WriteSome(std::string_view bytes) override {
    const ssize_t moved = ::send(fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    return moved > 0 ? static_cast<std::size_t>(moved) : 0;
  }
  void NoticeEnd() override {}
};

class TlsPeer final : public PeerConnection {
 public:
  TlsPeer(int fd, SSL* session) : PeerConnection(fd), session_(session) {}

 private:
  std::size_t ReadSome(char* space, std::size_t size) override {
    const int moved = SSL_read(session_, space, static_cast<int>(size));
    ERR_clear_error();
    return moved > 0 ? static_cast<std::size_t>(moved) : 0;
  }
  std::size_t WriteSome(std::string_view bytes) override {
    const int moved = SSL_write(session_, bytes.data(), static_cast<int>(bytes.size()));
    ERR_clear_error();
    return moved > 0 ? static_cast<std::size_t>(moved) : 0;
  }
  void NoticeEnd() override {
    SSL_shutdown(session_);
    ERR_clear_error();
  }

  SSL* session_;
};

X509* ReadCertificate(const std::string& pem) {
  BIO* const bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  X509* const certificate = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  return certificate;
}

EVP_PKEY* ReadKey(const std::string& pem) {
  BIO* const bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  EVP_PKEY* const key = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  return key;
}

int ChooseProtocol(SSL* /*session*/, const unsigned char** chosen, unsigned char* chosen_size,
                   const unsigned char* offered, unsigned offered_size, void* /*argument*/) {
  REVOPS_CHECK(offered_size > 0);
  *chosen = offered + 1;
  *chosen_size = offered[0];
  return SSL_TLSEXT_ERR_OK;
}

ContextPtr MakeContext(const PeerServer::Options& options) {
  ContextPtr context(SSL_CTX_new(TLS_server_method()));
  X509* const certificate = ReadCertificate(options.identity->certificate);
  EVP_PKEY* const key = ReadKey(options.identity->key);
  REVOPS_CHECK(SSL_CTX_use_certificate(context.get(), certificate) == 1);
  REVOPS_CHECK(SSL_CTX_use_PrivateKey(context.get(), key) == 1);
  X509_free(certificate);
  EVP_PKEY_free(key);
  // Old versions need the lowest level of OpenSSL; a client that takes them must be found out.
  SSL_CTX_set_security_level(context.get(), 0);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context.get(), options.tls_version_max);
  SSL_CTX_set_alpn_select_cb(context.get(), ChooseProtocol, nullptr);
  return context;
}

/// OpenSSL's own sockets raise it, and a client that has gone is nothing special here.
void BlockSigpipe() {
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
}

ClientAddress Loopback(bool is_ipv6) { return *ParseAddress(is_ipv6 ? "::1" : "127.0.0.1"); }

}  // namespace

bool HasIpv6() {
  const ClientAddress address = Loopback(true);
  const ClientFd fd(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto* const generic = reinterpret_cast<const sockaddr*>(&address.storage);
  return ::bind(fd.get(), generic, address.size) == 0;
}

std::string PeerConnection::ReadRequest() {
  char space[16 * 1024];
  std::size_t wanted = 0;
  while (true) {
    if (const std::size_t end = buffer_.find("\r\n\r\n"); end != std::string::npos) {
      const std::size_t field = buffer_.find("Content-Length: ");
      const bool has_length = field < end;
      wanted = end + 4;
      if (has_length) wanted += std::strtoul(buffer_.c_str() + field + 16, nullptr, 10);
    }
    if (wanted > 0 && buffer_.size() >= wanted) break;
    const std::size_t size = ReadSome(space, sizeof space);
    if (size == 0) wanted = buffer_.size();
    if (size == 0) break;
    buffer_.append(space, size);
  }
  std::string request = buffer_.substr(0, wanted);
  buffer_.erase(0, wanted);
  return request;
}

bool PeerConnection::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t sent = WriteSome(bytes);
    if (sent == 0) return false;
    bytes.remove_prefix(sent);
  }
  return true;
}

void PeerConnection::Close() {
  NoticeEnd();
  Cut();
}

void PeerConnection::Cut() {
  ::shutdown(fd_, SHUT_WR);
  tcp_info info{};
  socklen_t size = sizeof info;
  do {
    std::this_thread::yield();
    if (::getsockopt(fd_, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return;
  } while (info.tcpi_state == TCP_FIN_WAIT1);
}

void PeerConnection::Reset() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  // A disconnect, so that the descriptor stays the server's to close.
  sockaddr nobody{};
  nobody.sa_family = AF_UNSPEC;
  ::connect(fd_, &nobody, sizeof nobody);
}

void PeerConnection::WaitForEnd() {
  char space[16 * 1024];
  while (::recv(fd_, space, sizeof space, 0) > 0) {
  }
}

PeerServer::PeerServer(Script script, Options options)
    : script_(std::move(script)), options_(std::move(options)) {
  constexpr int kBacklog = 128;
  ClientAddress address = Loopback(options_.is_ipv6);
  auto* const generic = reinterpret_cast<sockaddr*>(&address.storage);
  listener_ = ClientFd(::socket(generic->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  REVOPS_CHECK(::bind(listener_.get(), generic, address.size) == 0);
  REVOPS_CHECK(::listen(listener_.get(), kBacklog) == 0);
  REVOPS_CHECK(::getsockname(listener_.get(), generic, &address.size) == 0);
  // Both families have the port in the same place.
  port_ = ntohs(reinterpret_cast<const sockaddr_in*>(generic)->sin_port);
  acceptor_ = std::thread([this] { Accept(); });
}

PeerServer::~PeerServer() {
  {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
    for (const int fd : fds_) ::shutdown(fd, SHUT_RDWR);
  }
  StopListening();
  acceptor_.join();
  for (std::thread& thread : threads_) thread.join();
}

void PeerServer::StopListening() { ::shutdown(listener_.get(), SHUT_RDWR); }

HttpOrigin PeerServer::origin() const {
  return {.tls = options_.identity.has_value(),
          .host = options_.is_ipv6 ? "::1" : "127.0.0.1",
          .port = port_};
}

std::string PeerServer::server_name() const {
  const std::lock_guard lock(mutex_);
  return server_name_;
}

std::string PeerServer::protocol() const {
  const std::lock_guard lock(mutex_);
  return protocol_;
}

void PeerServer::Accept() {
  BlockSigpipe();
  while (true) {
    const int fd = ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
    const std::lock_guard lock(mutex_);
    if (is_stopped_ || fd < 0) {
      if (fd >= 0) ::close(fd);
      return;
    }
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fds_.push_back(fd);
    threads_.emplace_back([this, fd] { Serve(fd); });
  }
}

void PeerServer::Serve(int fd) {
  if (!options_.identity) {
    ++connections_;
    PlainPeer peer(fd);
    script_(peer);
    peer.Cut();
    peer.WaitForEnd();
  } else {
    const ContextPtr context = MakeContext(options_);
    const SessionPtr session(SSL_new(context.get()));
    SSL_set_fd(session.get(), fd);
    if (SSL_accept(session.get()) == 1) {
      {
        const std::lock_guard lock(mutex_);
        const char* const name = SSL_get_servername(session.get(), TLSEXT_NAMETYPE_host_name);
        server_name_ = name == nullptr ? "" : name;
        const unsigned char* agreed = nullptr;
        unsigned size = 0;
        SSL_get0_alpn_selected(session.get(), &agreed, &size);
        protocol_.assign(agreed, agreed + size);
      }
      ++connections_;
      TlsPeer peer(fd, session.get());
      script_(peer);
      peer.Cut();
      peer.WaitForEnd();
    }
    ERR_clear_error();
  }
  const std::lock_guard lock(mutex_);
  fds_.erase(std::find(fds_.begin(), fds_.end(), fd));
  ::close(fd);
}

std::string Answer(std::string_view body, std::string_view fields) {
  return "HTTP/1.1 200 OK\r\n" + std::string(fields) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

PeerServer::Script Repeat(std::string answer) {
  return [answer = std::move(answer)](PeerConnection& peer) {
    while (!peer.ReadRequest().empty() && peer.Send(answer)) {
    }
  };
}

}  // namespace revops::net
