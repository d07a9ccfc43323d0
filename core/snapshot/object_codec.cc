#include <algorithm>
#include <utility>

#include <zstd.h>

#include "core/base/check.h"
#include "core/base/sha256.h"
#include "core/snapshot/object_encoder.h"
#include "core/snapshot/part.h"

namespace revops::snapshot {
namespace {

constexpr int kLevel = 1;
constexpr std::size_t kOutBytesMin = 512;
/// What decoding allocates before it has seen that the content is really that long.
constexpr std::size_t kTrustedBytes = std::size_t{8} << 20U;
constexpr std::uint64_t kSizeMax = std::uint64_t{1} << 40U;

Unexpected Damaged(const ObjectRef& ref, std::string_view what) {
  return Fail(ErrorCode::kCorrupt, "object " + ref.key() + " " + std::string(what));
}

struct DecompressionDeleter {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

/// The decompressed frame, if it is whole and exactly `size` bytes long.
std::optional<std::string> Decompress(std::string_view bytes, std::uint64_t size) {
  if (size > kSizeMax) return std::nullopt;
  const std::unique_ptr<ZSTD_DCtx, DecompressionDeleter> context(ZSTD_createDCtx());
  REVOPS_CHECK(context != nullptr);
  std::string content;
  std::size_t filled = 0;
  ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
  while (true) {
    if (filled == content.size()) {
      const std::uint64_t room = std::max<std::uint64_t>(kTrustedBytes, 2 * content.size());
      content.resize(std::min(room, size + 1));
    }
    ZSTD_outBuffer out{content.data(), content.size(), filled};
    const std::size_t taken = in.pos;
    const std::size_t left = ZSTD_decompressStream(context.get(), &out, &in);
    if (ZSTD_isError(left) != 0 || out.pos > size) return std::nullopt;
    const bool is_stuck = out.pos == filled && in.pos == taken;
    filled = out.pos;
    if (left == 0) break;
    if (is_stuck) return std::nullopt;
  }
  if (filled != size || in.pos != in.size) return std::nullopt;
  content.resize(filled);
  return content;
}

}  // namespace

struct ObjectEncoder::Impl {
  Sha256 hash;
  std::uint64_t size_bytes = 0;
  ZSTD_CCtx* context = ZSTD_createCCtx();
  std::string bytes;
  std::size_t filled = 0;

  Impl() {
    REVOPS_CHECK(context != nullptr);
    REVOPS_CHECK(ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, kLevel)) ==
                 0);
  }
  ~Impl() { ZSTD_freeCCtx(context); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void Compress(std::string_view content, ZSTD_EndDirective directive) {
    ZSTD_inBuffer in{content.data(), content.size(), 0};
    std::size_t left = 1;
    while (in.pos < in.size || (directive == ZSTD_e_end && left != 0)) {
      if (bytes.size() == filled) bytes.resize(std::max(2 * bytes.size(), kOutBytesMin));
      ZSTD_outBuffer out{bytes.data(), bytes.size(), filled};
      left = ZSTD_compressStream2(context, &out, &in, directive);
      REVOPS_CHECK(ZSTD_isError(left) == 0);
      filled = out.pos;
    }
  }
};

ObjectEncoder::ObjectEncoder(std::optional<std::size_t> size_bytes)
    : impl_(std::make_unique<Impl>()) {
  if (!size_bytes) return;
  REVOPS_CHECK(ZSTD_isError(ZSTD_CCtx_setPledgedSrcSize(impl_->context, *size_bytes)) == 0);
}
ObjectEncoder::~ObjectEncoder() = default;

void ObjectEncoder::Append(std::string_view content) {
  impl_->hash.Update(content);
  impl_->size_bytes += content.size();
  impl_->Compress(content, ZSTD_e_continue);
}

EncodedObject ObjectEncoder::Finish(std::string_view extension) {
  impl_->Compress({}, ZSTD_e_end);
  impl_->bytes.resize(impl_->filled);
  impl_->bytes.shrink_to_fit();
  return {{impl_->hash.FinishHex(), std::string(extension), impl_->size_bytes},
          std::move(impl_->bytes)};
}

EncodedObject EncodeObject(std::string_view content, std::string_view extension) {
  ObjectEncoder encoder(content.size());
  encoder.Append(content);
  return encoder.Finish(extension);
}

Result<std::string> DecodeObject(std::string_view bytes, const ObjectRef& ref) {
  auto content = Decompress(bytes, ref.size_bytes);
  if (!content) return Damaged(ref, "does not decompress to its recorded size");
  if (Sha256::Hex(*content) != ref.sha256) return Damaged(ref, "does not match its hash");
  return *std::move(content);
}

}  // namespace revops::snapshot
