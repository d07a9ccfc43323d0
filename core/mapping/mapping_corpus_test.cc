#include <gtest/gtest.h>

#include "fuzz/mapping_check.h"
#include "fuzz/replay.h"

namespace revops::mapping {
namespace {

TEST(MappingTomlCorpus, KeepsEveryPromise) {
  EXPECT_GE(fuzz::Replay("fuzz/corpus/mapping_toml", fuzz::CheckMappingToml), 6U);
}

TEST(InspectionJsonCorpus, KeepsEveryPromise) {
  EXPECT_GE(fuzz::Replay("fuzz/corpus/inspection_json", fuzz::CheckInspectionJson), 5U);
}

TEST(ForeignValueCorpus, KeepsEveryPromise) {
  EXPECT_GE(fuzz::Replay("fuzz/corpus/foreign_value", fuzz::CheckForeignValue), 10U);
}

}  // namespace
}  // namespace revops::mapping
