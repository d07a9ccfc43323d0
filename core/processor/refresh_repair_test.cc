#include <gtest/gtest.h>

#include "core/processor/nights_testing.h"
#include "core/snapshot/pointer.h"
#include "core/snapshot/stored_manifest.h"
#include "core/snapshot/verify.h"

namespace revops::processor {
namespace {

enum class Harm { kFlipped, kGone };

/// A published snapshot of which one object after the other is harmed.
struct HarmedNight : Nights {
  explicit HarmedNight(bool has_tokens = true) {
    warehouse.has_tokens = has_tokens;
    warehouse.Edit([](auto& rows) {
      rows = {MakeSale("1", "2026-10-01"), MakeSale("2", "2026-11-01"), MakeSale("3", nullptr)};
    });
    EXPECT_TRUE(Refresh());
    clock.Advance(std::chrono::hours(1));
  }

  void Inflict(const std::string& key, Harm harm) {
    std::string bytes = store.Get(key).value().bytes;
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x10);
    ASSERT_TRUE(harm == Harm::kGone
                    ? store.Delete(key).has_value()
                    : store.Put(key, bytes, store::PutCondition::None()).has_value());
    ASSERT_FALSE(Damages().empty());
  }

  std::vector<snapshot::Damage> Damages() { return snapshot::Verify(store).value().damages; }

  RefreshOutcome Outcome(bool reads_anew = false) {
    RefreshRequest request;
    request.reads_anew = reads_anew;
    const auto report = RefreshInto(store, request);
    EXPECT_TRUE(report) << Describe(report.error());
    return report ? report->outcome : RefreshOutcome::kUnchanged;
  }

  /// The pointer is followed, and what it points to says what the table says.
  void ExpectServed() {
    const auto current = snapshot::OpenCurrent(store, nullptr);
    ASSERT_TRUE(current);
    ASSERT_TRUE(*current);
    EXPECT_FALSE((*current)->degraded);
    ExpectTruth();
  }
};

/// Of the objects of the current snapshot.
std::vector<std::string> SampleKeys() {
  const auto current = HarmedNight().Current();
  const std::set<std::string> keys = snapshot::ReferencedKeys(current->manifest());
  return {keys.begin(), keys.end()};
}

TEST(RefreshRepair, MendsEveryObjectThatWasHarmed) {
  const std::vector<std::string> keys = SampleKeys();
  ASSERT_GT(keys.size(), 15U);
  for (const std::string& key : keys) {
    for (const Harm harm : {Harm::kFlipped, Harm::kGone}) {
      for (const bool has_tokens : {true, false}) {
        SCOPED_TRACE(key);
        HarmedNight night(has_tokens);
        night.Inflict(key, harm);
        EXPECT_EQ(night.Outcome(), RefreshOutcome::kPublished);
        EXPECT_TRUE(night.Damages().empty());
        night.ExpectServed();
        EXPECT_EQ(night.Outcome(), RefreshOutcome::kUnchanged) << "mended once";
      }
    }
  }
}

TEST(RefreshRepair, SharesNothingThatWasHarmed) {
  for (const std::string& key : SampleKeys()) {
    SCOPED_TRACE(key);
    HarmedNight night;
    night.Inflict(key, Harm::kFlipped);
    // Another id changes the rows of the month, and not its totals.
    night.warehouse.Edit([](auto& rows) { rows[1].id = "22"; });
    EXPECT_EQ(night.Outcome(), RefreshOutcome::kPublished);
    const auto current = night.Current();
    ASSERT_TRUE(current);
    const auto needed = snapshot::ReferencedKeys(current->manifest());
    for (const snapshot::Damage& damage : night.Damages()) {
      EXPECT_FALSE(needed.contains(damage.key)) << "only the snapshot before needs it";
    }
    night.ExpectServed();
  }
}

TEST(RefreshRepair, MendsWhatDecayedWithoutATraceWhenItReadsAnew) {
  for (const std::string& key : SampleKeys()) {
    SCOPED_TRACE(key);
    HarmedNight night;
    night.clock.JumpTo(night.Pointer().computed_at);
    night.Inflict(key, Harm::kFlipped);
    EXPECT_EQ(night.Outcome(), RefreshOutcome::kUnchanged) << "verifying everything is too dear";
    EXPECT_FALSE(night.Damages().empty());
    EXPECT_EQ(night.Outcome(true), RefreshOutcome::kPublished);
    EXPECT_TRUE(night.Damages().empty());
    night.ExpectServed();
  }
}

TEST(RefreshRepair, MendsPointerAndManifest) {
  const std::string manifest = snapshot::ManifestKey(HarmedNight().Current()->id());
  for (const std::string& key : {std::string(snapshot::kPointerKey), manifest}) {
    for (const Harm harm : {Harm::kFlipped, Harm::kGone}) {
      SCOPED_TRACE(key);
      HarmedNight night;
      night.Inflict(key, harm);
      EXPECT_EQ(night.Outcome(), RefreshOutcome::kPublished);
      night.ExpectServed();
    }
  }
}

TEST(RefreshRepair, ReadsAnewOnlyWhenAsked) {
  HarmedNight night;
  const std::string before = night.Current()->id();
  EXPECT_EQ(night.Outcome(), RefreshOutcome::kUnchanged);
  EXPECT_EQ(night.Outcome(true), RefreshOutcome::kPublished);
  EXPECT_NE(night.Current()->id(), before);
  night.ExpectHistory(2);
}

}  // namespace
}  // namespace revops::processor
