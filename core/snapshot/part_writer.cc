#include <unordered_map>
#include <utility>

#include "core/sales/normalize.h"
#include "core/snapshot/csv.h"
#include "core/snapshot/id_list.h"
#include "core/snapshot/object_encoder.h"
#include "core/snapshot/part.h"

namespace revops::snapshot {
namespace {

/// Rows are hashed and compressed in pieces of about this size.
constexpr std::size_t kPieceBytes = std::size_t{256} << 10U;

/// Counts rows whose id occurred on an earlier date of the same month.
class RepeatedIdCounter final : public sales::SaleSink {
 public:
  explicit RepeatedIdCounter(const std::vector<std::string>& ids) {
    for (const std::string& id : ids) last_dates_.emplace(id, std::nullopt);
  }

  Result<void> Write(std::span<const sales::SaleView> rows) override {
    for (const sales::SaleView& row : rows) {
      if (!row.id || !row.sold_on) continue;
      const auto found = last_dates_.find(std::string(*row.id));
      if (found == last_dates_.end() || found->second == row.sold_on) continue;
      if (found->second) {
        ++entry_.rows;
        if (row.amount) entry_.amount += *row.amount;
      }
      found->second = row.sold_on;
    }
    return {};
  }

  const sales::LedgerEntry& entry() const { return entry_; }

 private:
  std::unordered_map<std::string, std::optional<Date>> last_dates_;
  sales::LedgerEntry entry_;
};

}  // namespace

struct PartWriter::Impl {
  /// What is gathered of the month whose rows are coming.
  struct Month {
    std::optional<DateRange> range;  ///< nullopt: undated
    std::uint64_t rows = 0;
    ObjectEncoder encoder;
    cube::CubeBuilder cube;
    sales::LedgerBuilder ledger;

    Month(const sales::Schema& schema, sales::Normalizer& normalizer,
          const sales::SaleView& first_row)
        : cube(schema, normalizer), ledger(schema, normalizer) {
      if (first_row.sold_on) range = MonthOf(*first_row.sold_on);
    }

    bool holds(const sales::SaleView& row) const {
      return row.sold_on ? range && range->contains(*row.sold_on) : !range;
    }
    std::string name() const { return range ? range->start.ToMonth() : "undated"; }
  };

  sales::Schema schema;
  sales::Normalizer normalizer;
  Receive receive;
  CsvRowWriter csv;
  IdList ids;
  std::string piece;
  std::optional<Month> month;
  std::optional<sales::Sale> last;  ///< of the batch before
  std::vector<std::optional<std::string_view>> last_texts;

  Impl(const sales::Schema& table, const sales::Definitions& definitions, Receive receiver)
      : schema(table),
        normalizer(schema, definitions),
        receive(std::move(receiver)),
        csv(schema),
        ids(schema) {}

  Result<void> Add(const sales::SaleView* previous, const sales::SaleView& row) {
    if (previous != nullptr && sales::CompareCanonically(schema, *previous, row) > 0) {
      return Fail(ErrorCode::kInternal, "rows came out of canonical order");
    }
    if (row.sold_on && !row.sold_on->is_representable()) {
      return Fail(ErrorCode::kInternal, "a date outside 0001-9999 reached a part");
    }
    if (row.amount && !is_amount_in_range(*row.amount)) {
      return Fail(ErrorCode::kInvalidArgument,
                  "the table holds an amount of more than 18 digits, which no snapshot can hold");
    }
    if (!month || !month->holds(row)) {
      REVOPS_TRY(FinishMonth());
      month.emplace(schema, normalizer, row);
      piece = CsvHeader(schema);
    }
    const bool is_new_id = row.id && (previous == nullptr || previous->id != row.id ||
                                      previous->sold_on != row.sold_on);
    if (is_new_id && !ids.Add(*row.id)) {
      return Fail(ErrorCode::kInternal, "an id is not in shortest decimal");
    }
    csv.AppendRow(piece, row);
    if (piece.size() >= kPieceBytes) FlushPiece();
    month->cube.Add(row);
    month->ledger.Add(row);
    ++month->rows;
    return {};
  }

  void FlushPiece() {
    month->encoder.Append(piece);
    piece.clear();
  }

  Result<void> FinishMonth() {
    if (!month) return {};
    FlushPiece();
    EncodedPart part;
    part.part.month = month->name();
    part.part.rows = month->rows;
    part.part.ledger = month->ledger.ledger();
    EncodedObject rows = month->encoder.Finish("csv.zst");
    IdList::Content id_content = ids.Finish();
    if (!id_content.repeated.empty()) {
      REVOPS_TRY(CountRepeatedIds(rows, id_content.repeated, part.part.ledger));
    }
    EncodedObject id_lines = EncodeObject(id_content.lines, "ids.zst");
    EncodedObject cube = EncodeObject(EncodeCube(month->cube.Finish()), "cube.zst");
    month.reset();
    part.part.rows_object = rows.ref;
    part.part.ids_object = id_lines.ref;
    part.part.cube_object = cube.ref;
    part.objects.push_back(std::move(rows));
    part.objects.push_back(std::move(id_lines));
    part.objects.push_back(std::move(cube));
    return receive(std::move(part));
  }

  Result<void> CountRepeatedIds(const EncodedObject& rows, const std::vector<std::string>& repeated,
                                sales::Ledger& ledger) const {
    RepeatedIdCounter counter(repeated);
    REVOPS_TRY_ASSIGN(const std::string content, DecodeObject(rows.bytes, rows.ref));
    REVOPS_TRY(ReadRows(content, schema, counter));
    sales::LedgerEntry& entry = ledger[sales::LedgerReason::kDuplicateConflicting];
    entry.rows += counter.entry().rows;
    entry.amount += counter.entry().amount;
    return {};
  }
};

PartWriter::PartWriter(const sales::Schema& schema, const sales::Definitions& definitions,
                       Receive receive)
    : impl_(std::make_unique<Impl>(schema, definitions, std::move(receive))) {}

PartWriter::~PartWriter() = default;

Result<void> PartWriter::Write(std::span<const sales::SaleView> rows) {
  if (rows.empty()) return {};
  std::optional<sales::SaleView> last;
  if (impl_->last) last = sales::ToView(*impl_->last, impl_->last_texts);
  const sales::SaleView* previous = last ? &*last : nullptr;
  for (const sales::SaleView& row : rows) {
    REVOPS_TRY(impl_->Add(previous, row));
    previous = &row;
  }
  impl_->last = sales::ToSale(rows.back());
  return {};
}

Result<void> PartWriter::Finish() { return impl_->FinishMonth(); }

}  // namespace revops::snapshot
