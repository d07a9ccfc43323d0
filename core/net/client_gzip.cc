#include "core/net/client_gzip.h"

#include <algorithm>
#include <array>

#include <zlib.h>

#include "core/base/check.h"

namespace revops::net {
namespace {

constexpr int kGzipAlone = 16 + MAX_WBITS;
constexpr std::size_t kPieceMax = std::size_t{1} << 20U;

}  // namespace

struct GzipBody::Stream {
  Stream() { REVOPS_CHECK(inflateInit2(&state, kGzipAlone) == Z_OK); }
  ~Stream() { inflateEnd(&state); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  Result Unpack(std::string_view packed, std::string& body, std::size_t body_bytes_max);

  z_stream state{};
  std::array<char, 16 * 1024> room{};
  bool ended = false;
};

GzipBody::Result GzipBody::Stream::Unpack(std::string_view packed, std::string& body,
                                          std::size_t body_bytes_max) {
  // zlib's own type for input is not const.
  state.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  state.avail_in = static_cast<uInt>(packed.size());
  do {
    if (ended) return state.avail_in == 0 ? Result::kComplete : Result::kDamaged;
    state.next_out = reinterpret_cast<Bytef*>(room.data());
    state.avail_out = static_cast<uInt>(room.size());
    const int status = inflate(&state, Z_NO_FLUSH);
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) return Result::kDamaged;
    const std::size_t size = room.size() - state.avail_out;
    if (size > body_bytes_max - body.size()) return Result::kTooLarge;
    body.append(room.data(), size);
    ended = status == Z_STREAM_END;
  } while (state.avail_in > 0 || state.avail_out == 0);
  return ended ? Result::kComplete : Result::kIncomplete;
}

GzipBody::GzipBody() : stream_(std::make_unique<Stream>()) {}

GzipBody::~GzipBody() = default;

GzipBody::Result GzipBody::Unpack(std::string_view packed, std::string& body,
                                  std::size_t body_bytes_max) {
  Result result = Result::kIncomplete;
  do {
    const std::string_view piece = packed.substr(0, kPieceMax);
    packed.remove_prefix(piece.size());
    result = stream_->Unpack(piece, body, body_bytes_max);
  } while (!packed.empty() && (result == Result::kIncomplete || result == Result::kComplete));
  return result;
}

}  // namespace revops::net
