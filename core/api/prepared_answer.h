#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/coding.h"
#include "core/base/http.h"

namespace revops::api {

/// One answer rendered in every content coding, with its ETags and 304s: what is sent many times.
/// Immutable.
class PreparedAnswer {
 public:
  struct Variant {
    Coding coding = Coding::kIdentity;
    std::string etag;  ///< strong, with its quotes
    PreparedContent full;
    PreparedContent not_modified;
  };

  PreparedAnswer(const std::string& body, std::string_view content_type);

  /// The best of the variants for an Accept-Encoding field; nullptr when it refuses all.
  const Variant* Choose(std::string_view accept_encoding) const;
  /// The body without a coding.
  std::string_view body() const;

 private:
  std::array<Variant, kCodingCount> variants_;
};

}  // namespace revops::api
