#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/base/clock.h"
#include "core/net/client_identity_testing.h"
#include "core/net/client_patience.h"
#include "core/net/http_client.h"

namespace revops::net {

/// One connection of a PeerServer, as its script sees it. Every wait ends with the client or the
/// server; nothing is checked or repaired on the way.
class PeerConnection {
 public:
  virtual ~PeerConnection() = default;

  /// The head of the next request with its Content-Length body; what there was when it ended.
  std::string ReadRequest();
  bool Send(std::string_view bytes);
  /// Ends in order, with TLS's notice and TCP's; returns once the client's system knows.
  void Close();
  /// Ends TCP alone, as a crash would; returns once the client's system knows.
  void Cut();
  /// Throws away what was not delivered.
  void Reset();
  /// Waits until the client ends the connection; what it sends is dropped.
  void WaitForEnd();

 protected:
  explicit PeerConnection(int fd) : fd_(fd) {}
  int fd() const { return fd_; }

 private:
  virtual std::size_t ReadSome(char* space, std::size_t size) = 0;
  virtual std::size_t WriteSome(std::string_view bytes) = 0;
  virtual void NoticeEnd() = 0;

  int fd_;
  std::string buffer_;
};

/// A server on loopback that does to each connection what the script says, each on its own thread.
/// A script that returns has cut its connection.
class PeerServer {
 public:
  using Script = std::function<void(PeerConnection&)>;

  struct Options {
    std::optional<TestIdentity> identity;  ///< none: plain TCP
    int tls_version_max = 0;               ///< of OpenSSL; 0: the newest
    bool is_ipv6 = false;                  ///< on ::1 instead of 127.0.0.1
  };

  explicit PeerServer(Script script) : PeerServer(std::move(script), Options()) {}
  PeerServer(Script script, Options options);
  ~PeerServer();
  PeerServer(const PeerServer&) = delete;
  PeerServer& operator=(const PeerServer&) = delete;

  HttpOrigin origin() const;
  /// New connections are refused from now on.
  void StopListening();
  /// Connections that the script has seen.
  int connections() const { return connections_; }
  /// The host that the last TLS client asked for; empty: none.
  std::string server_name() const;
  /// The protocol that was agreed on with the last TLS client.
  std::string protocol() const;

 private:
  void Accept();
  void Serve(int fd);

  Script script_;
  Options options_;
  ClientFd listener_;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_ = 0;
  mutable std::mutex mutex_;
  std::string server_name_;
  std::string protocol_;
  bool is_stopped_ = false;
  std::vector<int> fds_;  ///< of connections that are being served
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

/// Whether this machine has ::1.
bool HasIpv6();

/// Steady time that stands still until a test moves it, from any thread. `on_reading` is called
/// with the number of each reading.
class SteeredClock final : public Clock {
 public:
  Instant Now() const override { return {}; }
  SteadyTime SteadyNow() const override {
    const int reading = ++readings_;
    if (on_reading) on_reading(reading);
    return SteadyTime(std::chrono::milliseconds(milliseconds_.load()));
  }
  void Advance(std::chrono::milliseconds by) { milliseconds_ += by.count(); }

  std::function<void(int reading)> on_reading;  ///< set before use

 private:
  mutable std::atomic<int> readings_ = 0;
  std::atomic<std::int64_t> milliseconds_ = 3'600'000;
};

/// "HTTP/1.1 200 OK" with a Content-Length.
std::string Answer(std::string_view body, std::string_view fields = {});

/// Answers every request of a connection with `answer`.
PeerServer::Script Repeat(std::string answer);

}  // namespace revops::net
