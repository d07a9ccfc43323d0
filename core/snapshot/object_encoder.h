#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/snapshot/part.h"

namespace revops::snapshot {

/// Compresses and hashes content that arrives in pieces; holds the compressed bytes alone.
class ObjectEncoder {
 public:
  /// `size_bytes`: of the whole content, where it is known; small contents then cost little.
  explicit ObjectEncoder(std::optional<std::size_t> size_bytes = std::nullopt);
  ~ObjectEncoder();

  void Append(std::string_view content);
  /// Names and hands over what came. Once: afterwards the encoder is spent.
  EncodedObject Finish(std::string_view extension);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace revops::snapshot
