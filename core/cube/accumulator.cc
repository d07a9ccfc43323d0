#include "core/cube/accumulator.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace revops::cube {

std::uint32_t LabelCodes::Code(const std::optional<std::string_view>& label) {
  if (!label) return 0;
  const auto next = static_cast<std::uint32_t>(labels_.size() + 1);
  const auto [found, is_new] = codes_.try_emplace(std::string(*label), next);
  if (is_new) labels_.push_back(&found->first);
  return found->second;
}

LabelCodes::Sorted LabelCodes::Sort() && {
  std::vector<std::uint32_t> order(labels_.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return *labels_[a] < *labels_[b]; });
  Sorted sorted;
  sorted.codes.resize(labels_.size() + 1);
  for (const std::uint32_t label : order) {
    sorted.values.push_back(*labels_[label]);
    sorted.codes[label + 1] = static_cast<std::uint32_t>(sorted.values.size());
  }
  return sorted;
}

CellTable::CellTable(std::size_t dimension_count) : width_(dimension_count + 1), slots_(256) {}

std::uint64_t CellTable::Hash(std::uint32_t date, const std::uint32_t* codes) const {
  std::uint64_t hash = date;
  for (std::size_t i = 0; i + 1 < width_; ++i) {
    hash = hash * 0x9E3779B97F4A7C15U + codes[i];
  }
  hash = (hash ^ (hash >> 32U)) * 0xD6E8FEB86659FD93U;
  return hash ^ (hash >> 32U);
}

std::uint32_t CellTable::CellOf(const std::optional<Date>& sold_on,
                                std::span<const std::uint32_t> codes) {
  const std::uint32_t date = DateKey(sold_on);
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = Hash(date, codes.data()) & mask;
  for (; slots_[slot] != 0; slot = (slot + 1) & mask) {
    const std::uint32_t cell = slots_[slot] - 1;
    if (key(cell)[0] == date && std::equal(codes.begin(), codes.end(), key(cell) + 1)) return cell;
  }
  keys_.push_back(date);
  keys_.insert(keys_.end(), codes.begin(), codes.end());
  tallies_.emplace_back();
  const auto count = static_cast<std::uint32_t>(tallies_.size());
  slots_[slot] = count;
  if (tallies_.size() * 2 > slots_.size()) Grow();
  return count - 1;
}

void CellTable::Grow() {
  slots_.assign(slots_.size() * 2, 0);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t cell = 0; cell < tallies_.size(); ++cell) {
    std::size_t slot = Hash(key(cell)[0], key(cell) + 1) & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = static_cast<std::uint32_t>(cell + 1);
  }
}

std::vector<Date> CellTable::TakeDates() {
  std::vector<std::uint32_t> dates;
  for (std::size_t cell = 0; cell < cell_count(); ++cell) {
    const std::uint32_t date = key(cell)[0];
    if (date != kUndated && (dates.empty() || dates.back() != date)) dates.push_back(date);
  }
  std::sort(dates.begin(), dates.end());
  dates.erase(std::unique(dates.begin(), dates.end()), dates.end());
  for (std::size_t cell = 0; cell < cell_count(); ++cell) {
    std::uint32_t& date = keys_[cell * width_];
    date = static_cast<std::uint32_t>(std::lower_bound(dates.begin(), dates.end(), date) -
                                      dates.begin());
  }
  std::vector<Date> taken;
  taken.reserve(dates.size());
  for (const std::uint32_t date : dates) taken.push_back(KeyDate(date));
  return taken;
}

std::vector<std::uint32_t> CellTable::SortedOrder() const {
  std::vector<std::uint32_t> order(cell_count());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::lexicographical_compare(key(a), key(a) + width_, key(b), key(b) + width_);
  });
  return order;
}

CubeColumns CellTable::ToColumns(const std::vector<std::string>& names,
                                 std::vector<LabelCodes> labels) && {
  CubeColumns columns;
  for (std::size_t i = 0; i < names.size(); ++i) {
    LabelCodes::Sorted sorted = std::move(labels[i]).Sort();
    for (std::size_t cell = 0; cell < cell_count(); ++cell) {
      std::uint32_t& code = keys_[cell * width_ + 1 + i];
      code = sorted.codes[code];
    }
    columns.dictionaries.push_back({names[i], std::move(sorted.values)});
  }
  columns.dates = TakeDates();
  columns.codes.resize(names.size());
  for (const std::uint32_t cell : SortedOrder()) {
    columns.date_codes.push_back(key(cell)[0]);
    for (std::size_t i = 0; i < names.size(); ++i) columns.codes[i].push_back(key(cell)[1 + i]);
    columns.rows.push_back(tallies_[cell].deals);
    columns.priced.push_back(tallies_[cell].priced);
    columns.cents.push_back(tallies_[cell].amount.cents());
  }
  return columns;
}

}  // namespace revops::cube
