#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/foreign/byte_source.h"

namespace revops::foreign {

/// The members of a .zip container, read in pieces.
class ZipArchive {
 public:
  static constexpr std::size_t kMembersMax = 10'000;
  static constexpr std::uint64_t kExpandedBytesMax = std::uint64_t{2} << 30U;
  static constexpr std::uint64_t kRatioMax = 200;  ///< of members beyond kRatioBytes
  static constexpr std::uint64_t kRatioBytes = std::uint64_t{64} << 20U;

  /// `source` stays the caller's and must outlive the result.
  static Result<std::unique_ptr<ZipArchive>> Open(const ByteSource& source);
  ~ZipArchive();

  /// In lower case.
  const std::vector<std::string>& names() const;
  bool has(std::string_view name) const;

  /// Gives the member's bytes in order until `receive` returns false. Case does not matter.
  /// Errors: kInvalidArgument when it is not there, encrypted, damaged or expands beyond measure;
  ///         what `receive` fails with.
  using Receive = std::function<Result<bool>(std::string_view piece)>;
  Result<void> Read(std::string_view name, const Receive& receive);

 private:
  struct Impl;
  explicit ZipArchive(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace revops::foreign
