#include "core/net/raw_client.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

#include <arpa/inet.h>
#include <netinet/in.h>

#include "core/base/check.h"

namespace revops::net {
namespace {

constexpr int kPatienceMs = 10'000;

}  // namespace

RawClient::RawClient(std::uint16_t port, int receive_buffer)
    : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  REVOPS_CHECK(fd_ >= 0);
  if (receive_buffer > 0) {
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REVOPS_CHECK(::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
}

RawClient::~RawClient() { ::close(fd_); }

bool RawClient::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void RawClient::ShutdownSend() { ::shutdown(fd_, SHUT_WR); }

bool RawClient::Fill() {
  pollfd readable{fd_, POLLIN, 0};
  if (::poll(&readable, 1, kPatienceMs) != 1) return false;
  char bytes[65536];
  const ssize_t size = ::recv(fd_, bytes, sizeof bytes, 0);
  if (size <= 0) return false;
  buffer_.append(bytes, static_cast<std::size_t>(size));
  return true;
}

std::string RawClient::Take(std::size_t size) {
  while (buffer_.size() < size && Fill()) {
  }
  std::string taken = buffer_.substr(0, size);
  buffer_.erase(0, size);
  return taken;
}

std::string RawClient::ReadUntil(std::string_view mark) {
  std::size_t found = buffer_.find(mark);
  while (found == std::string::npos && Fill()) found = buffer_.find(mark);
  return Take(found == std::string::npos ? buffer_.size() : found + mark.size());
}

std::string RawClient::ReadChunks() {
  std::string body;
  while (true) {
    const std::string line = ReadUntil("\r\n");
    const std::size_t size = std::strtoul(line.c_str(), nullptr, 16);
    body += Take(size);
    const std::string end = Take(2);
    if (size == 0 || end.size() < 2) return body;
  }
}

RawClient::Response RawClient::Read(bool head_only) {
  Response response;
  response.head = ReadUntil("\r\n\r\n");
  if (response.head.size() < 12) return response;
  response.status = std::atoi(response.head.c_str() + 9);
  const bool bodiless =
      head_only || response.status < 200 || response.status == 204 || response.status == 304;
  if (bodiless) return response;
  const std::size_t length = response.head.find("Content-Length: ");
  if (length != std::string::npos) {
    response.body = Take(std::strtoul(response.head.c_str() + length + 16, nullptr, 10));
  } else if (response.head.find("chunked") != std::string::npos) {
    response.body = ReadChunks();
  } else {
    while (Fill()) {
    }
    response.body = Take(buffer_.size());
  }
  return response;
}

bool RawClient::SeesClose() {
  while (true) {
    pollfd readable{fd_, POLLIN, 0};
    if (::poll(&readable, 1, kPatienceMs) != 1) return false;
    char bytes[65536];
    if (::recv(fd_, bytes, sizeof bytes, 0) <= 0) return true;
  }
}

}  // namespace revops::net
