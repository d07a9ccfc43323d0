#pragma once

#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/net/client_patience.h"
#include "core/net/client_stream.h"
#include "core/net/http_client.h"

namespace revops::net {

/// TLS 1.2 and up as a client: whom to trust, and handshakes. Thread-safe.
class ClientTls {
 public:
  /// `ca_file`: PEM; empty for the system's.
  /// Errors: kInvalidArgument for a file that cannot be read.
  static Result<std::unique_ptr<ClientTls>> Make(const std::string& ca_file);
  ~ClientTls();

  /// Shakes hands as a client of `origin`, whose name or address the certificate must bear.
  /// The stream may outlive this object.
  /// Errors: origin net:tls; kPermissionDenied for a certificate that does not hold, kUnavailable,
  ///         kTimeout, kCancelled.
  Result<std::unique_ptr<ClientStream>> Connect(ClientFd socket, const HttpOrigin& origin,
                                                const ClientPatience& patience,
                                                ClientPatience::Time until) const;

 private:
  struct Impl;
  explicit ClientTls(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace revops::net
