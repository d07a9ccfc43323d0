#include "core/processor/fake_warehouse.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/cube/cube.h"
#include "core/sales/normalize.h"

namespace revops::processor {
namespace {

using Texts = std::vector<std::optional<std::string_view>>;

bool is_less(const sales::Schema& schema, const sales::Sale& a, const sales::Sale& b) {
  Texts a_texts;
  Texts b_texts;
  return CompareCanonically(schema, ToView(a, a_texts), ToView(b, b_texts)) < 0;
}

std::uint64_t HashRow(const sales::Sale& sale) {
  std::string text = sale.id.value_or("\x01") + "\x02";
  text += sale.amount ? sale.amount->ToString() : "\x01";
  for (const auto& value : sale.texts) text += "\x02" + value.value_or("\x01");
  return std::hash<std::string>()(text + (sale.date_unrepresentable ? "!" : ""));
}

bool takes(const warehouse::DaySelection& days, const sales::Sale& sale) {
  if (!sale.sold_on) return days.undated;
  return std::any_of(days.ranges.begin(), days.ranges.end(),
                     [&](const DateRange& range) { return range.contains(*sale.sold_on); });
}

class FakeRead final : public warehouse::WarehouseRead {
 public:
  FakeRead(FakeWarehouse& warehouse, Instant began_at, int version, std::stop_token stop)
      : warehouse_(warehouse),
        began_at_(began_at),
        version_(version),
        token_("version " + std::to_string(version)),
        stop_(std::move(stop)),
        rows_(warehouse.rows()) {
    std::sort(rows_.begin(), rows_.end(), [&](const sales::Sale& a, const sales::Sale& b) {
      return is_less(warehouse.schema, a, b);
    });
  }

  Instant began_at() const override { return began_at_; }
  const sales::Schema& schema() const override { return warehouse_.schema; }
  std::optional<std::string> origin() const override { return warehouse_.origin; }
  std::optional<warehouse::ChangeToken> change_token() const override {
    return warehouse_.has_tokens ? std::optional(token_) : std::nullopt;
  }

  Result<warehouse::DayDigests> ReadDayDigests() override {
    ++warehouse_.calls.digests;
    REVOPS_TRY(CheckHistory());
    warehouse::DayDigests digests;
    digests.algorithm = warehouse_.algorithm;
    std::uint64_t sum = 0;
    for (const sales::Sale& sale : rows_) {
      if (digests.days.empty() || digests.days.back().sold_on != sale.sold_on) {
        digests.days.push_back({sale.sold_on, 0, {}});
        sum = 0;
      }
      sum += HashRow(sale);
      ++digests.days.back().rows;
      digests.days.back().digest = std::to_string(sum);
    }
    return digests;
  }

  Result<void> ReadDays(const warehouse::DaySelection& days, sales::SaleSink& sink) override {
    ++warehouse_.calls.row_reads;
    REVOPS_TRY(CheckHistory());
    std::vector<sales::Sale> selected;
    std::copy_if(rows_.begin(), rows_.end(), std::back_inserter(selected),
                 [&](const sales::Sale& sale) { return takes(days, sale); });
    if (warehouse_.loses_a_row) selected.pop_back();
    for (std::size_t at = 0; at < selected.size(); at += warehouse_.batch_size) {
      if (stop_.stop_requested()) return Fail(ErrorCode::kCancelled, "stopped");
      const std::size_t end = std::min(selected.size(), at + warehouse_.batch_size);
      REVOPS_TRY(WriteBatch({selected.begin() + static_cast<std::ptrdiff_t>(at),
                             selected.begin() + static_cast<std::ptrdiff_t>(end)},
                            sink));
    }
    return {};
  }

  Result<std::vector<cube::CubeCell>> AggregateDays(const warehouse::DaySelection& days) override {
    ++warehouse_.calls.aggregates;
    REVOPS_TRY(CheckHistory());
    sales::Normalizer normalizer(warehouse_.schema, warehouse_.definitions);
    cube::CubeBuilder builder(warehouse_.schema, normalizer);
    for (const sales::Sale& sale : rows_) {
      Texts texts;
      if (takes(days, sale)) builder.Add(ToView(sale, texts));
    }
    return cube::ToCells(builder.Finish());
  }

 private:
  Result<void> CheckHistory() const {
    if (warehouse_.keeps_history || warehouse_.version() == version_) return {};
    return Fail(ErrorCode::kUnavailable, "written to meanwhile",
                std::string(warehouse::kWrittenMeanwhile));
  }

  Result<void> WriteBatch(std::span<const sales::Sale> batch, sales::SaleSink& sink) {
    std::vector<Texts> texts(batch.size());
    std::vector<sales::SaleView> views;
    for (std::size_t i = 0; i < batch.size(); ++i) views.push_back(ToView(batch[i], texts[i]));
    warehouse_.calls.rows += views.size();
    warehouse_.on_batch();
    return sink.Write(views);
  }

  FakeWarehouse& warehouse_;
  Instant began_at_;
  int version_;
  warehouse::ChangeToken token_;
  std::stop_token stop_;
  std::vector<sales::Sale> rows_;
};

/// Fails after some batches.
class BreakingSink final : public sales::SaleSink {
 public:
  BreakingSink(const FaultyWarehouse& warehouse, sales::SaleSink& next)
      : warehouse_(warehouse), next_(next) {}

  Result<void> Write(std::span<const sales::SaleView> rows) override {
    REVOPS_TRY(warehouse_.CountBatch(++batches_));
    return next_.Write(rows);
  }

 private:
  const FaultyWarehouse& warehouse_;
  sales::SaleSink& next_;
  int batches_ = 0;
};

class FaultyRead final : public warehouse::WarehouseRead {
 public:
  FaultyRead(FaultyWarehouse& warehouse, std::unique_ptr<warehouse::WarehouseRead> beneath)
      : warehouse_(warehouse), beneath_(std::move(beneath)) {}

  Instant began_at() const override { return beneath_->began_at(); }
  const sales::Schema& schema() const override { return beneath_->schema(); }
  std::optional<std::string> origin() const override { return beneath_->origin(); }
  std::optional<warehouse::ChangeToken> change_token() const override {
    return beneath_->change_token();
  }
  Result<warehouse::DayDigests> ReadDayDigests() override {
    REVOPS_TRY(warehouse_.CountCall());
    return beneath_->ReadDayDigests();
  }
  Result<void> ReadDays(const warehouse::DaySelection& days, sales::SaleSink& sink) override {
    REVOPS_TRY(warehouse_.CountCall());
    BreakingSink breaking(warehouse_, sink);
    return beneath_->ReadDays(days, breaking);
  }
  Result<std::vector<cube::CubeCell>> AggregateDays(const warehouse::DaySelection& days) override {
    REVOPS_TRY(warehouse_.CountCall());
    return beneath_->AggregateDays(days);
  }

 private:
  FaultyWarehouse& warehouse_;
  std::unique_ptr<warehouse::WarehouseRead> beneath_;
};

}  // namespace

Result<std::unique_ptr<warehouse::WarehouseRead>> FakeWarehouse::BeginRead(std::stop_token stop) {
  ++calls.begins;
  std::unique_ptr<warehouse::WarehouseRead> read =
      std::make_unique<FakeRead>(*this, clock_.Now(), version_, std::move(stop));
  on_begin();
  return read;
}

Result<warehouse::RecentSales> FakeWarehouse::ReadRecentSales(const warehouse::LiveQuery&) {
  return Fail(ErrorCode::kUnsupported, "the fake warehouse has no live rows");
}

Result<warehouse::WarehouseReport> FakeWarehouse::Examine() {
  return warehouse::WarehouseReport{"fake", {}};
}

Result<void> FaultyWarehouse::CountCall() {
  if (++calls_ != failing_call_) return {};
  return Fail(ErrorCode::kUnavailable, "fails on purpose");
}

Result<void> FaultyWarehouse::CountBatch(int batch) const {
  if (last_batch_ < 0 || batch <= last_batch_) return {};
  return Fail(ErrorCode::kUnavailable, "breaks on purpose");
}

Result<std::unique_ptr<warehouse::WarehouseRead>> FaultyWarehouse::BeginRead(std::stop_token stop) {
  REVOPS_TRY(CountCall());
  REVOPS_TRY_ASSIGN(auto read, beneath_.BeginRead(std::move(stop)));
  return std::unique_ptr<warehouse::WarehouseRead>(
      std::make_unique<FaultyRead>(*this, std::move(read)));
}

Result<warehouse::RecentSales> FaultyWarehouse::ReadRecentSales(const warehouse::LiveQuery& query) {
  return beneath_.ReadRecentSales(query);
}

Result<warehouse::WarehouseReport> FaultyWarehouse::Examine() { return beneath_.Examine(); }

}  // namespace revops::processor
