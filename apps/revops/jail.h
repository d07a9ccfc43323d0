#pragma once

#include <cstdint>

#include "core/base/result.h"

namespace revops::app {

#if defined(__has_feature)
#define REVOPS_HAS_FEATURE(feature) __has_feature(feature)
#else
#define REVOPS_HAS_FEATURE(feature) 0
#endif
#if defined(__SANITIZE_THREAD__) || REVOPS_HAS_FEATURE(thread_sanitizer)
inline constexpr bool kHasThreadSanitizer = true;
#else
inline constexpr bool kHasThreadSanitizer = false;
#endif
#if defined(__SANITIZE_ADDRESS__) || REVOPS_HAS_FEATURE(address_sanitizer)
inline constexpr bool kHasAddressSanitizer = true;
#else
inline constexpr bool kHasAddressSanitizer = false;
#endif
#undef REVOPS_HAS_FEATURE

/// Whether JailLimits::address_space_bytes holds in this build: the sanitizers' shadows take
/// terabytes of address space.
inline constexpr bool kLimitsAddressSpace = !kHasThreadSanitizer && !kHasAddressSanitizer;

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
/// Errors: kUnavailable when the kernel refuses or the process has a second thread, which would
/// keep
///         its rights: then nothing may be parsed.
Result<void> EnterJail(int input, const JailLimits& limits = {});

/// Whether the kernel can keep other files closed to the jail (Landlock, Linux 5.13).
bool can_close_files();

}  // namespace revops::app
