#include "core/snapshot/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/snapshot/snapshot.h"
#include "core/snapshot/stored_manifest.h"
#include "core/snapshot/test_publisher.h"
#include "core/store/faulty_store.h"
#include "core/store/memory/memory_store.h"

namespace revops::snapshot {
namespace {

using testing::HasSubstr;

class VerifyTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(PublishRows(store_, SampleRows(), At("2026-11-21T02:00:00Z")));
    id_ = PublishRows(store_, AwkwardRows(), At("2026-11-22T02:00:00Z")).value();
    manifest_ = ReadManifest(store_, id_).value();
  }

  std::vector<Damage> Damages() { return Verify(store_).value().damages; }

  /// Stores and points to a manifest that proves itself and says something wrong.
  template <class Change>
  std::vector<Damage> DamagesAfter(Change change) {
    Manifest manifest = manifest_;
    change(manifest);
    const std::string bytes = Encode(manifest);
    const std::string key = ManifestKey(ManifestId(manifest, bytes));
    EXPECT_TRUE(store_.Put(key, bytes, store::PutCondition::None()));
    std::vector<Damage> damages = Damages();
    EXPECT_TRUE(store_.Delete(key));
    return damages;
  }

  ObjectRef Store(std::string_view content, std::string_view extension) {
    const EncodedObject object = EncodeObject(content, extension);
    EXPECT_TRUE(store_.Put(object.ref.key(), object.bytes, store::PutCondition::None()));
    return object.ref;
  }

  FakeClock clock_{At("2026-11-22T02:00:00Z")};
  store::MemoryObjectStore store_{clock_};
  std::string id_;
  Manifest manifest_;
};

TEST_F(VerifyTest, FindsNothingInAWholeStore) {
  const auto report = Verify(store_);
  ASSERT_TRUE(report);
  EXPECT_THAT(report->damages, testing::IsEmpty());
  EXPECT_EQ(report->snapshots, 2U);
  EXPECT_GT(report->objects, 20U);
  EXPECT_GT(report->bytes, 1000U);
  store::MemoryObjectStore empty(clock_);
  EXPECT_TRUE(Verify(empty)->damages.empty());
}

TEST_F(VerifyTest, FindsEveryDamagedOrMissingObject) {
  for (const ObjectRef& ref : References(manifest_)) {
    const store::Object object = store_.Get(ref.key()).value();
    std::string bytes = object.bytes;
    bytes[bytes.size() / 2] ^= 1;
    ASSERT_TRUE(store_.Put(ref.key(), bytes, store::PutCondition::None()));
    ASSERT_EQ(Damages().size(), 1U) << ref.key();
    EXPECT_EQ(Damages()[0].key, ref.key());
    ASSERT_TRUE(store_.Delete(ref.key()));
    ASSERT_EQ(Damages().size(), 1U) << ref.key();
    EXPECT_EQ(Damages()[0].what, "is missing");
    ASSERT_TRUE(store_.Put(ref.key(), object.bytes, store::PutCondition::None()));
  }
  EXPECT_TRUE(Damages().empty());
}

TEST_F(VerifyTest, FindsADamagedManifestAndPointer) {
  const std::string bytes = store_.Get(ManifestKey(id_))->bytes;
  ASSERT_TRUE(store_.Put(ManifestKey(id_), bytes + " ", store::PutCondition::None()));
  EXPECT_EQ(Damages().size(), 2U) << "the manifest, and that the pointer names it";
  ASSERT_TRUE(store_.Put(ManifestKey(id_), bytes, store::PutCondition::None()));
  ASSERT_TRUE(store_.Put(kPointerKey, "{}", store::PutCondition::None()));
  EXPECT_EQ(Damages().size(), 1U);
  ASSERT_TRUE(store_.Delete(kPointerKey));
  ASSERT_EQ(Damages().size(), 1U);
  EXPECT_EQ(Damages()[0].key, kPointerKey);
}

TEST_F(VerifyTest, FindsAPointerToAnotherManifest) {
  StoredPointer stored = ReadPointer(store_).value().value();
  stored.pointer.manifest.sha256 = std::string(64, '0');
  ASSERT_TRUE(store_.Put(kPointerKey, Encode(stored.pointer), store::PutCondition::None()));
  ASSERT_EQ(Damages().size(), 1U);
  EXPECT_THAT(Damages()[0].what, HasSubstr("another hash"));
}

TEST_F(VerifyTest, FindsAManifestThatItsRowsDoNotGive) {
  EXPECT_THAT(DamagesAfter([](Manifest& m) { m.content_hash = std::string(64, '0'); })[0].what,
              HasSubstr("content_hash"));
  EXPECT_THAT(DamagesAfter([](Manifest& m) {
                m.totals[sales::Status::kOpen].amount += Money::FromCents(1);
              })[0]
                  .what,
              HasSubstr("totals"));
  EXPECT_THAT(
      DamagesAfter([](Manifest& m) { m.ledger[sales::LedgerReason::kAmountMissing].rows += 1; })[0]
          .what,
      HasSubstr("ledger"));
  EXPECT_THAT(DamagesAfter([](Manifest& m) { m.views["by-stage"] = m.views["by-region"]; })[0].what,
              HasSubstr("other totals"));
  EXPECT_THAT(DamagesAfter([](Manifest& m) { m.views.erase("by-stage"); })[0].what,
              HasSubstr("by-stage"));
}

TEST_F(VerifyTest, FindsAPartThatItsRowsDoNotGive) {
  EXPECT_FALSE(DamagesAfter([](Manifest& m) {
                 m.parts[0].cube_object = m.parts[2].cube_object;
                 m.content_hash = ContentHash(m.hash_kind, m.parts);
               }).empty());
  EXPECT_FALSE(DamagesAfter([&](Manifest& m) {
                 m.parts[0].ids_object = Store("-3\n-2\n", "ids.zst");
               }).empty());
  EXPECT_FALSE(DamagesAfter([&](Manifest& m) {
                 m.parts[0].rows_object = Store("SALE_ID\n", "csv.zst");
                 m.content_hash = ContentHash(m.hash_kind, m.parts);
               }).empty());
  EXPECT_FALSE(DamagesAfter([](Manifest& m) {
                 m.parts[0].ledger[sales::LedgerReason::kAmountZero].rows += 1;
                 m.ledger[sales::LedgerReason::kAmountZero].rows += 1;
               }).empty());
  EXPECT_FALSE(DamagesAfter([](Manifest& m) {
                 m.parts[0].month = "2026-09";
                 m.content_hash = ContentHash(m.hash_kind, m.parts);
               }).empty());
}

TEST_F(VerifyTest, AcceptsWhatRowsCannotTell) {
  EXPECT_TRUE(DamagesAfter([](Manifest& m) {
                const sales::LedgerEntry entry{1, {}};
                m.parts.back().ledger[sales::LedgerReason::kDateUnrepresentable] = entry;
                m.ledger[sales::LedgerReason::kDateUnrepresentable] = entry;
              }).empty());
}

TEST_F(VerifyTest, FailsOnlyWhenTheStoreIsAway) {
  store::FaultyObjectStore counting(store_);
  ASSERT_TRUE(Verify(counting));
  for (int call = 1; call <= counting.calls(); ++call) {
    store::FaultyObjectStore faulty(store_);
    faulty.FailCall(call);
    const auto report = Verify(faulty);
    ASSERT_FALSE(report) << call;
    EXPECT_EQ(report.error().code, ErrorCode::kUnavailable);
  }
}

}  // namespace
}  // namespace revops::snapshot
