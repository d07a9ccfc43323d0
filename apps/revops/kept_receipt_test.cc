#include "apps/revops/kept_receipt.h"

#include <condition_variable>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "core/store/memory/memory_store.h"

namespace revops::app {
namespace {

constexpr warehouse::Costs kOne{.statements = 1, .rows = 10};

/// A store that outlives who writes it, and tells of each Put.
class WatchedStore final : public store::ObjectStore {
 public:
  struct State {
    explicit State(const Clock& clock) : store(clock) {}

    void AwaitPuts(int count) {
      std::unique_lock lock(mutex);
      put.wait(lock, [&] { return puts >= count; });
    }
    std::string text() { return store.Get("costs.txt")->bytes; }

    store::MemoryObjectStore store;
    std::mutex mutex;
    std::condition_variable put;
    int puts = 0;
    bool fails = false;
    std::function<void()> during_put = [] {};
  };

  explicit WatchedStore(State& state) : state_(state) {}

  Result<store::Object> Get(std::string_view key) override { return state_.store.Get(key); }
  Result<store::Version> Put(std::string_view key, std::string_view bytes,
                             const store::PutCondition& condition) override {
    state_.during_put();
    const std::scoped_lock lock(state_.mutex);
    ++state_.puts;
    state_.put.notify_all();
    if (state_.fails) return Fail(ErrorCode::kResourceExhausted, "the disk is full");
    return state_.store.Put(key, bytes, condition);
  }
  Result<std::vector<store::ObjectInfo>> List(std::string_view prefix) override {
    return state_.store.List(prefix);
  }
  Result<void> Delete(std::string_view key) override { return state_.store.Delete(key); }

 private:
  State& state_;
};

/// Waits until it is stopped or let go.
class HeldPause final : public net::Pause {
 public:
  bool For(std::chrono::milliseconds time, const std::stop_token& stop) override {
    std::unique_lock lock(mutex_);
    last_ = time;
    ++begun_;
    changed_.notify_all();
    return changed_.wait(lock, stop, [&] { return released_ >= begun_; });
  }
  void AwaitBegun(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return begun_ >= count; });
  }
  void Release() {
    const std::scoped_lock lock(mutex_);
    ++released_;
    changed_.notify_all();
  }
  std::chrono::milliseconds last() {
    const std::scoped_lock lock(mutex_);
    return last_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  int begun_ = 0;
  int released_ = 0;
  std::chrono::milliseconds last_{0};
};

class KeptReceiptTest : public testing::Test {
 protected:
  std::unique_ptr<KeptReceipt> Open() {
    return std::make_unique<KeptReceipt>(std::make_unique<WatchedStore>(state_), clock_, pause_);
  }
  std::uint64_t StatementsToday(const KeptReceipt& receipt) {
    const auto days = receipt.days();
    return days.empty() ? 0 : days.front().second.statements;
  }

  FakeClock clock_{std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) -
                   std::chrono::milliseconds(1)};
  WatchedStore::State state_{clock_};
  HeldPause pause_;
};

TEST_F(KeptReceiptTest, CountsByUtcDayAndGoesOnAfterARestart) {
  auto receipt = Open();
  receipt->Count(kOne);
  receipt->Count(kOne);
  receipt.reset();
  clock_.Advance(std::chrono::milliseconds(1));
  receipt = Open();
  EXPECT_EQ(receipt->sum(), warehouse::Costs());
  receipt->Count(kOne);
  const auto days = receipt->days();
  ASSERT_EQ(days.size(), 2U);
  EXPECT_EQ(days[0].first.ToString(), "2026-11-23");
  EXPECT_EQ(days[0].second, kOne);
  EXPECT_EQ(days[1].second.statements, 2U);
  EXPECT_EQ(receipt->sum(), kOne);
}

TEST_F(KeptReceiptTest, WritesAtOnceThenOnceAMinuteAndAtTheEnd) {
  auto receipt = Open();
  receipt->Count(kOne);
  pause_.AwaitBegun(1);
  EXPECT_EQ(pause_.last(), std::chrono::minutes(1));
  for (int i = 0; i < 100; ++i) receipt->Count(kOne);
  EXPECT_EQ(state_.puts, 1);
  EXPECT_EQ(state_.text(), "revops costs 1\n2026-11-22 1 0 0 10 0 0 0 0\n");
  pause_.Release();
  pause_.AwaitBegun(2);
  EXPECT_EQ(state_.puts, 2);
  receipt->Count(kOne);
  receipt.reset();
  EXPECT_EQ(state_.puts, 3);
  EXPECT_EQ(state_.text(), "revops costs 1\n2026-11-22 102 0 0 1020 0 0 0 0\n");
}

TEST_F(KeptReceiptTest, LosesNothingThatIsCountedWhileItWritesForTheLastTime) {
  auto receipt = Open();
  receipt->Count(kOne);
  pause_.AwaitBegun(1);
  receipt->Count(kOne);
  KeptReceipt* const ending = receipt.get();
  state_.during_put = [ending, counted = false]() mutable {
    if (!std::exchange(counted, true)) ending->Count(kOne);
  };
  receipt.reset();
  EXPECT_EQ(StatementsToday(*Open()), 3U);
}

TEST_F(KeptReceiptTest, WritesNothingWhenNothingWasCounted) {
  Open().reset();
  EXPECT_EQ(state_.puts, 0);
}

TEST_F(KeptReceiptTest, StartsAnewWhenWhatIsKeptIsDamaged) {
  for (const char* damaged : {"", "revops costs 1\n2026-11-22 1 0", "\xff\xfe"}) {
    ASSERT_TRUE(state_.store.Put("costs.txt", damaged, store::PutCondition::None()));
    testing::internal::CaptureStderr();
    const auto receipt = Open();
    EXPECT_NE(testing::internal::GetCapturedStderr().find("receipt_starts_anew"),
              std::string::npos);
    EXPECT_TRUE(receipt->days().empty());
    receipt->Count(kOne);
    EXPECT_EQ(StatementsToday(*receipt), 1U);
  }
}

TEST_F(KeptReceiptTest, TriesAgainWhatCouldNotBeWritten) {
  auto receipt = Open();
  state_.fails = true;
  receipt->Count(kOne);
  pause_.AwaitBegun(1);
  state_.fails = false;
  pause_.Release();
  state_.AwaitPuts(2);
  receipt.reset();
  EXPECT_EQ(StatementsToday(*Open()), 1U);
}

TEST_F(KeptReceiptTest, EndsAlthoughItCannotWrite) {
  state_.fails = true;
  auto receipt = Open();
  receipt->Count(kOne);
  receipt.reset();
  EXPECT_GE(state_.puts, 1);
}

TEST_F(KeptReceiptTest, CountsWithoutAPlaceToKeepIt) {
  KeptReceipt receipt(nullptr, clock_, pause_);
  receipt.Count(kOne);
  EXPECT_EQ(StatementsToday(receipt), 1U);
}

}  // namespace
}  // namespace revops::app
