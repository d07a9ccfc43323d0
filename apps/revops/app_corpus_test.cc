#include <gtest/gtest.h>

#include "fuzz/control_frames_check.h"
#include "fuzz/import_check.h"
#include "fuzz/replay.h"
#include "fuzz/settings_check.h"

namespace revops::app {
namespace {

TEST(SettingsCorpus, KeepsEveryPromise) {
  EXPECT_GE(fuzz::Replay("fuzz/corpus/settings", fuzz::CheckSettings), 10U);
}

TEST(ImportRowsCorpus, KeepsEveryPromise) {
  EXPECT_GE(fuzz::Replay("fuzz/corpus/import_rows", fuzz::CheckImportRows), 8U);
}

TEST(RowDocumentsCorpus, KeepsEveryPromise) {
  EXPECT_GE(fuzz::Replay("fuzz/corpus/row_documents", fuzz::CheckRowDocuments), 8U);
}

TEST(ControlFramesCorpus, KeepsEveryPromise) {
  EXPECT_GE(fuzz::Replay("fuzz/corpus/control_frames", fuzz::CheckControlFrames), 10U);
}

}  // namespace
}  // namespace revops::app
