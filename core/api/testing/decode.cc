#include "core/api/testing/decode.h"

#include <cstdint>
#include <memory>

#include <brotli/decode.h>
#include <gtest/gtest.h>
#include <zlib.h>

namespace revops::api {
namespace {

std::string DecodeGzip(std::string_view bytes) {
  z_stream stream{};
  constexpr int kGzipWindow = 15 + 16;
  EXPECT_EQ(inflateInit2(&stream, kGzipWindow), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string out;
  std::string buffer(64 * 1024, '\0');
  int state = Z_OK;
  while (state == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    state = inflate(&stream, Z_NO_FLUSH);
    out.append(buffer, 0, buffer.size() - stream.avail_out);
  }
  EXPECT_EQ(state, Z_STREAM_END);
  EXPECT_EQ(stream.avail_in, 0U);
  inflateEnd(&stream);
  return out;
}

std::string DecodeBrotli(std::string_view bytes) {
  const std::unique_ptr<BrotliDecoderState, decltype(&BrotliDecoderDestroyInstance)> decoder(
      BrotliDecoderCreateInstance(nullptr, nullptr, nullptr), &BrotliDecoderDestroyInstance);
  const auto* next_in = reinterpret_cast<const std::uint8_t*>(bytes.data());
  std::size_t available_in = bytes.size();
  std::string out;
  std::string buffer(64 * 1024, '\0');
  BrotliDecoderResult state = BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;
  while (state == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) {
    auto* next_out = reinterpret_cast<std::uint8_t*>(buffer.data());
    std::size_t available_out = buffer.size();
    state = BrotliDecoderDecompressStream(decoder.get(), &available_in, &next_in, &available_out,
                                          &next_out, nullptr);
    out.append(buffer, 0, buffer.size() - available_out);
  }
  EXPECT_EQ(state, BROTLI_DECODER_RESULT_SUCCESS);
  EXPECT_EQ(available_in, 0U);
  return out;
}

}  // namespace

std::string Decode(Coding coding, std::string_view bytes) {
  switch (coding) {
    case Coding::kBrotli:
      return DecodeBrotli(bytes);
    case Coding::kGzip:
      return DecodeGzip(bytes);
    case Coding::kIdentity:
      break;
  }
  return std::string(bytes);
}

}  // namespace revops::api
