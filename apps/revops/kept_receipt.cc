#include "apps/revops/kept_receipt.h"

#include "core/base/logging.h"

namespace revops::app {
namespace {

constexpr std::string_view kKey = "costs.txt";
constexpr std::chrono::minutes kBetweenWrites{1};

}  // namespace

KeptReceipt::KeptReceipt(std::unique_ptr<store::ObjectStore> store, const Clock& clock,
                         net::Pause& pause)
    : store_(std::move(store)), clock_(clock), pause_(pause) {
  if (store_ == nullptr) return;
  Load();
  thread_ = std::jthread([this](const std::stop_token& stop) { Keep(stop); });
}

KeptReceipt::~KeptReceipt() = default;

void KeptReceipt::Load() {
  const auto kept = store_->Get(kKey);
  if (!kept && kept.error().code == ErrorCode::kNotFound) return;
  auto receipt = kept ? warehouse::CostReceipt::Parse(kept->bytes)
                      : Result<warehouse::CostReceipt>(Fail(kept.error()));
  if (receipt) {
    receipt_ = *std::move(receipt);
  } else {
    LogError("receipt_starts_anew", receipt.error());
  }
}

void KeptReceipt::Count(const warehouse::Costs& more) {
  const std::scoped_lock lock(mutex_);
  receipt_.Add(Today(), more);
  sum_ += more;
  is_written_ = false;
  changed_.notify_all();
}

std::vector<std::pair<Date, warehouse::Costs>> KeptReceipt::days() const {
  const std::scoped_lock lock(mutex_);
  return receipt_.Until(Today());
}

warehouse::Costs KeptReceipt::sum() const {
  const std::scoped_lock lock(mutex_);
  return sum_;
}

void KeptReceipt::Keep(const std::stop_token& stop) {
  while (true) {
    std::string text;
    {
      std::unique_lock lock(mutex_);
      if (!changed_.wait(lock, stop, [this] { return !is_written_; })) return;
      is_written_ = true;
      text = receipt_.Encode();
    }
    const auto put = store_->Put(kKey, text, store::PutCondition::None());
    if (!put) {
      LogError("receipt_not_written", put.error());
      if (stop.stop_requested()) return;
      const std::scoped_lock lock(mutex_);
      is_written_ = false;
    }
    pause_.For(kBetweenWrites, stop);
  }
}

Date KeptReceipt::Today() const {
  const auto today = std::chrono::floor<std::chrono::days>(clock_.Now());
  return Date::FromDays(static_cast<std::int32_t>(today.time_since_epoch().count()));
}

}  // namespace revops::app
