#include "core/snapshot/manifest.h"

#include <gtest/gtest.h>

#include "core/base/sha256.h"
#include "core/snapshot/definitions_codec.h"
#include "core/snapshot/job.h"
#include "core/snapshot/pointer.h"
#include "core/snapshot/test_publisher.h"
#include "core/store/memory/memory_store.h"

namespace revops::snapshot {
namespace {

std::string Replaced(std::string text, std::string_view what, std::string_view by) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), by);
}

BuiltSnapshot Sample() {
  return BuildSnapshot(AwkwardRows(),
                       {At("2026-11-22T02:00:00.123Z"), HashKind::kRows, std::nullopt, {}})
      .value();
}

TEST(Manifest, ReadsBackWhatItWrites) {
  const Manifest manifest = Sample().manifest;
  const std::string bytes = Encode(manifest);
  const auto read = ParseManifest(bytes);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(Encode(*read), bytes);
  EXPECT_EQ(read->parts, manifest.parts);
  EXPECT_EQ(read->schema, manifest.schema);
  EXPECT_EQ(read->ledger, manifest.ledger);
  EXPECT_EQ(read->totals, manifest.totals);
  EXPECT_EQ(read->views, manifest.views);
  EXPECT_EQ(read->computed_at, manifest.computed_at);
}

TEST(Manifest, SaysWhoseRowsItHoldsWhereThatIsKnown) {
  Manifest manifest = Sample().manifest;
  EXPECT_EQ(Encode(manifest).find("origin"), std::string::npos);
  EXPECT_EQ(ParseManifest(Encode(manifest))->origin, std::nullopt);
  manifest.origin = "demo";
  EXPECT_EQ(ParseManifest(Encode(manifest))->origin, "demo");
}

TEST(Manifest, ProvesItself) {
  const Manifest manifest = Sample().manifest;
  std::string bytes = Encode(manifest);
  const std::string id = ManifestId(manifest, bytes);
  EXPECT_EQ(id, "20261122T020000Z-" + Sha256::Hex(bytes).substr(0, 8));
  EXPECT_EQ(ManifestKey(id), "revops/snapshots/" + id + ".json");
  EXPECT_TRUE(Proves(id, bytes));
  bytes[10] ^= 1;
  EXPECT_FALSE(Proves(id, bytes));
  EXPECT_FALSE(Proves("latest", bytes));
}

TEST(Manifest, IgnoresMembersThatItDoesNotKnow) {
  const std::string bytes =
      Replaced(Encode(Sample().manifest), "{\"format\":1", "{\"future\":[{}],\"format\":1");
  EXPECT_TRUE(ParseManifest(bytes));
}

TEST(Manifest, RefusesANewerFormat) {
  const auto read =
      ParseManifest(Replaced(Encode(Sample().manifest), "\"format\":1", "\"format\":2"));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kUnsupported);
}

TEST(Manifest, RefusesWhatDoesNotFit) {
  const std::string good = Encode(Sample().manifest);
  const std::pair<const char*, const char*> changes[] = {
      {"\"format\":1", "\"format\":\"1\""},
      {"\"format\":1", "\"format\":-1"},
      {"\"month\":\"2026-10\"", "\"month\":\"2026-11\""},
      {"\"month\":\"2026-10\"", "\"month\":\"2026-13\""},
      {"\"rows\":1,", "\"rows\":2,"},
      {"\"rows\":1,", "\"rows\":1e3,"},
      {"\"extension\":\"csv.zst\"", "\"extension\":\"../x\""},
      {"\"hash_kind\":\"rows\"", "\"hash_kind\":\"other\""},
      {"\"rows_object\":{", "\"rows_object\":null,\"x\":{"},
      {"\"role\":\"amount\"", "\"role\":\"text\""},
      {"\"zone\":\"UTC\"", "\"zone\":7"},
      {"\"business_date\":\"2026-11-22\"", "\"business_date\":\"2026-11-31\""},
      {"\"priced\":0", "\"priced\":100"},
      {"\"amount\":\"", "\"amount\":\"999999999999999999999999999999999999"},
      {"\"previous_id\"", "\"definitions_object\":null,\"previous_id\""},
  };
  for (const auto& [what, by] : changes) {
    const auto read = ParseManifest(Replaced(good, what, by));
    ASSERT_FALSE(read) << what << " → " << by;
    EXPECT_EQ(read.error().code, ErrorCode::kCorrupt);
  }
  for (const char* bytes : {"", "[]", "null", "{", "{}"}) EXPECT_FALSE(ParseManifest(bytes));
}

TEST(ContentHash, IsOfLinesThatAnyoneCanWrite) {
  std::vector<Part> parts(2);
  parts[0] = {"2026-10",
              3,
              ObjectRef{std::string(64, 'a'), "csv.zst", 9},
              std::nullopt,
              {std::string(64, 'c'), "cube.zst", 9},
              {}};
  parts[1] = {"undated",
              1,
              ObjectRef{std::string(64, 'b'), "csv.zst", 9},
              std::nullopt,
              {std::string(64, 'd'), "cube.zst", 9},
              {}};
  EXPECT_EQ(ContentHash(HashKind::kRows, parts),
            Sha256::Hex("2026-10 3 " + std::string(64, 'a') + "\nundated 1 " +
                        std::string(64, 'b') + "\n"));
  EXPECT_EQ(ContentHash(HashKind::kCube, parts),
            Sha256::Hex("2026-10 3 " + std::string(64, 'c') + "\nundated 1 " +
                        std::string(64, 'd') + "\n"));
}

Pointer SamplePointer() {
  Pointer pointer;
  pointer.sequence = 7;
  pointer.manifest = {"20261122T020000Z-1a2b3c4d", std::string(64, '1')};
  pointer.earlier = {{"20261121T020000Z-00000000", std::string(64, '2')}};
  pointer.data_as_of = At("2026-11-22T02:00:00Z");
  pointer.computed_at = At("2026-11-22T02:00:04.500Z");
  pointer.inputs_key = "key";
  return pointer;
}

TEST(Pointer, ReadsBackWhatItWrites) {
  Pointer pointer = SamplePointer();
  EXPECT_EQ(ParsePointer(Encode(pointer)).value(), pointer);
  pointer.last_scheduled_for = At("2026-11-22T02:00:00Z");
  EXPECT_EQ(ParsePointer(Encode(pointer)).value(), pointer);
}

TEST(Pointer, RefusesWhatDoesNotFit) {
  const std::string good = Encode(SamplePointer());
  const std::pair<const char*, const char*> changes[] = {
      {"20261122T020000Z-1a2b3c4d", "../../20261122T020000Z-1a2b3c4d"},
      {"20261122T020000Z-1a2b3c4d", "20261122T020000Z-1A2B3C4D"},
      {"1111", "111"},
      {"\"sequence\":7", "\"sequence\":7.5"},
      {"\"earlier\":[", "\"earlier\":[7,"},
      {"2026-11-22T02:00:00", "2026-11-22 02:00:00"},
  };
  for (const auto& [what, by] : changes) {
    const auto read = ParsePointer(Replaced(good, what, by));
    ASSERT_FALSE(read) << what << " → " << by;
    EXPECT_EQ(read.error().code, ErrorCode::kCorrupt);
  }
  const auto newer = ParsePointer(Replaced(good, "\"format\":1", "\"format\":2,\"manifest\":0"));
  ASSERT_FALSE(newer);
  EXPECT_EQ(newer.error().code, ErrorCode::kUnsupported);
}

TEST(DefinitionsCodec, ReadsBackWhatItWrites) {
  sales::Definitions definitions;
  definitions.version = 3;
  definitions.currency = "EUR";
  definitions.stage_aliases = {{"nego", "Negotiation"}};
  definitions.aliases = {{"region", {{"N", "North"}}}, {"product", {}}};
  EXPECT_EQ(ParseDefinitions(EncodeDefinitions(definitions)).value(), definitions);
  EXPECT_EQ(ParseDefinitions(EncodeDefinitions({})).value(), sales::Definitions());
}

TEST(DefinitionsCodec, RefusesWhatDoesNotFit) {
  const std::string good = EncodeDefinitions({});
  EXPECT_FALSE(ParseDefinitions(Replaced(good, "\"open\":\"open\"", "\"open\":\"opened\"")));
  EXPECT_FALSE(ParseDefinitions(Replaced(good, "\"Proposal\"", "7")));
  EXPECT_FALSE(ParseDefinitions(Replaced(good, "\"aliases\":{}", "\"aliases\":{\"region\":7}")));
  EXPECT_FALSE(ParseDefinitions(Replaced(good, "\"version\":1", "\"version\":9999999999")));
}

RefreshJob SampleJob() {
  RefreshJob job;
  job.id = "0123456789abcdef0123456789abcdef";
  job.state = JobState::kRunning;
  job.requested_by = "person";
  job.started_at = At("2026-11-22T02:00:00Z");
  job.steps[0] = {StepState::kDone, 1, 1, "days"};
  job.steps[1].state = StepState::kSkipped;
  job.steps[2] = {StepState::kRunning, 1, 2, "rows"};
  return job;
}

TEST(Job, IsKeptInTheStore) {
  const FakeClock clock(At("2026-11-22T02:00:00Z"));
  store::MemoryObjectStore store(clock);
  RefreshJob job = SampleJob();
  ASSERT_TRUE(SaveJob(store, job));
  EXPECT_EQ(EncodeJob(LoadJob(store, job.id).value()), EncodeJob(job));
  job.state = JobState::kFailed;
  job.ended_at = At("2026-11-22T02:01:00Z");
  job.error = Error{ErrorCode::kUnavailable, "the warehouse sleeps", {}, {}};
  ASSERT_TRUE(SaveJob(store, job));
  EXPECT_EQ(EncodeJob(LoadJob(store, job.id).value()), EncodeJob(job));
  for (const char* id : {"", "../current", "fedcba98765432100123456789abcdef"}) {
    EXPECT_EQ(LoadJob(store, id).error().code, ErrorCode::kNotFound) << id;
  }
}

TEST(Job, ShowsProgressFromItsSteps) {
  RefreshJob job = SampleJob();
  EXPECT_EQ(job.progress_percent(), 50);
  EXPECT_NE(EncodeJob(job).find("\"progress\":50,"), std::string::npos);
  for (StepProgress& step : job.steps) step.state = StepState::kDone;
  EXPECT_EQ(job.progress_percent(), 99) << "100 is for jobs that have ended";
  job.state = JobState::kSucceeded;
  EXPECT_EQ(job.progress_percent(), 100);
}

}  // namespace
}  // namespace revops::snapshot
