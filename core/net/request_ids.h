#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace revops::net {

/// Ids of requests: unique, not secret. 64 bits that name the event loop, then a scrambled
/// counter that does not repeat within 2^64 requests. One thread.
class RequestIds {
 public:
  RequestIds(std::uint64_t loop_id, std::uint64_t first) : loop_id_(loop_id), counter_(first) {}

  using Id = std::array<char, 32>;

  void Next(Id& id) {
    WriteHex(loop_id_, id.data());
    WriteHex(Scramble(++counter_), id.data() + 16);
  }

 private:
  /// The finaliser of SplitMix64: a bijection.
  static std::uint64_t Scramble(std::uint64_t value) {
    value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9U;
    value = (value ^ (value >> 27U)) * 0x94D049BB133111EBU;
    return value ^ (value >> 31U);
  }

  static void WriteHex(std::uint64_t value, char* out) {
    constexpr std::string_view kHex = "0123456789abcdef";
    for (int i = 15; i >= 0; --i) {
      out[i] = kHex[value & 15U];
      value >>= 4U;
    }
  }

  std::uint64_t loop_id_;
  std::uint64_t counter_;
};

}  // namespace revops::net
