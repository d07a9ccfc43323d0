#include "core/cube/cube.h"

#include <utility>

#include "core/cube/answer.h"
#include "core/cube/prefix_sums.h"
#include "core/cube/sorted_cells.h"

namespace revops::cube {

struct Cube::Impl {
  explicit Impl(CubeColumns columns) : index(std::move(columns)), sums(PrefixSums::Build(index)) {
    if (sums && !sums->pays_off(index)) sums.reset();
  }

  CubeIndex index;
  std::optional<PrefixSums> sums;
};

Cube::Cube(CubeColumns columns) : impl_(std::make_unique<Impl>(std::move(columns))) {}
Cube::~Cube() = default;
Cube::Cube(Cube&&) noexcept = default;
Cube& Cube::operator=(Cube&&) noexcept = default;

const CubeColumns& Cube::columns() const { return impl_->index.columns; }

std::optional<std::string_view> Cube::label(std::size_t dimension, std::uint32_t code) const {
  if (code == 0) return std::nullopt;
  return columns().dictionaries[dimension].values[code - 1];
}

void Cube::Query(const sales::Filter& filter, CubeAnswer& answer) const {
  const DateSpan span = SpanOf(impl_->index, filter);
  PrepareAnswer(impl_->index, filter, answer);
  if (const auto& sums = impl_->sums) {
    sums->Add(impl_->index, span, answer);
  } else {
    ScanCells(impl_->index, span, answer);
  }
  FinishAnswer(answer);
}

}  // namespace revops::cube
