#include "core/foreign/zip_archive.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include <minizip/unzip.h>

namespace revops::foreign {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 16U;
constexpr const char* kDamaged = "the workbook is damaged; open it and save it anew";

Unexpected Refuse(std::string sentence) {
  return Fail(ErrorCode::kInvalidArgument, std::move(sentence));
}

/// What minizip reads through.
struct Stream {
  const ByteSource* source = nullptr;
  std::uint64_t at = 0;
  bool has_failed = false;
};

voidpf OpenStream(voidpf opaque, const void* /*name*/, int /*mode*/) { return opaque; }

uLong ReadStream(voidpf /*opaque*/, voidpf stream, void* out, uLong size) {
  auto* self = static_cast<Stream*>(stream);
  uLong done = 0;
  while (done < size) {
    const auto got = self->source->ReadAt(self->at, {static_cast<char*>(out) + done, size - done});
    if (!got) self->has_failed = true;
    if (!got || *got == 0) break;
    self->at += *got;
    done += *got;
  }
  return done;
}

ZPOS64_T TellStream(voidpf /*opaque*/, voidpf stream) { return static_cast<Stream*>(stream)->at; }

long SeekStream(voidpf /*opaque*/, voidpf stream, ZPOS64_T offset, int origin) {
  auto* self = static_cast<Stream*>(stream);
  const std::uint64_t size = self->source->size();
  std::uint64_t from = 0;
  if (origin == ZLIB_FILEFUNC_SEEK_CUR) from = self->at;
  if (origin == ZLIB_FILEFUNC_SEEK_END) from = size;
  const std::uint64_t to = from + offset;
  if (to < from || to > size) return -1;
  self->at = to;
  return 0;
}

int CloseStream(voidpf /*opaque*/, voidpf /*stream*/) { return 0; }

int HasStreamFailed(voidpf /*opaque*/, voidpf stream) {
  return static_cast<Stream*>(stream)->has_failed ? 1 : 0;
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '\\') c = '/';
  }
  return lower;
}

}  // namespace

struct ZipArchive::Impl {
  Stream stream;
  unzFile file = nullptr;
  std::vector<std::string> names;
  std::map<std::string, unz64_file_pos, std::less<>> places;

  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (file != nullptr) unzClose(file);
  }

  Result<void> ListMembers() {
    int state = unzGoToFirstFile(file);
    for (; state == UNZ_OK; state = unzGoToNextFile(file)) {
      if (names.size() == kMembersMax) return Refuse("the workbook has too many parts");
      std::array<char, 1024> name{};
      unz_file_info64 about{};
      unz64_file_pos place{};
      if (unzGetCurrentFileInfo64(file, &about, name.data(), name.size() - 1, nullptr, 0, nullptr,
                                  0) != UNZ_OK ||
          unzGetFilePos64(file, &place) != UNZ_OK) {
        return Refuse(kDamaged);
      }
      names.push_back(LowerCase(name.data()));
      places.emplace(names.back(), place);
    }
    return state == UNZ_END_OF_LIST_OF_FILE ? Result<void>() : Refuse(kDamaged);
  }

  /// The current member's bytes.
  Result<void> Expand(std::uint64_t compressed_bytes, const Receive& receive) {
    std::vector<char> piece(kPieceBytes);
    std::uint64_t expanded = 0;
    for (;;) {
      const int got = unzReadCurrentFile(file, piece.data(), static_cast<unsigned>(piece.size()));
      if (got < 0) return Refuse(kDamaged);
      if (got == 0) break;
      expanded += static_cast<std::uint64_t>(got);
      const bool is_bomb = expanded > kRatioBytes &&
                           expanded / kRatioMax > std::max<std::uint64_t>(1, compressed_bytes);
      if (expanded > kExpandedBytesMax || is_bomb) {
        return Refuse("the workbook expands to more than may be read; split it or save it as CSV");
      }
      REVOPS_TRY_ASSIGN(const bool goes_on, receive({piece.data(), static_cast<std::size_t>(got)}));
      if (!goes_on) return {};
    }
    return unzCloseCurrentFile(file) == UNZ_CRCERROR ? Refuse(kDamaged) : Result<void>();
  }
};

ZipArchive::ZipArchive(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ZipArchive::~ZipArchive() = default;

Result<std::unique_ptr<ZipArchive>> ZipArchive::Open(const ByteSource& source) {
  auto impl = std::make_unique<Impl>();
  impl->stream.source = &source;
  zlib_filefunc64_def functions{OpenStream, ReadStream,  nullptr,         TellStream,
                                SeekStream, CloseStream, HasStreamFailed, &impl->stream};
  impl->file = unzOpen2_64("", &functions);
  if (impl->file == nullptr) return Refuse("it is no workbook, or not a whole one");
  REVOPS_TRY(impl->ListMembers());
  return std::unique_ptr<ZipArchive>(new ZipArchive(std::move(impl)));
}

const std::vector<std::string>& ZipArchive::names() const { return impl_->names; }

bool ZipArchive::has(std::string_view name) const {
  return impl_->places.contains(LowerCase(name));
}

Result<void> ZipArchive::Read(std::string_view name, const Receive& receive) {
  const auto place = impl_->places.find(LowerCase(name));
  unz_file_info64 about{};
  if (place == impl_->places.end() || unzGoToFilePos64(impl_->file, &place->second) != UNZ_OK ||
      unzGetCurrentFileInfo64(impl_->file, &about, nullptr, 0, nullptr, 0, nullptr, 0) != UNZ_OK) {
    return Refuse(kDamaged);
  }
  if ((about.flag & 1U) != 0) {
    return Refuse("it is locked with a password; save it without one");
  }
  if (unzOpenCurrentFile(impl_->file) != UNZ_OK) return Refuse(kDamaged);
  auto read = impl_->Expand(about.compressed_size, receive);
  unzCloseCurrentFile(impl_->file);
  return read;
}

}  // namespace revops::foreign
