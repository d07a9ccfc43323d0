#include "core/net/response_writer.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/base/check.h"
#include "core/net/refusal.h"

namespace revops::net {
namespace {

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::string_view kFramingFields[] = {"Content-Length", "Transfer-Encoding", "Connection",
                                               "Date", "X-Request-Id"};

bool IsSafeName(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(),
                                      [](char c) { return c > 0x20 && c < 0x7F && c != ':'; });
}

bool IsSafeValue(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= 0x20 && byte != 0x7F) || c == '\t';
  });
}

bool AreSafe(const HttpResponse& response) {
  return std::all_of(response.headers.begin(), response.headers.end(), [](const auto& field) {
    return IsSafeName(field.first) && IsSafeValue(field.second);
  });
}

bool IsFramingField(std::string_view name) {
  return std::any_of(std::begin(kFramingFields), std::end(kFramingFields),
                     [name](std::string_view ours) { return EqualsIgnoreCase(ours, name); });
}

bool HasBody(int status) { return status >= 200 && status != 204 && status != 304; }

}  // namespace

void ResponseWriter::Start(HttpResponse&& response, const ResponseFrame& frame) {
  Reset();
  response_ = std::move(response);
  const bool valid_status = response_.status >= 200 && response_.status <= 999;
  if (!valid_status || !AreSafe(response_)) {
    response_ = RefusalResponse({500, "the answer could not be sent"}, frame.request_id);
  }
  const bool sends_body = !frame.head_only && HasBody(response_.status);
  ComposeHead(frame);
  AddPart({head_.data(), head_size_});
  if (response_.prepared != nullptr) {
    const std::string_view bytes = response_.prepared->bytes;
    AddPart(sends_body ? bytes : bytes.substr(0, response_.prepared->header_size));
    return;
  }
  ComposeFields(frame);
  AddPart(fields_);
  streams_ = sends_body && response_.stream != nullptr;
  if (sends_body && !streams_) AddPart(response_.body);
}

void ResponseWriter::StartBytes(std::string bytes) {
  Reset();
  fields_ = std::move(bytes);
  AddPart(fields_);
}

void ResponseWriter::StartContinue() {
  Reset();
  AddPart(kContinue);
}

void ResponseWriter::ComposeHead(const ResponseFrame& frame) {
  const int status = response_.status;
  const char digits[] = {static_cast<char>('0' + status / 100),
                         static_cast<char>('0' + status / 10 % 10),
                         static_cast<char>('0' + status % 10)};
  AppendHead("HTTP/1.1 ");
  AppendHead({digits, sizeof digits});
  AppendHead(" ");
  AppendHead(ReasonPhrase(status));
  AppendHead("\r\n");
  AppendHead(frame.date_line);
  AppendHead("X-Request-Id: ");
  AppendHead(frame.request_id);
  AppendHead("\r\n");
  if (frame.close) {
    AppendHead("Connection: close\r\n");
  } else if (frame.http_1_0) {
    AppendHead("Connection: keep-alive\r\n");
  }
}

void ResponseWriter::ComposeFields(const ResponseFrame& frame) {
  for (const auto& [name, value] : response_.headers) {
    if (IsFramingField(name)) continue;
    fields_.append(name).append(": ").append(value).append("\r\n");
  }
  if (response_.stream) {
    if (!frame.http_1_0) fields_ += "Transfer-Encoding: chunked\r\n";
  } else if (HasBody(response_.status)) {
    fields_ += "Content-Length: " + std::to_string(response_.body.size()) + "\r\n";
  }
  fields_ += "\r\n";
}

void ResponseWriter::AppendHead(std::string_view text) {
  REVOPS_CHECK(text.size() <= head_.size() - head_size_);
  std::memcpy(head_.data() + head_size_, text.data(), text.size());
  head_size_ += text.size();
}

void ResponseWriter::AddPart(std::string_view bytes) {
  if (bytes.empty()) return;
  parts_[count_++] = {const_cast<char*>(bytes.data()), bytes.size()};
}

void ResponseWriter::Consume(std::size_t size) {
  while (size > 0 && first_ < count_) {
    iovec& part = parts_[first_];
    const std::size_t taken = std::min(size, part.iov_len);
    part.iov_base = static_cast<char*>(part.iov_base) + taken;
    part.iov_len -= taken;
    size -= taken;
    if (part.iov_len == 0) ++first_;
  }
}

void ResponseWriter::Release() {
  Reset();
  response_ = HttpResponse();
}

void ResponseWriter::Reset() {
  head_size_ = first_ = count_ = 0;
  streams_ = false;
  fields_.clear();
}

}  // namespace revops::net
