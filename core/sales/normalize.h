#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/sales/definitions.h"
#include "core/sales/sale.h"

namespace revops::sales {

/// Without U+0009–000D, U+0020 and U+00A0 at both ends; other spaces stay.
std::string_view Trim(std::string_view text);
/// A–Z → a–z, nothing else.
std::string Fold(std::string_view text);
/// Nothing is left after Trim.
bool is_blank(std::string_view text);

/// Turns raw dimension values into the labels that figures are split by (metrics.md section 2):
///   status: "open" … "unknown"; never missing
///   stage:  the listed name, or the trimmed text when it is unlisted; missing when NULL or blank
///   others: trimmed and aliased; missing when NULL or blank
/// Remembers what it has seen, so that a row costs a hash look-up a dimension. Not thread-safe.
class Normalizer {
 public:
  Normalizer(const Schema& schema, const Definitions& definitions);
  ~Normalizer();
  Normalizer(Normalizer&&) noexcept;
  Normalizer& operator=(Normalizer&&) noexcept;

  /// The label of dimension `dimension` (index into Schema::dimensions()); nullopt: the unknown
  /// group. The view lives as long as the normalizer; equal raw texts give the very same view.
  std::optional<std::string_view> Label(std::size_t dimension,
                                        const std::optional<std::string_view>& raw);

  /// Whether the label is none of Definitions::stages.
  bool is_unlisted_stage(std::string_view label) const;

 private:
  /// What a dimension has seen: raw text → label. Its labels never move.
  class Memory;

  std::optional<std::string> Compute(std::size_t dimension, std::string_view raw) const;

  Schema schema_;
  Definitions definitions_;
  std::vector<std::unique_ptr<Memory>> memory_;
};

}  // namespace revops::sales
