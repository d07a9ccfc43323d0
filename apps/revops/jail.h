#pragma once

#include <cstdint>

#include "core/base/result.h"

namespace revops::app {

/// Whether JailLimits::address_space_bytes holds in this build: the sanitizers' shadows take
/// terabytes of address space.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kLimitsAddressSpace = false;
#elif defined(__has_feature)
inline constexpr bool kLimitsAddressSpace =
    !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer);
#else
inline constexpr bool kLimitsAddressSpace = true;
#endif

/// What a jailed process may use; beyond it calls fail or the process is killed.
struct JailLimits {
  std::uint64_t address_space_bytes = std::uint64_t{6} << 30U;
  std::uint64_t processor_seconds = 600;
  std::uint64_t file_bytes = std::uint64_t{16} << 30U;
};

/// Gives up, for good, what parsing a foreign file does not need. From then on the process can read
/// the file behind `input`, through its descriptor or by opening /proc/self/fd/`input`, and read
/// and write the descriptors that it has; it can open no other file, where the kernel has Landlock,
/// and none for writing on any kernel. A filter over system calls denies sockets, new programs and
/// processes, signals to and inspection of other processes, and raising the limits again.
/// Call it while the process has one thread.
/// Errors: kUnavailable when the kernel refuses: then nothing may be parsed.
Result<void> EnterJail(int input, const JailLimits& limits = {});

/// Whether the kernel can keep other files closed to the jail (Landlock, Linux 5.13).
bool can_close_files();

}  // namespace revops::app
