#include "core/store/memory/memory_store.h"

#include <memory>

#include <gtest/gtest.h>

#include "core/store/store_contract.h"

namespace revops::store {
namespace {

/// Passes every call on, so that several stores can share one memory.
class SharedStore final : public ObjectStore {
 public:
  explicit SharedStore(ObjectStore& shared) : shared_(shared) {}

  Result<Object> Get(std::string_view key) override { return shared_.Get(key); }
  Result<Version> Put(std::string_view key, std::string_view bytes,
                      const PutCondition& condition) override {
    return shared_.Put(key, bytes, condition);
  }
  Result<std::vector<ObjectInfo>> List(std::string_view prefix) override {
    return shared_.List(prefix);
  }
  Result<void> Delete(std::string_view key) override { return shared_.Delete(key); }

 private:
  ObjectStore& shared_;
};

class MemoryPlace final : public StorePlace {
 public:
  std::unique_ptr<ObjectStore> Open() override { return std::make_unique<SharedStore>(store_); }
  Instant Now() const override { return clock_.Now(); }

 private:
  SystemClock clock_;
  MemoryObjectStore store_{clock_};
};

INSTANTIATE_TEST_SUITE_P(Memory, StoreContract,
                         testing::Values(StoreAdapter{
                             .name = "Memory",
                             .make_place = [] { return std::make_unique<MemoryPlace>(); }}),
                         StoreAdapterName);

TEST(MemoryObjectStore, DatesObjectsByItsClock) {
  FakeClock clock(ParseInstant("2026-11-22T02:00:00Z").value());
  MemoryObjectStore store(clock);
  ASSERT_TRUE(store.Put("a", "1", PutCondition::None()));
  clock.Advance(std::chrono::hours(1));
  ASSERT_TRUE(store.Put("b", "22", PutCondition::None()));
  const auto infos = store.List("").value();
  ASSERT_EQ(infos.size(), 2U);
  EXPECT_EQ(ToString(infos[0].modified_at), "2026-11-22T02:00:00.000Z");
  EXPECT_EQ(ToString(infos[1].modified_at), "2026-11-22T03:00:00.000Z");
}

}  // namespace
}  // namespace revops::store
