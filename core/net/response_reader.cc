#include "core/net/response_reader.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace revops::net {
namespace {

constexpr std::size_t kReserveMax = std::size_t{1} << 20U;

}  // namespace

ResponseReader::Step ResponseReader::Take(std::string_view& bytes) {
  Step step = Step::kNeedMore;
  while (step == Step::kNeedMore && phase_ == Phase::kHead && !bytes.empty()) {
    step = TakeHead(bytes);
  }
  if (phase_ == Phase::kBody) return TakeBody(bytes);
  if (phase_ == Phase::kDone) return Step::kDone;
  return phase_ == Phase::kFailed ? Step::kFailed : step;
}

ResponseReader::Step ResponseReader::TakeHead(std::string_view& bytes) {
  const std::size_t before = head_bytes_.size();
  const std::size_t room = limits_.head_bytes_max - interim_bytes_ - before;
  head_bytes_.append(bytes.substr(0, room));
  switch (scanner_.Scan(head_bytes_)) {
    case HeadScanner::Result::kIncomplete:
      if (bytes.size() >= room) return Fail("the status line and fields are too large");
      bytes.remove_prefix(bytes.size());
      return Step::kNeedMore;
    case HeadScanner::Result::kBareLineFeed:
      return Fail("a line does not end with CRLF");
    case HeadScanner::Result::kComplete:
      break;
  }
  bytes.remove_prefix(scanner_.size() - before);
  head_bytes_.resize(scanner_.size());
  return AcceptHead();
}

ResponseReader::Step ResponseReader::AcceptHead() {
  ResponseHead head;
  if (const auto problem = ReadResponseHead(head_bytes_, to_head_, head); !problem.empty()) {
    return Fail(problem);
  }
  if (head.is_interim()) {
    interim_bytes_ += head_bytes_.size();
    head_bytes_.clear();
    scanner_.Reset();
    return Step::kNeedMore;
  }
  response_.status = head.status;
  for (const HttpField& field : head.fields) {
    response_.headers.emplace_back(field.name, field.value);
  }
  keep_alive_ = head.keep_alive;
  framing_ = head.framing;
  length_left_ = head.content_length;
  if (head.gzip) gzip_.emplace();
  phase_ = Phase::kBody;
  if (framing_ == ResponseHead::Framing::kNone) return Finish();
  if (framing_ == ResponseHead::Framing::kLength) {
    if (!gzip_ && length_left_ > limits_.body_bytes_max) return FailTooLarge();
    response_.body.reserve(std::min(length_left_, kReserveMax));
  }
  // Of packed chunks only what they unpack to is bounded.
  const std::size_t chunked_bytes_max =
      gzip_ ? std::numeric_limits<std::size_t>::max() : limits_.body_bytes_max;
  chunks_ = ChunkedBody({chunked_bytes_max, limits_.head_bytes_max});
  return Step::kNeedMore;
}

ResponseReader::Step ResponseReader::TakeBody(std::string_view& bytes) {
  switch (framing_) {
    case ResponseHead::Framing::kLength:
      return TakeLength(bytes);
    case ResponseHead::Framing::kChunked:
      return TakeChunks(bytes);
    case ResponseHead::Framing::kClose:
    case ResponseHead::Framing::kNone:
      break;
  }
  return Append(std::exchange(bytes, {}));
}

ResponseReader::Step ResponseReader::TakeLength(std::string_view& bytes) {
  const std::string_view data = bytes.substr(0, length_left_);
  bytes.remove_prefix(data.size());
  length_left_ -= data.size();
  const Step step = Append(data);
  return step == Step::kNeedMore && length_left_ == 0 ? Finish() : step;
}

ResponseReader::Step ResponseReader::TakeChunks(std::string_view& bytes) {
  packed_.clear();
  const ChunkedBody::Result result = chunks_.Decode(bytes, gzip_ ? packed_ : response_.body);
  if (result == ChunkedBody::Result::kMalformed) return Fail("malformed chunked body");
  if (result == ChunkedBody::Result::kTooLarge) return FailTooLarge();
  const Step step = gzip_ ? Append(packed_) : Step::kNeedMore;
  return step == Step::kNeedMore && result == ChunkedBody::Result::kComplete ? Finish() : step;
}

ResponseReader::Step ResponseReader::Append(std::string_view data) {
  std::string& body = response_.body;
  if (!gzip_) {
    if (data.size() > limits_.body_bytes_max - body.size()) return FailTooLarge();
    body.append(data);
    return Step::kNeedMore;
  }
  if (data.empty()) return Step::kNeedMore;
  switch (gzip_->Unpack(data, body, limits_.body_bytes_max)) {
    case GzipBody::Result::kComplete:
      gzip_complete_ = true;
      return Step::kNeedMore;
    case GzipBody::Result::kIncomplete:
      return Step::kNeedMore;
    case GzipBody::Result::kTooLarge:
      return FailTooLarge();
    case GzipBody::Result::kDamaged:
      break;
  }
  return Fail("a damaged gzip body");
}

ResponseReader::Step ResponseReader::End() {
  if (phase_ == Phase::kDone) return Step::kDone;
  if (phase_ == Phase::kFailed) return Step::kFailed;
  if (!has_begun()) return Fail("closed without an answer");
  if (phase_ == Phase::kHead) return Fail("closed within the fields");
  if (framing_ == ResponseHead::Framing::kClose) return Finish();
  return Fail("closed within the body");
}

ResponseReader::Step ResponseReader::Finish() {
  if (gzip_ && !gzip_complete_) return Fail("a truncated gzip body");
  phase_ = Phase::kDone;
  return Step::kDone;
}

ResponseReader::Step ResponseReader::Fail(std::string_view problem) {
  phase_ = Phase::kFailed;
  failure_ = Error{ErrorCode::kUnavailable, std::string(problem), "net:http", {}};
  return Step::kFailed;
}

ResponseReader::Step ResponseReader::FailTooLarge() {
  phase_ = Phase::kFailed;
  failure_ = Error{ErrorCode::kResourceExhausted,
                   "a body of more than " + std::to_string(limits_.body_bytes_max) + " bytes",
                   "net:http",
                   {}};
  return Step::kFailed;
}

}  // namespace revops::net
