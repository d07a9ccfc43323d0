#include <algorithm>
#include <utility>

#include "core/base/check.h"
#include "core/cube/accumulator.h"
#include "core/cube/cube.h"

namespace revops::cube {
namespace {

std::vector<std::string> DimensionColumns(const sales::Schema& schema) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < schema.dimension_count(); ++i) {
    names.push_back(schema.dimension(i).name);
  }
  return names;
}

/// Codes of labels by where the label rests: a normalizer gives the same view for the same text.
class PlaceCodes {
 public:
  std::uint32_t Code(const std::optional<std::string_view>& label) {
    if (!label) return 0;
    std::size_t slot = Home(label->data());
    while (slots_[slot].place != nullptr) {
      if (slots_[slot].place == label->data()) return slots_[slot].code;
      slot = (slot + 1) & (slots_.size() - 1);
    }
    slots_[slot] = {label->data(), labels_.Code(label)};
    const std::uint32_t code = slots_[slot].code;
    if (++used_ * 2 > slots_.size()) Grow();
    return code;
  }

  LabelCodes TakeLabels() && { return std::move(labels_); }

 private:
  struct Slot {
    const char* place = nullptr;
    std::uint32_t code = 0;
  };

  std::size_t Home(const char* place) const {
    const std::uint64_t bits = reinterpret_cast<std::uintptr_t>(place);
    return ((bits * 0x9E3779B97F4A7C15U) >> 32U) & (slots_.size() - 1);
  }

  void Grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& moved : old) {
      if (moved.place == nullptr) continue;
      std::size_t slot = Home(moved.place);
      while (slots_[slot].place != nullptr) slot = (slot + 1) & (slots_.size() - 1);
      slots_[slot] = moved;
    }
  }

  LabelCodes labels_;
  std::vector<Slot> slots_ = std::vector<Slot>(64);
  std::size_t used_ = 0;
};

/// Adds a cube's cells to a table under the codes of the merged dictionaries.
void AddCells(const CubeColumns& part, std::vector<LabelCodes>& labels, CellTable& table) {
  std::vector<std::vector<std::uint32_t>> merged_codes(part.dictionaries.size());
  for (std::size_t i = 0; i < part.dictionaries.size(); ++i) {
    merged_codes[i].push_back(0);
    for (const std::string& value : part.dictionaries[i].values) {
      merged_codes[i].push_back(labels[i].Code(value));
    }
  }
  std::vector<std::uint32_t> codes(part.dictionaries.size());
  for (std::size_t cell = 0; cell < part.cell_count(); ++cell) {
    for (std::size_t i = 0; i < codes.size(); ++i) {
      codes[i] = merged_codes[i][part.codes[i][cell]];
    }
    const std::uint32_t date = part.date_codes[cell];
    table.Add(date < part.dates.size() ? std::optional(part.dates[date]) : std::nullopt, codes,
              {part.rows[cell], part.priced[cell], Money::FromCents(part.cents[cell])});
  }
}

/// Whether every part's cells come after those of the parts before it: its first date after their
/// last one, undated cells in the last part alone.
bool follow_each_other(std::span<const CubeColumns* const> parts) {
  std::optional<Date> last;
  bool has_undated = false;
  for (const CubeColumns* part : parts) {
    if (part->cell_count() == 0) continue;
    if (has_undated || (last && !part->dates.empty() && part->dates.front() <= *last)) return false;
    if (!part->dates.empty()) last = part->dates.back();
    has_undated = part->date_codes.back() >= part->dates.size();
  }
  return true;
}

/// Appends a dimension: the labels of all parts, and each cell's code among them.
void AppendDimension(std::span<const CubeColumns* const> parts, std::size_t dimension,
                     CubeColumns& all) {
  LabelCodes labels;
  std::vector<std::vector<std::uint32_t>> arrivals;  // by part and the code that it has there
  for (const CubeColumns* part : parts) {
    arrivals.push_back({0});
    for (const std::string& value : part->dictionaries[dimension].values) {
      arrivals.back().push_back(labels.Code(value));
    }
  }
  LabelCodes::Sorted sorted = std::move(labels).Sort();
  std::vector<std::uint32_t>& codes = all.codes.emplace_back();
  codes.reserve(all.cell_count());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (const std::uint32_t code : parts[i]->codes[dimension]) {
      codes.push_back(sorted.codes[arrivals[i][code]]);
    }
  }
  all.dictionaries.push_back(
      {parts.front()->dictionaries[dimension].name, std::move(sorted.values)});
}

/// Merge of parts that follow each other: dictionaries are in one order everywhere, so the cells
/// are in theirs.
CubeColumns Concatenate(std::span<const CubeColumns* const> parts) {
  const auto append = [](auto& to, const auto& from) {
    to.insert(to.end(), from.begin(), from.end());
  };
  CubeColumns all;
  for (const CubeColumns* part : parts) {
    const auto first = static_cast<std::uint32_t>(all.dates.size());
    for (const std::uint32_t code : part->date_codes) all.date_codes.push_back(first + code);
    append(all.dates, part->dates);
    append(all.rows, part->rows);
    append(all.priced, part->priced);
    append(all.cents, part->cents);
  }
  for (std::size_t i = 0; i < parts.front()->dictionaries.size(); ++i) {
    AppendDimension(parts, i, all);
  }
  return all;
}

}  // namespace

struct CubeBuilder::Impl {
  Impl(const sales::Schema& for_schema, sales::Normalizer& with_normalizer)
      : schema(for_schema),
        normalizer(with_normalizer),
        labels(schema.dimension_count()),
        codes(schema.dimension_count()),
        table(schema.dimension_count()) {}

  sales::Schema schema;
  sales::Normalizer& normalizer;
  std::vector<PlaceCodes> labels;
  std::vector<std::uint32_t> codes;  ///< of the row being added
  CellTable table;
};

CubeBuilder::CubeBuilder(const sales::Schema& schema, sales::Normalizer& normalizer)
    : impl_(std::make_unique<Impl>(schema, normalizer)) {}
CubeBuilder::~CubeBuilder() = default;

void CubeBuilder::Add(const sales::SaleView& row) {
  Impl& impl = *impl_;
  const std::vector<std::size_t>& texts = impl.schema.dimensions();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    impl.codes[i] = impl.labels[i].Code(impl.normalizer.Label(i, row.texts[texts[i]]));
  }
  const Tally tally{1, row.amount ? 1U : 0U, row.amount.value_or(Money())};
  impl.table.Add(row.sold_on, impl.codes, tally);
}

CubeColumns CubeBuilder::Finish() {
  const auto finished =
      std::exchange(impl_, std::make_unique<Impl>(impl_->schema, impl_->normalizer));
  std::vector<LabelCodes> labels;
  for (PlaceCodes& places : finished->labels) labels.push_back(std::move(places).TakeLabels());
  return std::move(finished->table)
      .ToColumns(DimensionColumns(finished->schema), std::move(labels));
}

CubeColumns FromCells(const sales::Schema& schema, std::span<const CubeCell> cells) {
  std::vector<LabelCodes> labels(schema.dimension_count());
  std::vector<std::uint32_t> codes(schema.dimension_count());
  CellTable table(schema.dimension_count());
  for (const CubeCell& cell : cells) {
    if (cell.tally.deals == 0) continue;
    for (std::size_t i = 0; i < codes.size(); ++i) codes[i] = labels[i].Code(cell.labels[i]);
    table.Add(cell.sold_on, codes, cell.tally);
  }
  return std::move(table).ToColumns(DimensionColumns(schema), std::move(labels));
}

std::vector<CubeCell> ToCells(const CubeColumns& cube) {
  std::vector<CubeCell> cells(cube.cell_count());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    CubeCell& cell = cells[i];
    if (cube.date_codes[i] < cube.dates.size()) cell.sold_on = cube.dates[cube.date_codes[i]];
    for (std::size_t d = 0; d < cube.dictionaries.size(); ++d) {
      const std::uint32_t code = cube.codes[d][i];
      cell.labels.push_back(code == 0 ? std::nullopt
                                      : std::optional(cube.dictionaries[d].values[code - 1]));
    }
    cell.tally = {cube.rows[i], cube.priced[i], Money::FromCents(cube.cents[i])};
  }
  return cells;
}

CubeColumns Merge(std::span<const CubeColumns* const> parts) {
  if (parts.empty()) return {};
  std::vector<std::string> names;
  for (const Dictionary& dictionary : parts.front()->dictionaries) names.push_back(dictionary.name);
  for (const CubeColumns* part : parts) REVOPS_CHECK(part->dictionaries.size() == names.size());
  if (follow_each_other(parts)) return Concatenate(parts);
  std::vector<LabelCodes> labels(names.size());
  CellTable table(names.size());
  for (const CubeColumns* part : parts) AddCells(*part, labels, table);
  return std::move(table).ToColumns(names, std::move(labels));
}

}  // namespace revops::cube
