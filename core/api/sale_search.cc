#include "core/api/sale_search.h"

#include <algorithm>
#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace revops::api {
namespace {

/// NULL last, whichever the direction.
template <class T, class CompareValues>
std::strong_ordering NullLast(const std::optional<T>& a, const std::optional<T>& b,
                              const CompareValues& compare) {
  if (a && b) return compare(*a, *b);
  return b.has_value() <=> a.has_value();
}

template <class T>
std::strong_ordering Ascending(const std::optional<T>& a, const std::optional<T>& b) {
  return NullLast(a, b, [](const T& x, const T& y) { return x <=> y; });
}

template <class T>
std::strong_ordering Descending(const std::optional<T>& a, const std::optional<T>& b) {
  return NullLast(a, b, [](const T& x, const T& y) { return y <=> x; });
}

std::strong_ordering CompareCanonically(const sales::Schema& schema, const sales::Sale& a,
                                        const sales::Sale& b) {
  std::vector<std::optional<std::string_view>> texts_of_a;
  std::vector<std::optional<std::string_view>> texts_of_b;
  return sales::CompareCanonically(schema, ToView(a, texts_of_a), ToView(b, texts_of_b));
}

/// A text that is compared as Fold would have it, without making one.
struct FoldedText {
  std::string_view text;

  friend std::strong_ordering operator<=>(const FoldedText& a, const FoldedText& b) {
    return std::lexicographical_compare_three_way(
        a.text.begin(), a.text.end(), b.text.begin(), b.text.end(),
        [](char x, char y) { return FoldedByte(x) <=> FoldedByte(y); });
  }

 private:
  static unsigned char FoldedByte(char c) {
    return static_cast<unsigned char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  }
};

/// nullopt: nothing to sort by.
std::optional<FoldedText> SortedText(const std::optional<std::string>& value) {
  if (!value) return std::nullopt;
  const std::string_view trimmed = sales::Trim(*value);
  return trimmed.empty() ? std::nullopt : std::optional(FoldedText{trimmed});
}

bool Holds(const std::vector<std::optional<std::string>>& labels,
           const std::optional<std::string_view>& label) {
  return std::any_of(labels.begin(), labels.end(), [&](const std::optional<std::string>& one) {
    return one.has_value() == label.has_value() && (!one || *one == *label);
  });
}

bool Takes(const sales::Selection& selection, const std::optional<std::string_view>& label) {
  if (!selection.include.empty() && !Holds(selection.include, label)) return false;
  return !Holds(selection.exclude, label);
}

}  // namespace

SaleSearch::SaleSearch(const SaleQuestion& question, const sales::Schema& schema,
                       const sales::Definitions& definitions)
    : question_(question), schema_(schema), normalizer_(schema, definitions) {}

bool SaleSearch::has_text(const sales::SaleView& row) const {
  const auto holds = [&](const std::optional<std::string_view>& value) {
    return value && sales::Fold(*value).find(question_.text) != std::string::npos;
  };
  if (holds(row.id)) return true;
  for (std::size_t i = 0; i < schema_.text_count(); ++i) {
    if (schema_.text(i).role == sales::ColumnRole::kText && holds(row.texts[i])) return true;
  }
  return false;
}

bool SaleSearch::Passes(const sales::SaleView& row) {
  const sales::Filter& filter = question_.filter;
  if (filter.from && (!row.sold_on || *row.sold_on < *filter.from)) return false;
  if (filter.to && (!row.sold_on || *row.sold_on >= *filter.to)) return false;
  for (std::size_t i = 0; i < filter.selections.size(); ++i) {
    const sales::Selection& selection = filter.selections[i];
    if (selection.is_everything()) continue;
    if (!Takes(selection, normalizer_.Label(i, row.texts[schema_.dimensions()[i]]))) return false;
  }
  return question_.text.empty() || has_text(row);
}

std::strong_ordering SaleSearch::CompareNewest(const sales::Sale& a, const sales::Sale& b) const {
  if (const auto by_date = Descending(a.sold_on, b.sold_on); by_date != 0) return by_date;
  const auto by_id = NullLast(a.id, b.id, [&](const std::string& x, const std::string& y) {
    return sales::CompareIds(schema_, y, x);
  });
  return by_id != 0 ? by_id : CompareCanonically(schema_, a, b);
}

std::strong_ordering SaleSearch::CompareKeys(const sales::Sale& a, const sales::Sale& b) const {
  const auto compare = [this](const auto& x, const auto& y) {
    return question_.order.descending ? Descending(x, y) : Ascending(x, y);
  };
  if (question_.order.key == SaleOrder::Key::kAmount) return compare(a.amount, b.amount);
  const std::size_t text = question_.order.text;
  return compare(SortedText(a.texts[text]), SortedText(b.texts[text]));
}

std::strong_ordering SaleSearch::Compare(const sales::Sale& a, const sales::Sale& b) const {
  if (question_.order.key == SaleOrder::Key::kDate) {
    return question_.order.descending ? CompareNewest(a, b) : CompareCanonically(schema_, a, b);
  }
  const auto by_key = CompareKeys(a, b);
  return by_key != 0 ? by_key : CompareNewest(a, b);
}

Result<void> SaleSearch::Write(std::span<const sales::SaleView> rows) {
  const auto is_before = [this](const sales::Sale& a, const sales::Sale& b) {
    return Compare(a, b) < 0;
  };
  for (const sales::SaleView& row : rows) {
    if (!Passes(row)) continue;
    sales::Sale sale = sales::ToSale(row);
    if (is_full()) {
      if (!is_before(sale, kept_.front())) continue;
      std::pop_heap(kept_.begin(), kept_.end(), is_before);
      kept_.pop_back();
    }
    kept_.push_back(std::move(sale));
    std::push_heap(kept_.begin(), kept_.end(), is_before);
  }
  return {};
}

std::vector<sales::Sale> SaleSearch::Take() {
  std::sort(kept_.begin(), kept_.end(),
            [this](const sales::Sale& a, const sales::Sale& b) { return Compare(a, b) < 0; });
  return std::exchange(kept_, {});
}

}  // namespace revops::api
