#include "core/net/request_reader.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace revops::net {
namespace {

constexpr std::size_t kBodySpace = 8 * 1024;
constexpr std::size_t kSpaceMin = 2 * 1024;
constexpr std::size_t kBodyKept = 64 * 1024;
constexpr std::size_t kPieceSize = 256 * 1024;

constexpr Refusal kBodyTooLarge{413, "the request body is too large"};

ChunkedBody::Limits ChunkLimits(const HttpLimits& limits) {
  return {limits.body_bytes_max, limits.head_bytes_max};
}

}  // namespace

RequestReader::RequestReader(const HttpLimits& limits, const HostRules& hosts)
    : limits_(limits),
      hosts_(hosts),
      capacity_(limits.head_bytes_max + kBodySpace),
      buffer_(std::make_unique_for_overwrite<char[]>(capacity_)),
      chunked_(ChunkLimits(limits)) {}

std::span<char> RequestReader::space() {
  if (phase_ == Phase::kHead && begin_ > 0 && capacity_ - end_ < kSpaceMin) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  return {buffer_.get() + end_, capacity_ - end_};
}

RequestReader::Step RequestReader::Next() {
  if (phase_ == Phase::kHead) {
    const Step step = ReadHead();
    if (step != Step::kReady || phase_ == Phase::kReady) return step;
    return Step::kHead;
  }
  if (phase_ == Phase::kBodyBegins) BeginBody();
  if (phase_ == Phase::kBody) return ReadBody();
  return phase_ == Phase::kReady ? Step::kReady : Step::kRefused;
}

RequestReader::Step RequestReader::ReadHead() {
  const std::string_view bytes(buffer_.get() + begin_,
                               std::min(end_ - begin_, limits_.head_bytes_max));
  switch (scanner_.Scan(bytes)) {
    case HeadScanner::Result::kIncomplete:
      if (bytes.size() < limits_.head_bytes_max) return Step::kNeedMore;
      return Refuse({431, "the request line and fields are too large"});
    case HeadScanner::Result::kBareLineFeed:
      return Refuse({400, "a line does not end with CRLF"});
    case HeadScanner::Result::kComplete:
      break;
  }
  return AcceptHead(bytes.substr(0, scanner_.size()));
}

RequestReader::Step RequestReader::AcceptHead(std::string_view bytes) {
  if (const auto refusal = ReadRequestHead(bytes, limits_.fields_max, head_)) {
    return Refuse(*refusal);
  }
  if (!hosts_.Allows(head_.host)) return Refuse({421, "this server does not answer for that Host"});
  head_end_ = body_at_ = begin_ + bytes.size();
  phase_ = head_.has_body() ? Phase::kBodyBegins : Phase::kReady;
  body_bytes_max_ = limits_.body_bytes_max;
  dropped_bytes_ = 0;
  streams_body_ = body_complete_ = false;
  if (head_.chunked) chunked_ = ChunkedBody(ChunkLimits(limits_));
  continue_due_ = head_.expects_continue && head_.has_body() && body_at_ == end_;
  return Step::kReady;
}

void RequestReader::StreamBody(std::uint64_t bytes_max) {
  body_bytes_max_ = bytes_max;
  streams_body_ = true;
  // What all chunks carry together is counted here: the decoder sees one piece at a time.
  chunked_ = ChunkedBody({std::numeric_limits<std::size_t>::max(), limits_.head_bytes_max});
}

void RequestReader::DropPiece() {
  dropped_bytes_ += body_.size();
  body_.clear();
}

void RequestReader::BeginBody() {
  phase_ = Phase::kBody;
  if (head_.content_length > body_bytes_max_) Refuse(kBodyTooLarge);
}

ChunkedBody::Result RequestReader::TakeBody(std::string_view& bytes) {
  if (head_.chunked) return chunked_.Decode(bytes, body_);
  const std::uint64_t left = head_.content_length - body_size();
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left, bytes.size()));
  body_.append(bytes.substr(0, size));
  bytes.remove_prefix(size);
  return size == left ? ChunkedBody::Result::kComplete : ChunkedBody::Result::kIncomplete;
}

RequestReader::Step RequestReader::ReadBody() {
  if (body_complete_) {
    phase_ = Phase::kReady;
    return Step::kReady;
  }
  std::string_view bytes(buffer_.get() + body_at_, end_ - body_at_);
  const ChunkedBody::Result result = TakeBody(bytes);
  body_at_ = end_ - bytes.size();
  if (body_size() > body_bytes_max_) return Refuse(kBodyTooLarge);
  switch (result) {
    case ChunkedBody::Result::kMalformed:
      return Refuse({400, "malformed chunked body"});
    case ChunkedBody::Result::kTooLarge:
      return Refuse(kBodyTooLarge);
    case ChunkedBody::Result::kComplete:
      body_complete_ = true;
      if (streams_body_ && !body_.empty()) return Step::kPiece;
      phase_ = Phase::kReady;
      return Step::kReady;
    case ChunkedBody::Result::kIncomplete:
      break;
  }
  end_ = body_at_ = head_end_;
  if (streams_body_ && body_.size() >= kPieceSize) return Step::kPiece;
  if (!continue_due_) return Step::kNeedMore;
  continue_due_ = false;
  return Step::kContinue;
}

RequestReader::Step RequestReader::Refuse(const Refusal& refusal) {
  phase_ = Phase::kRefused;
  refusal_ = refusal;
  return Step::kRefused;
}

void RequestReader::Consume() {
  begin_ = body_at_;
  if (begin_ == end_) begin_ = end_ = 0;
  phase_ = Phase::kHead;
  scanner_.Reset();
  head_.Clear();
  body_.clear();
  if (body_.capacity() > kBodyKept) body_ = std::string();
}

}  // namespace revops::net
