#include <algorithm>
#include <deque>
#include <unordered_map>
#include <utility>

#include "core/base/check.h"
#include "core/sales/normalize.h"
#include "core/snapshot/csv.h"
#include "core/snapshot/part.h"

namespace revops::snapshot {
namespace {

/// Walks the ids object of one month.
class IdCursor {
 public:
  IdCursor(std::string content, bool is_numeric)
      : content_(std::move(content)), rest_(content_), is_numeric_(is_numeric) {}
  IdCursor(const IdCursor&) = delete;
  IdCursor& operator=(const IdCursor&) = delete;

  bool is_at_end() const { return is_at_end_; }
  std::string_view id() const { return id_; }

  Result<void> Next() {
    is_at_end_ = rest_.empty();
    if (is_at_end_) return {};
    return is_numeric_ ? NextNumber() : NextText();
  }

  std::strong_ordering Compare(const IdCursor& other) const {
    return is_numeric_ ? number_ <=> other.number_ : id_ <=> other.id_;
  }

 private:
  static Unexpected Damaged() {
    return Fail(ErrorCode::kCorrupt, "an ids object is not written as it should be");
  }

  Result<void> NextText() {
    unescaped_.clear();
    const auto field = TakeCsvField(rest_, unescaped_);
    if (!field || !field->value || !field->ends_row) return Damaged();
    id_ = *field->value;
    return {};
  }

  Result<void> NextNumber() {
    const auto end = rest_.find('\n');
    if (end == std::string_view::npos) return Damaged();
    id_ = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    const auto number = is_shortest_decimal(id_) ? ParseDecimal(id_) : std::nullopt;
    if (!number) return Damaged();
    number_ = *number;
    return {};
  }

  std::string content_;
  std::string_view rest_;
  bool is_numeric_;
  bool is_at_end_ = false;
  std::string_view id_;
  Int128 number_ = 0;
  std::deque<std::string> unescaped_;
};

struct SharedIds {
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  /// Id → the last part in which a row of it is accounted for; at first the id's first part.
  std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> last_parts;
  std::vector<bool> part_has_later_rows;
};

/// Merges the parts' ids, which are sorted, to find those that occur in several.
class IdMerge {
 public:
  explicit IdMerge(const std::vector<std::unique_ptr<IdCursor>>& cursors) : cursors_(cursors) {
    shared_.part_has_later_rows.resize(cursors.size());
    for (std::size_t part = 0; part < cursors.size(); ++part) {
      if (!cursors[part]->is_at_end()) heap_.push_back(part);
    }
    std::make_heap(heap_.begin(), heap_.end(), After{cursors_});
  }

  Result<SharedIds> Run() {
    while (!heap_.empty()) {
      std::pop_heap(heap_.begin(), heap_.end(), After{cursors_});
      const std::size_t part = heap_.back();
      heap_.pop_back();
      REVOPS_TRY(TakeRun(part));
      if (cursors_[part]->is_at_end()) continue;
      heap_.push_back(part);
      std::push_heap(heap_.begin(), heap_.end(), After{cursors_});
    }
    return std::move(shared_);
  }

 private:
  /// Smallest id on top, of equal ids the earliest part.
  struct After {
    const std::vector<std::unique_ptr<IdCursor>>& cursors;
    bool operator()(std::size_t a, std::size_t b) const {
      const auto order = cursors[a]->Compare(*cursors[b]);
      return order != 0 ? order > 0 : a > b;
    }
  };

  /// Takes the part's ids up to the next one of another part.
  Result<void> TakeRun(std::size_t part) {
    IdCursor& cursor = *cursors_[part];
    do {
      if (id_ == cursor.id()) {
        shared_.last_parts.emplace(*id_, id_part_);
        shared_.part_has_later_rows[part] = true;
      } else {
        id_ = cursor.id();
        id_part_ = part;
      }
      REVOPS_TRY(cursor.Next());
    } while (!cursor.is_at_end() && (heap_.empty() || !After{cursors_}(part, heap_.front())));
    return {};
  }

  const std::vector<std::unique_ptr<IdCursor>>& cursors_;
  std::vector<std::size_t> heap_;
  std::optional<std::string> id_;  ///< the last one taken
  std::size_t id_part_ = 0;        ///< its first part
  SharedIds shared_;
};

/// Counts the first row of each shared id in one part, unless it is the id's first part.
class SharedIdCounter final : public sales::SaleSink {
 public:
  SharedIdCounter(SharedIds& shared, sales::LedgerEntry& entry) : shared_(shared), entry_(entry) {}

  void set_part(std::size_t part) { part_ = part; }

  Result<void> Write(std::span<const sales::SaleView> rows) override {
    for (const sales::SaleView& row : rows) {
      if (!row.id) continue;
      const auto found = shared_.last_parts.find(*row.id);
      if (found == shared_.last_parts.end() || found->second >= part_) continue;
      found->second = part_;
      ++entry_.rows;
      if (row.amount) entry_.amount += *row.amount;
    }
    return {};
  }

 private:
  SharedIds& shared_;
  sales::LedgerEntry& entry_;
  std::size_t part_ = 0;
};

Result<SharedIds> FindSharedIds(const sales::Schema& schema, const std::vector<Part>& parts,
                                const LoadObject& load) {
  std::vector<std::unique_ptr<IdCursor>> cursors;
  for (const Part& part : parts) {
    REVOPS_CHECK(part.ids_object.has_value());
    REVOPS_TRY_ASSIGN(std::string content, load(*part.ids_object));
    cursors.push_back(std::make_unique<IdCursor>(std::move(content), schema.has_numeric_ids()));
    REVOPS_TRY(cursors.back()->Next());
  }
  return IdMerge(cursors).Run();
}

void CountFuture(const cube::CubeColumns& cube, Date business_date, sales::LedgerEntry& entry) {
  for (std::size_t i = 0; i < cube.cell_count(); ++i) {
    if (cube.date_codes[i] >= cube.dates.size()) continue;
    if (cube.dates[cube.date_codes[i]] <= business_date) continue;
    entry.rows += cube.rows[i];
    entry.amount += Money::FromCents(cube.cents[i]);
  }
}

}  // namespace

Result<sales::LedgerEntry> CountDuplicatesAcrossMonths(const sales::Schema& schema,
                                                       const std::vector<Part>& parts,
                                                       const LoadObject& load) {
  sales::LedgerEntry entry;
  for (const Part& part : parts) {
    if (!part.ids_object || !part.rows_object) return entry;
  }
  REVOPS_TRY_ASSIGN(SharedIds shared, FindSharedIds(schema, parts, load));
  SharedIdCounter counter(shared, entry);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::optional<ObjectRef>& object = parts[i].rows_object;
    if (!object || !shared.part_has_later_rows[i]) continue;
    REVOPS_TRY_ASSIGN(const std::string rows, load(*object));
    counter.set_part(i);
    REVOPS_TRY(ReadRows(rows, schema, counter));
  }
  return entry;
}

Result<sales::Ledger> CompleteLedger(const LedgerInputs& inputs, const LoadObject& load) {
  sales::Ledger ledger;
  for (const Part& part : inputs.parts) ledger += part.ledger;
  CountFuture(inputs.cube, inputs.business_date, ledger[sales::LedgerReason::kDateFuture]);
  REVOPS_TRY_ASSIGN(const sales::LedgerEntry across,
                    CountDuplicatesAcrossMonths(inputs.schema, inputs.parts, load));
  sales::LedgerEntry& conflicting = ledger[sales::LedgerReason::kDuplicateConflicting];
  conflicting.rows += across.rows;
  conflicting.amount += across.amount;
  return ledger;
}

}  // namespace revops::snapshot
