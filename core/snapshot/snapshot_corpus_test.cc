#include <filesystem>

#include <gtest/gtest.h>

#include "fuzz/part_check.h"
#include "fuzz/replay.h"
#include "fuzz/snapshot_json_check.h"

namespace revops::snapshot {
namespace {

const std::filesystem::path kCorpus = "fuzz/corpus";
const std::filesystem::path kGoldens = "contracts/goldens/snapshot";

TEST(SnapshotJsonCorpus, KeepsEveryPromise) {
  EXPECT_GE(fuzz::Replay(kCorpus / "snapshot_json", fuzz::CheckSnapshotJson), 15U);
  EXPECT_GE(fuzz::Replay(kGoldens, fuzz::CheckSnapshotJson), 20U);
}

TEST(PartCorpus, KeepsEveryPromise) {
  EXPECT_GE(fuzz::Replay(kCorpus / "part", fuzz::CheckPart), 15U);
}

TEST(ObjectCorpus, KeepsEveryPromise) {
  EXPECT_GE(fuzz::Replay(kCorpus / "object", fuzz::CheckObject), 10U);
  EXPECT_GE(fuzz::Replay(kGoldens / "revops/objects", fuzz::CheckObject), 20U);
}

TEST(CubeCorpus, KeepsEveryPromise) {
  EXPECT_GE(fuzz::Replay(kCorpus / "cube", fuzz::CheckCube), 10U);
}

}  // namespace
}  // namespace revops::snapshot
